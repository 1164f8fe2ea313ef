import type { PlanNode } from '../../../core/graph/planGraph.js';
import { fromQuantiles, type LogNormal } from '../../../core/planning/effort/lognormal.js';
import { priorHours, shrink } from '../../../core/planning/effort/shrinkage.js';
import { readAnalyses } from '../../../store/repositories/analysisRows.js';
import type { Plan } from '../../plan.js';
import type { Experience } from '../effort/experience.js';

/** Where the hours of a task come from. */
export const EFFORT_SOURCES = ['kept', 'estimate', 'store_median', 'default'] as const;

export interface TaskOutlook {
  /** Undefined where there is nothing to do by its own estimate. */
  readonly effort: LogNormal | undefined;
  readonly from: (typeof EFFORT_SOURCES)[number];
}

/** With fewer finished tasks their median says nothing of another. */
const ENOUGH = 3;

/** How long each open task takes, as far as anything is known of it. */
export class Outlook {
  readonly #kept: ReturnType<typeof readAnalyses>;
  /** What becomes of an estimated hour. */
  readonly #hour: LogNormal;
  readonly #otherwise: TaskOutlook;
  readonly says: Readonly<Record<TaskOutlook['from'], string>>;

  constructor(plan: Plan, { finished, medianHours, ratios }: Experience) {
    this.#kept = readAnalyses(plan.store, 'effort');
    this.#hour = shrink(
      1,
      ratios.map((hours) => ({ hours, weight: 1 })),
    );
    const known = medianHours !== null && finished.length >= ENOUGH;
    const similar = finished.map(({ hours }) => ({ hours, weight: 1 }));
    this.#otherwise = known
      ? { effort: shrink(medianHours, similar), from: 'store_median' }
      : { effort: shrink(priorHours(), []), from: 'default' };
    const factor = Math.exp(this.#hour.mu);
    this.says = {
      kept: 'estimates of “tm estimate”',
      estimate:
        ratios.length === 0
          ? 'estimates of their own; no finished task shows how good these are, so four of five are taken to need at most 1.7 times as long'
          : `estimates of their own, times ${factor.toFixed(2)} as ${ratios.length} finished tasks took, with their spread`,
      store_median: `no estimate: the hours of ${finished.length} finished tasks`,
      default: `no estimate, and too few finished tasks: taken as ${priorHours()} h, at most ${(priorHours() * 1.7).toFixed(0)} h for four of five`,
    };
  }

  of({ task }: PlanNode): TaskOutlook {
    const { p50, p80 } = this.#kept.get(task.id)?.result ?? {};
    if (isHours(p50) && isHours(p80)) return { effort: fromQuantiles(p50, p80), from: 'kept' };
    const { estimatedHours } = task;
    if (estimatedHours === 0) return { effort: undefined, from: 'estimate' };
    if (!isHours(estimatedHours)) return this.#otherwise;
    const { mu, sigma } = this.#hour;
    return { effort: { mu: mu + Math.log(estimatedHours), sigma }, from: 'estimate' };
  }
}

/** Another program may have written anything. */
function isHours(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
