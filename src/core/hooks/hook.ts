/** The hooks that run by themselves, in the order of a task's life. */
export const HOOKS = [
  'pre-task',
  'post-task',
  'pre-update',
  'post-update',
  'pre-complete',
  'post-complete',
  'pre-delete',
] as const;

export type HookName = (typeof HOOKS)[number];

/** What can happen to a task. */
export type EventKind = 'create' | 'update' | 'complete' | 'delete';

/** The hook of an event; undefined where there is none. */
export function hookOf(phase: 'pre' | 'post', kind: EventKind): HookName | undefined {
  const name = `${phase}-${kind === 'create' ? 'task' : kind}`;
  return HOOKS.find((hook) => hook === name);
}

/** From what duration on a run is remarked on, and when it is ended. Milliseconds. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
  readonly timeout: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = { warning: 2_000, critical: 10_000, timeout: 30_000 };
