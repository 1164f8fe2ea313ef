import * as z from 'zod';
import type { PlanGraph } from '../../core/graph/planGraph.js';
import { isLive } from '../../core/model/claim.js';
import { REFERENCE_STATES } from '../../core/model/fileReference.js';
import { PRIORITIES, PRIORITY_RANK, type Priority } from '../../core/model/priority.js';
import { STATUSES } from '../../core/model/status.js';
import type { TaskSummary } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { WORK_STATES } from '../../core/model/workState.js';
import { shownStatus } from '../../core/query/select.js';
import { type Output, schema } from '../input.js';
import type { TaskSummaryView, TaskView } from '../tasks/taskView.js';
import type { Workbench } from './tool.js';

/** A task in a list, with seed 002's names; what is empty is left out, but for what seed 002 always has. */
export const taskRow = schema(() =>
  z.object({
    id: z.number().describe('Its number'),
    key: z.string().describe('Its lasting id'),
    title: z.string(),
    status: z.enum(STATUSES).describe('As shown: a task that waits for others is blocked'),
    state: z.enum(WORK_STATES).describe('The exact situation'),
    priority: z.number().describe('4 critical, 3 high, 2 medium, 1 low, 0 background'),
    dependencies: z.array(z.number()),
    tags: z.array(z.string()),
    blocked_by: z.array(z.number()).optional().describe('The open tasks at the root of what it waits for'),
    claimed_by: z.string().optional(),
    assignee: z.string().optional(),
    project: z.string().optional(),
    parent: z.number().optional(),
    due: z.string().optional(),
    estimated_hours: z.number().optional(),
    created_at: z.string(),
    updated_at: z.string(),
    completed_at: z.string().optional(),
  }),
);

/** A task, whole. */
export const taskShape = schema(() =>
  taskRow()
    .omit({ claimed_by: true })
    .extend({
      name: z.string().describe('T-<number>'),
      description: z.string().optional(),
      status_reason: z.string().optional(),
      type: z.string(),
      milestone: z.string().optional(),
      not_before: z.string().optional(),
      actual_hours: z.number().optional(),
      business_value: z.number().optional(),
      code_language: z.string().optional(),
      execution_environment: z.string().optional(),
      criteria: z
        .array(z.object({ criterion: z.string(), measurable: z.string().optional(), done: z.boolean() }))
        .optional(),
      context: z.string().optional().describe('What somebody needs to know to begin'),
      impact_notes: z.string().optional(),
      completion_summary: z.string().optional(),
      feedback: z
        .object({ quality: z.number().optional(), timeliness: z.number().optional(), note: z.string().optional() })
        .optional(),
      claim: z
        .object({
          by: z.string(),
          at: z.string(),
          expires_at: z.string(),
          expired: z.boolean(),
          lease: z.number().describe('Give it with a change to be refused if the claim was lost'),
          branch: z.string().optional(),
          worktree: z.string().optional(),
        })
        .optional(),
      unblocks: z.array(z.number()).optional().describe('What waits for it'),
      subtasks: z.array(z.number()).optional(),
      cancelled_dependencies: z.array(z.number()).optional().describe('Somebody has to decide about them'),
      files: z
        .array(
          z.object({
            reference: z.string(),
            path: z.string(),
            line: z.number().optional(),
            end_line: z.number().optional(),
            context: z.string().optional(),
            state: z.enum(REFERENCE_STATES),
            missing: z.boolean().optional(),
          }),
        )
        .optional(),
      custom: z.record(z.string(), z.unknown()).optional(),
      started_at: z.string().optional(),
      archived_at: z.string().optional(),
      version: z.number(),
      created_by: z.string(),
      updated_by: z.string().optional(),
    }),
);

export type TaskRow = Output<typeof taskRow>;
export type TaskShape = Output<typeof taskShape>;

/** The tasks' numbers, for ids that are in the graph. */
export function numbersOf(graph: PlanGraph, ids: readonly TaskId[]): number[] {
  return ids.flatMap((id) => graph.get(id)?.task.number ?? []);
}

