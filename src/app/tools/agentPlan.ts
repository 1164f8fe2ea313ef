import type { Store } from '../../store/store.js';
import { Plan } from '../plan.js';
import type { Automation, World } from '../ports.js';
import { References } from '../references/references.js';
import { Tasks } from '../tasks/tasks.js';
import { reviewBulk } from './bulkLimit.js';
import type { Tool, ToolCall, Workbench } from './tool.js';

/** One call: who makes it, what a person agreed to, and what there is to say beside its result. */
export interface Caller {
  readonly actor: string;
  /** So many tasks may change at once: somebody was asked. */
  readonly confirmed?: number | undefined;
  readonly notes: string[];
}

/** Whose call the running code belongs to, over everything that it waits for: Node's `AsyncLocalStorage`. */
export interface Callers {
  run<R>(caller: Caller, work: () => R): R;
  getStore(): Caller | undefined;
}

/** The tools' surroundings beside the plan itself. */
type Parts = Omit<Workbench, 'plan' | 'tasks' | 'references'>;

interface AgentPlanOptions {
  /** `actor`, `tell` and `review` are those of the calls. */
  readonly world: World;
  readonly callers: Callers;
  /** In whose name it is worked between the calls. */
  readonly nameless: string;
  /** Tasks that one call changes at most without a person's consent. */
  readonly bulkLimit: number;
  /** Where it is said what no call waits for. */
  readonly log: (message: string) => void;
  /** Hooks and plugins, told in the callers' names; `hear` is for what they say. */
  readonly automation: (world: World, hear: (message: string) => void) => Automation;
  readonly parts: Parts;
}

/** A plan that agents work on, whatever the protocol: each call in the name of its caller, within what a person agreed to. */
export class AgentPlan {
  readonly bench: Workbench;
  readonly #store: Store;
  readonly #callers: Callers;

  constructor(store: Store, { callers, nameless, bulkLimit, log, parts, ...options }: AgentPlanOptions) {
    const tell = (message: string) => void (callers.getStore()?.notes.push(message) ?? log(message));
    const world: World = {
      ...options.world,
      actor: () => callers.getStore()?.actor ?? nameless,
      tell,
      review: (transaction) => reviewBulk(transaction, bulkLimit, callers.getStore()?.confirmed),
    };
    const plan = new Plan(store, { ...world, automation: options.automation(world, tell) });
    const references = new References(plan);
    this.#store = store;
    this.#callers = callers;
    this.bench = { ...parts, plan, references, tasks: new Tasks(plan, references) };
  }

  /** Works in the name of a caller, on the newest state. */
  run<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    return this.#callers.run(caller, () => {
      this.#store.refresh();
      return work();
    });
  }

  /** Calls a tool; its reply, with what there is to say beside it. Throws what the tool does. */
  async call(tool: Tool, given: unknown, caller: Caller, how: ToolCall): Promise<Record<string, unknown>> {
    const reply = await this.run(caller, () => tool.call(this.bench, given, how));
    return caller.notes.length > 0 ? { ...reply, notes: caller.notes } : reply;
  }

  dispose(): void {
    this.bench.plan.dispose();
  }
}
