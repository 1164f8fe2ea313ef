import * as z from 'zod';
import type { PlanGraph } from '../../core/graph/planGraph.js';
import { isLive } from '../../core/model/claim.js';
import { REFERENCE_STATES } from '../../core/model/fileReference.js';
import { PRIORITIES } from '../../core/model/priority.js';
import { STATUSES } from '../../core/model/status.js';
import type { Task, TaskSummary } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { WORK_STATES } from '../../core/model/workState.js';
import { shownStatus } from '../../core/query/select.js';
import { type Output, schema } from '../input.js';
import type { Plan } from '../plan.js';
import type { References } from '../references/references.js';

/** A reference as every surface shows it. */
export const fileReferenceView = schema(() =>
  z.object({
    id: z.string(),
    path: z.string(),
    line: z.number().optional(),
    endLine: z.number().optional(),
    context: z.string().optional(),
    state: z.enum(REFERENCE_STATES).describe('Whether the lines are still where they were'),
    missing: z.boolean().describe('True when the file or the line is not there'),
  }),
);

/** Who holds a task. */
export const claimView = schema(() =>
  z.object({
    by: z.string(),
    at: z.string(),
    expiresAt: z.string(),
    expired: z.boolean().describe('True when the lease ran out: others may claim the task'),
    version: z.number().describe('The lease: give it with a change to be refused if the claim was lost'),
    branch: z.string().optional(),
    worktree: z.string().optional(),
  }),
);

/** A task in a list. */
export const taskSummaryView = schema(() =>
  z.object({
    id: z.string(),
    number: z.number(),
    name: z.string().describe('T-<number>'),
    title: z.string(),
    status: z.enum(STATUSES).describe('As shown: a task that waits for others is blocked'),
    state: z.enum(WORK_STATES).describe('The exact situation'),
    statusReason: z.string().optional(),
    priority: z.enum(PRIORITIES),
    type: z.string(),
    assignee: z.string().optional(),
    tags: z.array(z.string()),
    parent: z.string().optional(),
    project: z.string().optional(),
    milestone: z.string().optional(),
    due: z.string().optional(),
    notBefore: z.string().optional(),
    estimatedHours: z.number().optional(),
    claim: claimView().optional(),
    dependsOn: z.array(z.string()).describe('Ids of the tasks that must be completed first'),
    blockedBy: z.array(z.string()).describe('Ids of the open tasks at the root of what it waits for'),
    fileRefs: z.array(fileReferenceView()),
    createdAt: z.string(),
    updatedAt: z.string(),
    startedAt: z.string().optional(),
    completedAt: z.string().optional(),
    archivedAt: z.string().optional().describe('When it was put away: lists leave it out'),
  }),
);

/** A task, whole. */
export const taskView = schema(() =>
  taskSummaryView().extend({
    description: z.string().optional(),
    unblocks: z.array(z.string()).describe('Ids of the tasks that wait for this one'),
    subtasks: z.array(z.string()),
    cancelledDependencies: z
      .array(z.string())
      .describe('Ids of cancelled tasks that it depends on: somebody has to decide'),
    criteria: z.array(z.object({ criterion: z.string(), measurable: z.string().optional(), done: z.boolean() })),
    context: z.string().optional().describe('What somebody needs to know to begin'),
    impactNotes: z.string().optional(),
    completionSummary: z.string().optional(),
    feedback: z
      .object({ quality: z.number().optional(), timeliness: z.number().optional(), note: z.string().optional() })
      .optional()
      .describe('Quality and timeliness from 1 to 5'),
    actualHours: z.number().optional(),
    businessValue: z.number().optional(),
    codeLanguage: z.string().optional(),
    executionEnvironment: z.string().optional(),
    custom: z.record(z.string(), z.unknown()).describe("Fields of the project's own"),
    version: z.number(),
    createdBy: z.string(),
    updatedBy: z.string().optional(),
  }),
);

export const taskListView = schema(() =>
  z.object({
    tasks: z.array(taskSummaryView()),
    total: z.number().describe('How many tasks the filter admits'),
    truncated: z.boolean().describe('True when the limit cut the list'),
  }),
);

export type FileReferenceView = Output<typeof fileReferenceView>;
export type ClaimView = Output<typeof claimView>;
export type TaskSummaryView = Output<typeof taskSummaryView>;
export type TaskView = Output<typeof taskView>;
export type TaskListView = Output<typeof taskListView>;

/** What a view is made from. */
interface ViewSources {
  readonly plan: Plan;
  readonly references: Pick<References, 'of'>;
  /** One that knows all about the task. */
  readonly graph: PlanGraph;
}

export function toSummaryView({ plan, references, graph }: ViewSources, task: TaskSummary): TaskSummaryView {
  const state = graph.stateOf(task.id, plan.now());
  const node = graph.require(task.id);
  const { claim, tags, ...fields } = task;
  return {
    ...fields,
    ...(claim && { claim: { ...claim, expired: !isLive(claim, plan.now()) } }),
    tags: [...tags],
    name: taskName(task.number),
    status: shownStatus(state),
    state,
    dependsOn: numbers([...node.dependsOn.keys()].map((dependency) => dependency.task)),
    blockedBy: graph.blockers(task.id).map((blocker) => blocker.id),
    fileRefs: references.of(task.id),
  };
}

export function toTaskView(sources: ViewSources, task: Task): TaskView {
  const node = sources.graph.require(task.id);
  const cancelled = [...node.dependsOn.keys()]
    .map((other) => other.task)
    .filter((other) => other.status === 'cancelled');
  return {
    ...toSummaryView(sources, node.task),
    ...ownFields(task),
    unblocks: numbers([...node.dependants].map((dependant) => dependant.task)),
    subtasks: numbers([...node.subtasks].map((subtask) => subtask.task)),
    cancelledDependencies: numbers(cancelled),
  };
}

/** What a whole task has beyond its summary; fields without a value are left out. */
function ownFields(task: Task) {
  const { description, context, impactNotes, completionSummary, feedback, actualHours, updatedBy } = task;
  const { criteria, custom, version, createdBy, businessValue, codeLanguage, executionEnvironment } = task;
  const optional = {
    ...{ description, context, impactNotes, completionSummary, feedback, actualHours, updatedBy },
    ...{ businessValue, codeLanguage, executionEnvironment },
  };
  return {
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as typeof optional),
    criteria: criteria.map((criterion) => ({ ...criterion })),
    custom: { ...custom },
    version,
    createdBy,
  };
}

/** Ids in the order of the tasks' numbers. */
function numbers(tasks: readonly TaskSummary[]): string[] {
  return [...tasks].sort((a, b) => a.number - b.number).map((task) => task.id);
}
