import { counted } from '../../../core/model/counted.js';
import { InvalidInputError, OrchestratorError } from '../../../core/model/errors.js';
import { formatPlace } from '../../../core/model/fileReference.js';
import type { Task } from '../../../core/model/task.js';
import { taskName } from '../../../core/model/taskId.js';
import type { ModelAnswer } from '../../../core/planning/expansion/answer.js';
import { assemble, type Wanted } from '../../../core/planning/expansion/assemble.js';
import { type ExpansionParts, MOST_TASKS, type Subtask } from '../../../core/planning/expansion/expandedTask.js';
import { composePrompt, type Subject } from '../../../core/planning/expansion/prompt.js';
import { fromTemplate } from '../../../core/planning/expansion/template.js';
import { readTask, resolveTask } from '../../../store/repositories/taskRows.js';
import { type Output, parseInput } from '../../input.js';
import type { Plan } from '../../plan.js';
import type { ModelProvider, ModelSource } from '../../ports.js';
import type { References } from '../../references/references.js';
import type { Tasks } from '../../tasks/tasks.js';
import { acceptExpansion } from './accept.js';
import { Asking, type AskingProgress } from './asking.js';
import {
  type AcceptExpansionInput,
  type AcceptedExpansion,
  type ExpandedTask,
  type ExpandTaskInput,
  expandTaskInput,
} from './expansionInputs.js';

/** A subtask of more hours is broken down further, where more levels are wanted. */
const LARGE = 8;
/** Questions to models that one expansion asks at most, unless its provider wants fewer. */
const MOST_REQUESTS = 12;

/** How an expansion is followed and stopped. */
export interface ExpansionControl {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: AskingProgress) => void) | undefined;
}

type Options = Output<typeof expandTaskInput>;

/** Where the first level came from. */
interface Found {
  readonly answer: ModelAnswer;
  readonly model: string;
  /** Absent for the template. */
  readonly provider?: ModelProvider;
}

/** Breaking a task down into subtasks, steps, test and documentation tasks: first as a proposal, then as tasks. */
export class Expansion {
  readonly #plan: Plan;
  readonly #tasks: Tasks;
  readonly #references: References;
  readonly #models: ModelSource;

