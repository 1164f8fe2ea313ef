import { InvalidInputError } from '../../../core/model/errors.js';
import type { TaskId } from '../../../core/model/taskId.js';
import { isClosed } from '../../../core/model/workState.js';
import { checksumOf } from '../../../store/checksum.js';
import { keepAnalysis, readAnalyses, readAnalysis } from '../../../store/repositories/analysisRows.js';
import type { Transaction } from '../../../store/transaction.js';
import { mention } from '../../analysis/mention.js';
import { selectedOrOpen } from '../../bulk/selection.js';
import { type Output, parseInput } from '../../input.js';
import type { Plan } from '../../plan.js';
import { requireFeature } from '../../settings/features.js';
import { changeTask } from '../../tasks/changeTask.js';
import type { Tasks } from '../../tasks/tasks.js';
import {
  type EstimateInput,
  type EstimateManyInput,
  type EstimatesView,
  type EstimateView,
  estimateInput,
  estimateManyInput,
  type estimateOptions,
} from './effortInputs.js';
import { Experience } from './experience.js';
import { Judge } from './judgement.js';

type Options = Output<typeof estimateOptions>;

/** An estimate, and the checksum of all that it follows from. */
interface Found {
  readonly id: TaskId;
  readonly view: Omit<EstimateView, 'stored' | 'applied'>;
  readonly inputHash: string;
}

/** How long tasks will likely take, learnt from those that are finished. */
export class Effort {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  /**
   * Estimates a task and keeps that with it, unless the very same is kept already or the task is closed: estimates are
   * judged by what was said before. With `apply` also sets its estimated hours; both are one change. Throws NOT_FOUND,
   * AMBIGUOUS, INVALID_INPUT, and EXECUTION_DISABLED where estimates are to be set and the project does without them.
   */
  async estimate(input: EstimateInput): Promise<EstimateView> {
    const { task, ...options } = parseInput(estimateInput, input);
    const [view] = await this.#estimate([this.#tasks.resolve(task)], options);
    return view as EstimateView;
  }

  /** The same for several tasks, or all open ones, in one change. */
  async estimateMany(input: EstimateManyInput): Promise<EstimatesView> {
    const { tasks, query, ...options } = parseInput(estimateManyInput, input);
    const ids = selectedOrOpen(this.#plan, this.#tasks, { tasks, query });
    const estimates = await this.#estimate(ids, options);
    return { estimates, total: estimates.length };
  }

  async #estimate(ids: readonly TaskId[], options: Options): Promise<EstimateView[]> {
    const { automation } = this.#plan.world;
    if (options.apply) {
      await requireFeature(this.#plan.world, 'time-tracking');
      this.#requireOpen(ids);
    }
    const found = this.#judge(ids, options);
    const told = options.apply ? automation : undefined;
    const changes = ({ view }: Found) => ({ estimatedHours: view.estimatedHours });
    for (const one of told ? found : [])
      await told?.before({ kind: 'update', task: this.#tasks.get(one.id), changes: changes(one) });
    const views = found.some((one) => options.apply || this.#isNews(one))
      ? await this.#plan.commit(options.apply ? 'task.update' : 'task.estimate', (transaction) =>
          found.map((one) => this.#keep(transaction, one, options)),
        )
      : found.map((one) => this.#told(one, false));
    for (const one of told ? found : [])
      await told?.after({ kind: 'update', task: this.#tasks.get(one.id), changes: changes(one) });
    return views;
  }

  #requireOpen(ids: readonly TaskId[]): void {
    const closed = ids.flatMap((id) => {
      const { status } = this.#plan.graph.require(id).task;
      return isClosed(status) ? [`${this.#tasks.get(id).name} is ${status}`] : [];
    });
    if (closed.length > 0)
      throw new InvalidInputError('apply', `${closed.join(', ')}: its estimate stays as it was. Nothing was changed.`);
  }

  #judge(ids: readonly TaskId[], { use_historical_data: learns }: Options): Found[] {
    const plan = this.#plan;
    const experience = new Experience(plan);
    const scores = new Map(
      [...readAnalyses(plan.store, 'complexity').values()].flatMap(({ task, result: { score } }) =>
        typeof score === 'number' ? [[task, score] as const] : [],
      ),
    );
    const judge = new Judge(plan, experience, scores, learns);
    const now = plan.now();
    return ids.map((id): Found => {
      const node = plan.graph.require(id);
      const { hours, basis } = judge.of(node);
      const task = mention(plan.graph, node.task, now);
      const spent = experience.spent(id) ?? null;
      const message = `${task.name} likely takes ${hours.p50} h, and with a probability of 80 % at most ${hours.p80} h`;
      // The basis names everything that it follows from, down to each finished task.
      return { id, view: { task, message, ...hours, basis, spent }, inputHash: checksumOf([hours, basis]) };
    });
  }

  #keep(transaction: Transaction, found: Found, { apply }: Options): EstimateView {
    const { id, view, inputHash } = found;
    const news = this.#isNews(found);
    const { p50, p80, low, high, estimatedHours, basis } = view;
    if (news) {
      const { similar, subtasks: _, ...rest } = basis;
      const kept = { ...rest, similar: similar.map((one) => ({ id: one.id, hours: one.hours, weight: one.weight })) };
      const result = { p50, p80, low, high, estimatedHours, basis: kept };
      keepAnalysis(transaction, { task: id, kind: 'effort', inputHash, result });
    }
    if (apply) changeTask(transaction, id, { estimated_hours: estimatedHours });
    return { ...this.#told(found, apply), ...(news && { stored: 'kept' }) };
  }

  #told({ id, view }: Found, applied: boolean): EstimateView {
    return { ...view, stored: this.#isKept(id) ? 'unchanged' : 'not_kept', applied };
  }

  #isNews({ id, inputHash }: Found): boolean {
    return this.#isKept(id) && readAnalysis(this.#plan.store, id, 'effort')?.inputHash !== inputHash;
  }

  /** False for a closed task, whose estimate is judged by what was said before, and in a store that can only be read. */
  #isKept(id: TaskId): boolean {
    return this.#plan.store.problem === undefined && !isClosed(this.#plan.graph.require(id).task.status);
  }
}
