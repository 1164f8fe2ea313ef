import { AsyncLocalStorage } from 'node:async_hooks';
import type * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { AgentPlan, type Caller } from '../../app/tools/agentPlan.js';
import { BULK_LIMIT } from '../../app/tools/bulkLimit.js';
import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import { gitCommits } from '../../platform/gitCommits.js';
import { storeExists } from '../../platform/storeLocation.js';
import { localWorld } from '../../platform/world.js';
import { chosenModels } from '../ai/chosenModels.js';
import { surroundingsOf } from '../planning/openComplexity.js';
import { folderAutomation } from '../workspace/folderAutomation.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';

export interface AgentPlansParts {
  readonly folders: PlanFolders;
  readonly problems: Problems;
  readonly secrets: vscode.SecretStorage;
  /** The folder with `tm.js`. */
  readonly product: string;
  /** In whose name the editor's agents act. */
  readonly agent: () => string;
}

/** The window's plans as the editor's agents work on them: on the open stores, in their own name. */
export class AgentPlans {
  readonly #parts: AgentPlansParts;
  readonly #plans = new WeakMap<Orchestrator, AgentPlan>();

  constructor(parts: AgentPlansParts) {
    this.#parts = parts;
  }

  /**
   * The plan of the folder that is named, or the only one. Throws NOT_FOUND where there is no such folder, INVALID_INPUT
   * where several are meant by the name, or nothing says which: a model must not hit the wrong plan.
   */
  async find(folder: string | undefined): Promise<AgentPlan> {
    const found = this.#choose(folder);
    const orchestrator = await found.load();
    const known = this.#plans.get(orchestrator);
    if (known) return known;
    const plan = this.#open(orchestrator, found);
    this.#plans.set(orchestrator, plan);
    return plan;
  }

  #choose(named: string | undefined): PlanFolder {
    const { all, distinct } = this.#parts.folders;
    if (all.length === 0)
      throw new NotFoundError('The window has no folder, so there is no plan. Ask the person to open one.');
    if (named !== undefined) return only(all, named);
    const planned = distinct.filter(({ location }) => storeExists(location));
    const [first, second] = planned.length > 0 ? planned : distinct;
    if (first && !second) return first;
    throw new InvalidInputError(
      'folder',
      `The window has several plans. Say which one with folder: ${namesOf(planned.length > 0 ? planned : distinct)}.`,
    );
  }

  #open({ plan: { store } }: Orchestrator, { location }: PlanFolder): AgentPlan {
    const { agent, problems, product, secrets } = this.#parts;
    const world = localWorld(location, agent);
    return new AgentPlan(store, {
      world,
      callers: new AsyncLocalStorage<Caller>(),
      nameless: agent(),
      bulkLimit: BULK_LIMIT,
      log: (message) => problems.tell(message.split('\n')),
      automation: (asked, hear) => folderAutomation(location, asked, product, problems, hear),
      parts: {
        surroundings: () => surroundingsOf(location.root),
        models: () => chosenModels(world.folder, secrets),
        repository: () => gitCommits(location.root),
      },
    });
  }
}

function only(all: readonly PlanFolder[], named: string): PlanFolder {
  const found = all.filter(({ name, key }) => name === named || key === named);
  const [first, second] = found;
  if (first && !second) return first;
  if (!first) throw new NotFoundError(`The window has no folder “${named.slice(0, 80)}”: it has ${namesOf(all)}.`);
  throw new InvalidInputError('folder', `There are several folders “${named}”. Give the path: ${namesOf(found)}.`);
}

/** The names of folders; their paths where a name would not do. */
function namesOf(folders: readonly PlanFolder[]): string {
  const isClear = new Set(folders.map(({ name }) => name)).size === folders.length;
  return folders.map(({ name, key }) => (isClear ? name : key)).join(', ');
}
