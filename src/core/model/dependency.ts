import type { TaskId } from './taskId.js';

/** Kinds of edge that gate: the task cannot start before what it depends on is completed. */
export const DEPENDENCY_TYPES = ['completion', 'data', 'resource', 'conditional'] as const;

export type DependencyType = (typeof DEPENDENCY_TYPES)[number];

/** Kinds of link that say something and gate nothing. */
export const LINK_TYPES = ['related', 'discovered_from', 'duplicates', 'supersedes'] as const;

export type LinkType = (typeof LINK_TYPES)[number];

/** `task` waits for `dependsOn`. */
export interface Dependency {
  readonly task: TaskId;
  readonly dependsOn: TaskId;
  readonly type: DependencyType;
}
