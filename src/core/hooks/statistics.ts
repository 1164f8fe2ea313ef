import type { Thresholds } from './hook.js';

/** One run of a hook, or of a plugin (`plugin:<file>`), as the log keeps it. */
export interface HookRun {
  /** UTC ISO 8601. */
  readonly at: string;
  readonly hook: string;
  /** What happened to the task: create, update, complete, delete, or run for one that was asked for. */
  readonly event: string;
  readonly task?: string;
  readonly actor: string;
  readonly outcome: 'ok' | 'refused' | 'failed' | 'timeout';
  readonly milliseconds: number;
  readonly code?: number;
  /** What it said, cut. */
  readonly message?: string;
}

/** How a hook did. Durations in milliseconds. */
export interface HookStatistics {
  readonly hook: string;
  readonly runs: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly average: number;
  /** 95 of 100 runs took no longer (nearest rank). */
  readonly p95: number;
  readonly longest: number;
  readonly last: string;
}

export type Severity = 'warning' | 'critical';

export interface HookAlert {
  readonly severity: Severity;
  readonly run: HookRun;
  readonly reason: string;
}

/** One entry a hook, in the order of their names. */
export function summarise(runs: readonly HookRun[]): HookStatistics[] {
  const byHook = new Map<string, HookRun[]>();
  for (const run of runs) byHook.set(run.hook, [...(byHook.get(run.hook) ?? []), run]);
  return [...byHook.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hook, list]) => {
      const durations = list.map((run) => run.milliseconds).sort((a, b) => a - b);
      const count = (outcome: HookRun['outcome']) => list.filter((run) => run.outcome === outcome).length;
      return {
        hook,
        runs: list.length,
        ok: count('ok'),
        refused: count('refused'),
        failed: count('failed'),
        timedOut: count('timeout'),
        average: Math.round(durations.reduce((sum, one) => sum + one, 0) / durations.length),
        p95: durations[Math.ceil(durations.length * 0.95) - 1] ?? 0,
        longest: durations.at(-1) ?? 0,
        last:
          list
            .map((run) => run.at)
            .sort()
            .at(-1) ?? '',
      };
    });
}

/** What is worth a look: failures, and runs that took long. A refusal is a hook doing its work. */
export function alertsOf(runs: readonly HookRun[], thresholds: Thresholds): HookAlert[] {
  return runs.flatMap((run): HookAlert[] => {
    if (run.outcome === 'timeout') return [{ severity: 'critical', run, reason: 'ran into the time limit' }];
    if (run.outcome === 'failed') return [{ severity: 'critical', run, reason: 'failed' }];
    if (run.milliseconds >= thresholds.critical)
      return [{ severity: 'critical', run, reason: `took ${run.milliseconds} ms` }];
    if (run.milliseconds >= thresholds.warning)
      return [{ severity: 'warning', run, reason: `took ${run.milliseconds} ms` }];
    return [];
  });
}
