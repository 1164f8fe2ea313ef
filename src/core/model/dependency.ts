import type { TaskId } from './taskId.js';

/** Kinds of edge that gate: the task cannot start before what it depends on is completed. */
export const DEPENDENCY_TYPES = ['completion', 'data', 'resource', 'conditional'] as const;

export type DependencyType = (typeof DEPENDENCY_TYPES)[number];

/** `task` waits for `dependsOn`. */
export interface Dependency {
  readonly task: TaskId;
  readonly dependsOn: TaskId;
  readonly type: DependencyType;
}
