/** What became of a run; `running` until it has ended. */
export const RUN_STATUSES = ['running', 'completed', 'failed', 'timeout', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What ended a run before it was done. */
export const STOPS = ['time', 'memory', 'processes', 'output', 'person'] as const;
export type Stop = (typeof STOPS)[number];

/** What confines the processes of a run. */
export const SANDBOXES = ['none', 'bubblewrap', 'sandbox-exec'] as const;
export type Sandbox = (typeof SANDBOXES)[number];

/** How a run's first process ended. Exactly one of `exitCode` and `signal` is not null, unless it never started. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stoppedBy: Stop | null;
}

/** `completed` only for a run that came to its own end with exit code 0. */
export function statusOf({ exitCode, stoppedBy }: ProcessEnd): Exclude<RunStatus, 'running'> {
  if (stoppedBy === 'time') return 'timeout';
  if (stoppedBy === 'person') return 'cancelled';
  return stoppedBy === null && exitCode === 0 ? 'completed' : 'failed';
}

/** So long after its time limit a run has surely ended, or nobody is left to say how (seconds). */
const SLACK = 60;

/** True for a run that is still marked as running although whoever ran it must be gone: killed, or the machine was. */
export function isAbandoned(
  { status, timestamp, timeout }: { status: RunStatus; timestamp: string; timeout: number },
  now: string,
): boolean {
  return status === 'running' && Date.parse(now) - Date.parse(timestamp) > (timeout + SLACK) * 1000;
}
