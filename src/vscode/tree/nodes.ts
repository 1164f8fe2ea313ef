import type { CommitView } from '../../app/commits/commitInputs.js';
import type { ExecutionSummary } from '../../app/execution/executionInputs.js';
import type { FileReferenceView } from '../../app/tasks/taskView.js';
import type { PlanFolder } from '../workspace/planFolder.js';

/** Parts of a task that its row unfolds to. */
export const SECTIONS = ['dependsOn', 'unblocks', 'subtasks', 'code', 'commits', 'runs'] as const;

export type Section = (typeof SECTIONS)[number];

/** Rows of the tree. Ids are composed from the parent's, unique in the whole tree and stable. */
export type TreeNode =
  | FolderNode
  | GroupNode
  | TaskNode
  | SectionNode
  | LinkedTaskNode
  | ReferenceNode
  | CommitNode
  | RunNode
  | MoreNode;

export interface FolderNode {
  readonly kind: 'folder';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: undefined;
}

export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: FolderNode | undefined;
  /** A work state, a priority, an assignee or a tag, according to the grouping; empty for the rest. */
  readonly group: string;
  /** The tasks in it, in their order; replaced when they change. */
  tasks: readonly string[];
}

export interface TaskNode {
  readonly kind: 'task';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: GroupNode | FolderNode | undefined;
  readonly task: string;
}

export interface SectionNode {
  readonly kind: 'section';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: TaskNode;
  readonly task: string;
  readonly section: Section;
}

/** A task named under another one; choosing it goes to its own row. */
export interface LinkedTaskNode {
  readonly kind: 'linked';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: SectionNode;
  readonly task: string;
  /** The task that it is named under. */
  readonly of: string;
  readonly section: Section;
}

export interface ReferenceNode {
  readonly kind: 'reference';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: SectionNode;
  readonly task: string;
  reference: FileReferenceView;
}

export interface CommitNode {
  readonly kind: 'commit';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: SectionNode;
  readonly task: string;
  commit: CommitView;
}

/** An attempt to execute code for the task; choosing it shows what it said. */
export interface RunNode {
  readonly kind: 'run';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: SectionNode;
  readonly task: string;
  run: ExecutionSummary;
}

/** "Show 100 more" at the end of a long group. */
export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly parent: GroupNode;
  readonly hidden: number;
}
