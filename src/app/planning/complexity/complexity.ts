import { InvalidInputError } from '../../../core/model/errors.js';
import { type TaskId, taskName } from '../../../core/model/taskId.js';
import { assess } from '../../../core/planning/complexity/assess.js';
import { checksumOf } from '../../../store/checksum.js';
import {
  dropAnalysis,
  keepAnalysis,
  readAnalysis,
  type StoredAnalysis,
} from '../../../store/repositories/analysisRows.js';
import { resolveTask } from '../../../store/repositories/taskRows.js';
import { selectedOrOpen } from '../../bulk/selection.js';
import { parseInput } from '../../input.js';
import type { Plan } from '../../plan.js';
import type { Tasks } from '../../tasks/tasks.js';
import { Experience } from '../effort/experience.js';
import { collectFacts } from './collectFacts.js';
import {
  type ComplexitiesView,
  type ComplexityInput,
  type ComplexityManyInput,
  type ComplexityResult,
  type ComplexityView,
  complexityInput,
  complexityManyInput,
} from './complexityInputs.js';
import { readWeighing } from './complexitySettings.js';
import type { Surroundings } from './surroundings.js';
import { Survey, type Watch } from './survey.js';

export type { ComplexityProgress } from './survey.js';

/** Of the way to analyse: another one makes other results of the same inputs. */
const VERSION = '1';

/**
 * How complex tasks are, reckoned from their files, their history and finished tasks. It looks at the workspace and at
 * finished tasks once, for all the tasks that it is asked for: make a new one for a later look.
 */
export class Complexity {
  readonly #plan: Plan;
  readonly #tasks: Tasks;
  readonly #surroundings: Surroundings;
  readonly #surveys = new Map<string, Survey>();
  #experience: Experience | undefined;

  constructor(plan: Plan, tasks: Tasks, surroundings: Surroundings) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#surroundings = surroundings;
  }

  /**
   * Analyses a task and keeps the result with it. Nothing is written where the same inputs were analysed before, nor where
   * nothing is known and the score is null. Throws NOT_FOUND, INVALID_INPUT for a folder outside of the workspace or a
   * weight that is none, and what aborted `signal`.
   */
  async analyse(input: ComplexityInput, watch: Watch = {}): Promise<ComplexityView> {
    const { task: name, project_root, store, ...options } = parseInput(complexityInput, input);
    const id = resolveTask(this.#plan.store, name);
    const weighing = readWeighing(this.#plan.world.folder, this.#surroundings.environment);
    const survey = await this.#surveyOf(project_root);
    const facts = await collectFacts(this.#plan, id, { survey, weighing, experience: this.#learnt }, options, watch);
    const metadata = { version: VERSION, options: { ...options, project_root: survey.folder } };
    const result: ComplexityResult = { ...assess(facts), metadata };
    const inputHash = checksumOf([VERSION, facts]);
    const stored = await this.#keep(id, inputHash, result, store);
    const { number, title } = this.#plan.graph.require(id).task;
    const kept = stored === 'not_kept' ? undefined : this.stored(id);
    return {
      task: { id, number, name: taskName(number), title },
      complexity: { ...result, metadata: { ...metadata, analysisTime: kept?.at ?? null } },
      inputHash,
      stored,
      message: messageOf(taskName(number), result),
    };
  }

  /** The same for several tasks, or all that are open: none is analysed unless all of them are there. */
  async analyseMany(input: ComplexityManyInput, watch: Watch = {}): Promise<ComplexitiesView> {
    const { tasks, query, ...options } = parseInput(complexityManyInput, input);
    const analyses: ComplexityView[] = [];
    for (const id of selectedOrOpen(this.#plan, this.#tasks, { tasks, query }))
      analyses.push(await this.analyse({ ...options, task: id }, watch));
    return { analyses, total: analyses.length };
  }

  /** What the last analysis of a task found; its `result` is a `ComplexityResult`. */
  stored(task: TaskId): StoredAnalysis | undefined {
    return readAnalysis(this.#plan.store, task, 'complexity');
  }

  readonly #learnt = (): Experience => {
    this.#experience ??= new Experience(this.#plan);
    return this.#experience;
  };

  async #surveyOf(folder: string | undefined): Promise<Survey> {
    const place = folder === undefined ? '.' : await this.#surroundings.workspace.within(folder);
    if (place === undefined)
      throw new InvalidInputError(
        'project_root',
        `${folder} is no folder of this workspace. Give one inside of it, or none for the whole.`,
      );
    const known = this.#surveys.get(place) ?? new Survey(this.#surroundings, place);
    this.#surveys.set(place, known);
    return known;
  }

  async #keep(
    task: TaskId,
    inputHash: string,
    result: ComplexityResult,
    wanted: boolean,
  ): Promise<ComplexityView['stored']> {
    const before = this.stored(task);
    if (before?.inputHash === inputHash) return 'unchanged';
    if (!wanted || (result.score === null && !before)) return 'not_kept';
    await this.#plan.commit('task.analyse', (transaction) => {
      resolveTask(transaction, task);
      if (result.score === null) dropAnalysis(transaction, task, 'complexity');
      else keepAnalysis(transaction, { task, kind: 'complexity', inputHash, result });
    });
    return result.score === null ? 'not_kept' : 'kept';
  }
}

function messageOf(name: string, { score, confidence }: ComplexityResult): string {
  if (score === null) return `Nothing is known that the complexity of ${name} could be reckoned from.`;
  return `${name} has a complexity of ${score} of 10; ${Math.round(confidence * 100)} % of the weights are backed by data.`;
}
