import type { DependencyType } from '../model/dependency.js';
import type { CodePlace } from '../model/fileReference.js';
import type { TaskId } from '../model/taskId.js';

/** A value of a column. */
export type Cell = string | number | null;

/** A task as a file of another tool (or of this one) tells of it, in the words of this store. */
export interface ExternalTask {
  /** What the file calls it; the same each time it is exported. */
  readonly externalId: string;
  /** Where it stands, for messages: `row 3`, `line 12`, `tasks/task-1 - x.md`. */
  readonly where: string;
  /** An id that it should have here if nobody has it. */
  readonly preferredId?: TaskId;
  /** Columns of `tasks` that may be changed later, here or there. */
  readonly columns: Readonly<Record<string, Cell>>;
  /** Columns that are set when it is created, and never again: number, times, by whom. */
  readonly birth: Readonly<Record<string, Cell>>;
  /** What has no column. */
  readonly custom: Readonly<Record<string, unknown>>;
  /** External id of the task that it is a part of. */
  readonly parent?: string;
  readonly dependsOn: readonly ExternalEdge<DependencyType>[];
  readonly links: readonly ExternalEdge<LinkType>[];
  readonly places: readonly ExternalPlace[];
  readonly events: readonly ExternalEvent[];
  readonly participants: readonly ExternalParticipant[];
}

export const LINK_TYPES = ['related', 'discovered_from', 'duplicates', 'supersedes'] as const;

export type LinkType = (typeof LINK_TYPES)[number];

/** To another task of the file. */
export interface ExternalEdge<T extends string> {
  readonly to: string;
  readonly type: T;
  /** Of a conditional dependency. */
  readonly condition?: string;
}

export interface ExternalPlace extends CodePlace {
  readonly context?: string;
}

/** Something that somebody said about the task. */
export interface ExternalEvent {
  readonly agent: string;
  readonly type: string;
  readonly content: string;
  /** UTC ISO 8601. */
  readonly at: string;
}

export interface ExternalParticipant {
  readonly agent: string;
  readonly at: string;
}