  constructor(plan: Plan, tasks: Tasks, references: References, models: ModelSource) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#references = references;
    this.#models = models;
  }

  /**
   * A proposal; nothing is stored. Throws NOT_FOUND, INVALID_INPUT, INVALID_TRANSITION for a task that is closed,
   * PROVIDER_UNAVAILABLE and TIMEOUT where the provider that was asked for cannot answer, and the signal's reason when it is
   * aborted.
   */
  async propose(input: ExpandTaskInput, { signal, onProgress }: ExpansionControl = {}): Promise<ExpandedTask> {
    const options = parseInput(expandTaskInput, input);
    const start = this.#plan.now();
    const task = readTask(this.#plan.store, resolveTask(this.#plan.store, options.task));
    const subject = this.#subjectOf(task);
    const depth = levelsFor(task, subject.partOf.length, options);
    const { model, maxTokens, temperature } = options;
    const asking = new Asking({
      model,
      maxTokens,
      temperature,
      signal: signal ?? new AbortController().signal,
      onProgress,
    });
    if (depth < options.depth)
      asking.warn(
        `Broken down ${counted(depth, 'level')} deep, not ${options.depth}: more than ${counted(options.maxDepth, 'level')} below the topmost task are not wanted (max_depth).`,
      );
    const wanted = wantedOf(options);
    const found = await this.#first(asking, subject, task, wanted, options.provider);
    const parts = await this.#deepen(asking, assemble(found.answer, wanted), { found, wanted, depth, subject });
    return {
      originalTaskId: task.id,
      originalTask: { id: task.id, number: task.number, name: taskName(task.number), title: task.title },
      ...toLists(parts),
      metadata: {
        expansionDepth: Math.max(0, ...parts.subtasks.map(({ id }) => id.split('.').length)),
        provider: found.provider?.name ?? 'template',
        model: found.model,
        tokenUsage: found.provider ? asking.usage : null,
        confidence: null,
        processingTime: Math.max(0, Date.parse(this.#plan.now()) - Date.parse(start)),
        warnings: [...asking.warnings],
        requests: asking.requests,
        basis: found.provider ? 'model' : 'template',
        createdAt: start,
      },
    };
  }

  /**
   * Creates the chosen items of a proposal as one change: all of them or none. Throws INVALID_INPUT for a proposal that was
   * damaged, NOT_FOUND where its task is gone, and CONFLICT where a subtask of that title is there already.
   */
  accept(input: AcceptExpansionInput): Promise<AcceptedExpansion> {
    return acceptExpansion({ plan: this.#plan, tasks: this.#tasks, references: this.#references }, input);
  }

  /** The first level: from the provider that was asked for, else from the first that answers, else from the template. */
  async #first(
    asking: Asking,
    subject: Subject,
    task: Task,
    wanted: Wanted,
    chosen?: Options['provider'],
  ): Promise<Found> {
    const prompt = composePrompt(subject, wanted);
    const sure = chosen !== undefined && chosen !== 'auto' && chosen !== 'template';
    const all = chosen === 'template' ? [] : await this.#models.providers();
    const providers = sure ? all.filter(({ name }) => name === chosen) : all;
    if (sure && providers.length === 0)
      throw new OrchestratorError(
        'PROVIDER_UNAVAILABLE',
        `${NOT_HERE[chosen] ?? `${chosen} is not set up here`}. ${WAY_OUT}`,
        { provider: chosen, reason: 'not here' },
      );
    for (const provider of providers) {
      try {
        if (provider.unavailable !== undefined)
          throw new OrchestratorError('PROVIDER_UNAVAILABLE', `${provider.label}: ${provider.unavailable}`, {
            provider: provider.name,
            reason: 'not set up',
          });
        return { ...(await asking.ask(provider, prompt)), provider };
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (sure) throw new OrchestratorError(error.code, `${error.message} ${WAY_OUT}`, error.details);
        asking.warn(error.message);
      }
    }
    const { template, answer } = fromTemplate(task);
    asking.warn(
      `This is a fixed template for “${template}”: no model has read the task, and there are no hours in it.`,
    );
    return { answer, model: `template:${template}` };
  }

  /** Breaks large subtasks down, the largest first, as far as levels, questions and the number of tasks allow. */
  async #deepen(
    asking: Asking,
    first: ExpansionParts,
    { found, wanted, depth, subject }: { found: Found; wanted: Wanted; depth: number; subject: Subject },
  ): Promise<ExpansionParts> {
    const subtasks = [...first.subtasks];
    const implementationSteps = [...first.implementationSteps];
    const { provider } = found;
    const most = Math.min(provider?.mostRequests ?? MOST_REQUESTS, MOST_REQUESTS);
    let level: readonly Subtask[] = first.subtasks;
    for (let at = 1; at < depth && provider; at += 1) {
      const below: Subtask[] = [];
      const large = level.filter(({ estimatedEffort }) => (estimatedEffort ?? 0) > LARGE);
      for (const subtask of [...large].sort((a, b) => (b.estimatedEffort ?? 0) - (a.estimatedEffort ?? 0))) {
        if (asking.requests + 2 > most) {
          asking.warn(
            `${subtask.id} and smaller ones were not broken down: ${most} questions are the most for one expansion.`,
          );
          break;
        }
        const parts = await this.#part(asking, provider, subtask, { wanted, subject, above: subtasks });
        if (parts === undefined) continue;
        if (subtasks.length + below.length + parts.subtasks.length > MOST_TASKS) {
          asking.warn(`${subtask.id} was not broken down: ${MOST_TASKS} subtasks are the most.`);
          continue;
        }
        below.push(...parts.subtasks);
        implementationSteps.push(...parts.implementationSteps);
      }
      subtasks.push(...below);
      level = below;
    }
    return { ...first, subtasks: inTreeOrder(subtasks), implementationSteps };
  }

  /** One subtask's own parts; undefined, with a warning, where the model does not give any that can be used. */
  async #part(
    asking: Asking,
    provider: ModelProvider,
    subtask: Subtask,
    { wanted, subject, above }: { wanted: Wanted; subject: Subject; above: readonly Subtask[] },
  ): Promise<ExpansionParts | undefined> {
    const path = subtask.id.split('.');
    const titles = path
      .slice(1)
      .flatMap((_, at) => above.find(({ id }) => id === path.slice(0, at + 1).join('.'))?.title ?? []);
    const inner: Subject = {
      ...{ title: subtask.title, description: subtask.description, type: subtask.type, priority: subtask.priority },
      ...{ tags: subject.tags, codeLanguage: subject.codeLanguage, files: subject.files },
      ...(subtask.estimatedEffort !== null && { estimatedHours: subtask.estimatedEffort }),
      criteria: subtask.acceptanceCriteria,
      partOf: [...subject.partOf, subject.title, ...titles],
      existingSubtasks: [],
      dependsOn: above.filter(({ id }) => subtask.dependencies.includes(id)).map(({ title }) => title),
    };
    try {
      const { answer } = await asking.ask(provider, composePrompt(inner, wanted, true), subtask.title);
      return assemble(answer, wanted, subtask);
    } catch (error) {
      if (!isFailure(error)) throw error;
      asking.warn(`${subtask.id} was not broken down: ${error.message}`);
      return undefined;
    }
  }

  #subjectOf(task: Task): Subject {
    const { graph } = this.#plan;
    const node = graph.require(task.id);
    const partOf: string[] = [];
    for (let parent = task.parent; parent !== undefined; ) {
      const above = graph.get(parent)?.task;
      if (!above) break;
      partOf.unshift(above.title);
      parent = above.parent;
    }
    const titles = (nodes: Iterable<{ readonly task: { readonly number: number; readonly title: string } }>) =>
      [...nodes]
        .map((one) => one.task)
        .sort((a, b) => a.number - b.number)
        .map(({ title }) => title);
    const { title, description, type, priority, tags, codeLanguage, context, estimatedHours } = task;
    return {
      ...{ title, description, type, priority, tags, codeLanguage, context, estimatedHours, partOf },
      criteria: task.criteria.map(({ criterion }) => criterion),
      existingSubtasks: titles(node.subtasks),
      dependsOn: titles(node.dependsOn.keys()),
      files: this.#references.of(task.id).map(formatPlace),
    };
  }
}