/** A task as lists show it. `graph` knows all about it. */
export function toRow({ plan }: Pick<Workbench, 'plan'>, task: TaskSummary, graph: PlanGraph): TaskRow {
  const now = plan.now();
  const state = graph.stateOf(task.id, now);
  const node = graph.require(task.id);
  return {
    id: task.number,
    key: task.id,
    title: task.title,
    status: shownStatus(state),
    state,
    priority: PRIORITY_RANK[task.priority],
    dependencies: [...node.dependsOn.keys()].map((dependency) => dependency.task.number).sort((a, b) => a - b),
    tags: [...task.tags],
    blocked_by: unlessEmpty(graph.blockers(task.id).map(({ number }) => number)),
    claimed_by: isLive(task.claim, now) ? task.claim.by : undefined,
    assignee: task.assignee,
    project: task.project,
    parent: task.parent === undefined ? undefined : graph.get(task.parent)?.task.number,
    due: task.due,
    estimated_hours: task.estimatedHours,
    created_at: task.createdAt,
    updated_at: task.updatedAt,
    completed_at: task.completedAt,
  };
}

/** A task, whole, from what the use cases answer. */
export function toShape({ plan }: Pick<Workbench, 'plan'>, view: TaskView): TaskShape {
  const graph = plan.around([view.id, ...(view.parent === undefined ? [] : [view.parent])]);
  const { claimed_by: _, ...row } = toRow({ plan }, graph.require(view.id).task, graph);
  const { claim } = view;
  return {
    ...row,
    name: view.name,
    description: view.description,
    status_reason: view.statusReason,
    type: view.type,
    milestone: view.milestone,
    not_before: view.notBefore,
    actual_hours: view.actualHours,
    business_value: view.businessValue,
    code_language: view.codeLanguage,
    execution_environment: view.executionEnvironment,
    criteria: unlessEmpty(view.criteria),
    context: view.context,
    impact_notes: view.impactNotes,
    completion_summary: view.completionSummary,
    feedback: view.feedback,
    claim: claim && {
      by: claim.by,
      at: claim.at,
      expires_at: claim.expiresAt,
      expired: claim.expired,
      lease: claim.version,
      branch: claim.branch,
      worktree: claim.worktree,
    },
    unblocks: unlessEmpty(numbersOf(graph, view.unblocks)),
    subtasks: unlessEmpty(numbersOf(graph, view.subtasks)),
    cancelled_dependencies: unlessEmpty(numbersOf(graph, view.cancelledDependencies)),
    files: unlessEmpty(view.fileRefs.map(toFile)),
    custom: Object.keys(view.custom).length > 0 ? view.custom : undefined,
    started_at: view.startedAt,
    archived_at: view.archivedAt,
    version: view.version,
    created_by: view.createdBy,
    updated_by: view.updatedBy,
  };
}

function toFile({ id, path, line, endLine, context, state, missing }: TaskSummaryView['fileRefs'][number]) {
  return { reference: id, path, line, end_line: endLine, context, state, missing: missing || undefined };
}

/** How a task is called where one line is enough. */
export const taskMentionShape = schema(() => taskRow().pick({ id: true, key: true, title: true, state: true }));

export function toMention({ plan }: Pick<Workbench, 'plan'>, task: TaskSummary, graph: PlanGraph) {
  return { id: task.number, key: task.id, title: task.title, state: graph.stateOf(task.id, plan.now()) };
}

/** `T-1, T-2 and 3 more`. */
export function named(numbers: readonly number[], most = 5): string {
  const shown = numbers.slice(0, most).map(taskName).join(', ');
  return numbers.length > most ? `${shown} and ${numbers.length - most} more` : shown;
}

/** Seed 002's number as the name of a priority. */
export function priorityOf(rank: number): Priority {
  return PRIORITIES.find((name) => PRIORITY_RANK[name] === rank) ?? 'medium';
}

function unlessEmpty<T>(list: readonly T[]): T[] | undefined {
  return list.length > 0 ? [...list] : undefined;
}
