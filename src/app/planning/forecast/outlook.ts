import type { PlanNode } from '../../../core/graph/planGraph.js';
import {
  EXPECTED_SOURCES,
  expectedHours,
  HOUR_UNTRIED,
  type HourTaken,
  keptEstimate,
} from '../../../core/planning/effort/expected.js';
import { fromQuantiles, type LogNormal, quantile } from '../../../core/planning/effort/lognormal.js';
import { priorHours, shrink } from '../../../core/planning/effort/shrinkage.js';
import { readAnalyses } from '../../../store/repositories/analysisRows.js';
import type { Plan } from '../../plan.js';
import type { Experience } from '../effort/experience.js';

/** Where the hours of a task come from. */
export const EFFORT_SOURCES = [...EXPECTED_SOURCES, 'store_median', 'default'] as const;

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
  readonly #hour: HourTaken;
  readonly #otherwise: TaskOutlook;
  readonly says: Readonly<Record<TaskOutlook['from'], string>>;

  constructor(plan: Plan, { finished, medianHours, ratios }: Experience) {
    this.#kept = readAnalyses(plan.store, 'effort');
    const hour = shrink(
      1,
      ratios.map((hours) => ({ hours, weight: 1 })),
    );
    this.#hour = { p50: quantile(hour, 0.5), p80: quantile(hour, 0.8) };
    const known = medianHours !== null && finished.length >= ENOUGH;
    const similar = finished.map(({ hours }) => ({ hours, weight: 1 }));
    this.#otherwise = known
      ? { effort: shrink(medianHours, similar), from: 'store_median' }
      : { effort: shrink(priorHours(), []), from: 'default' };
    this.says = {
      kept: 'estimates of “tm estimate”',
      estimate:
        ratios.length === 0
          ? `estimates of their own; no finished task shows how good these are, so four of five are taken to need at most ${HOUR_UNTRIED.p80.toFixed(1)} times as long`
          : `estimates of their own, times ${this.#hour.p50.toFixed(2)} as ${ratios.length} finished tasks took, with their spread`,
      store_median: `no estimate: the hours of ${finished.length} finished tasks`,
      default: `no estimate, and too few finished tasks: taken as ${priorHours()} h, at most ${(priorHours() * HOUR_UNTRIED.p80).toFixed(0)} h for four of five`,
    };
  }

  of({ task }: PlanNode): TaskOutlook {
    const kept = keptEstimate(this.#kept.get(task.id)?.result ?? {});
    const expected = expectedHours(kept, task.estimatedHours, this.#hour);
    if (!expected) return this.#otherwise;
    const { p50, p80, source } = expected;
    return { effort: p50 === 0 ? undefined : fromQuantiles(p50, p80), from: source };
  }
}