/** Why a model that only some programs have is not there. */
const NOT_HERE: Readonly<Partial<Record<string, string>>> = {
  vscode: 'The editor’s language model can be asked in VS Code only',
  client:
    'The model of an MCP client can be asked by that client only, with expand_task, and not where the settings say “template”',
};

const WAY_OUT =
  'Set up another one (ANTHROPIC_API_KEY, OPENAI_API_KEY, or TM_MODEL_BASE_URL), leave the choice to “auto”, or take “template”, which asks nobody.';

function isFailure(error: unknown): error is OrchestratorError {
  return error instanceof OrchestratorError && (error.code === 'PROVIDER_UNAVAILABLE' || error.code === 'TIMEOUT');
}

/** How many levels may be added. Throws what keeps the task from being expanded at all. */
function levelsFor({ number, status }: Task, above: number, { depth, maxDepth }: Options): number {
  const name = taskName(number);
  if (status === 'completed' || status === 'cancelled')
    throw new OrchestratorError('INVALID_TRANSITION', `${name} is ${status}: reopen it before you break it down.`);
  const room = maxDepth - above;
  if (room < 1)
    throw new InvalidInputError(
      'max_depth',
      `${name} is ${counted(above, 'level')} below its topmost task, and max_depth is ${maxDepth}: give a larger one, up to 10.`,
    );
  return Math.min(depth, room);
}

function wantedOf({ includeTests, includeDocumentation, includeImplementation }: Options): Wanted {
  return { tests: includeTests, documentation: includeDocumentation, implementation: includeImplementation };
}

/** Each subtask after the one that it is a part of, by the numbers in their ids. */
function inTreeOrder(subtasks: readonly Subtask[]): Subtask[] {
  const numbers = ({ id }: Subtask) => id.slice(1).split('.').map(Number);
  return [...subtasks].sort((a, b) => {
    const [one, other] = [numbers(a), numbers(b)];
    const at = one.findIndex((number, index) => number !== other[index]);
    return at === -1 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? 0);
  });
}

/** The same as the lists that the schema's type has. */
function toLists(parts: ExpansionParts): Pick<ExpandedTask, keyof ExpansionParts> {
  return structuredClone(parts) as Pick<ExpandedTask, keyof ExpansionParts>;
}
