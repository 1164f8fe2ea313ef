import * as z from 'zod';
import type { PlanGraph } from '../../core/graph/planGraph.js';
import type { TaskSummary } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { WORK_STATES } from '../../core/model/workState.js';
import { type Output, schema } from '../input.js';

/** A task that something is said about. */
export const taskMention = schema(() =>
  z.object({
    id: z.string(),
    name: z.string().describe('T-<number>'),
    title: z.string(),
    state: z.enum(WORK_STATES),
    assignee: z.string().optional(),
  }),
);

export type TaskMention = Output<typeof taskMention>;

export function mention(plan: PlanGraph, task: TaskSummary, now: string): TaskMention {
  return {
    id: task.id,
    name: taskName(task.number),
    title: task.title,
    state: plan.stateOf(task.id, now),
    ...(task.assignee !== undefined && { assignee: task.assignee }),
  };
}
