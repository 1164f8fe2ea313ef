import * as z from 'zod';
import { releasedBy } from '../../core/graph/downstream.js';
import { findObstacles } from '../../core/graph/obstacles.js';
import { isLive } from '../../core/model/claim.js';
import type { TaskSummary } from '../../core/model/task.js';
import { type Output, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { mention, taskMention } from './mention.js';

/** A task that others wait for, and who has it. */
const blockerView = schema(() =>
  taskMention().extend({
    holder: z.string().optional().describe('Who claimed it, else whom it is assigned to; absent: nobody'),
    since: z.string().describe('Since when: of the claim, else of the start, else of its creation'),
    sinceWhat: z.enum(['claimed', 'started', 'created']),
    claimExpired: z.boolean().optional().describe('True where the claim ran out: somebody else may take it'),
  }),
);

export const blockedView = schema(() =>
  z.object({
    tasks: z.array(
      taskMention().extend({
        reason: z.string().optional().describe('Why somebody blocked it'),
        blockers: z.array(blockerView()).describe('The open tasks at the roots of what it waits for: the first 20'),
        blockersTotal: z.number().describe('How many these are in all'),
        cancelled: z.array(taskMention()).describe('Its dependencies that were cancelled: somebody has to decide'),
      }),
    ),
    release: z
      .array(
        blockerView().extend({
          holdsUp: z.number().describe('Tasks that wait for it, directly or through others'),
          alone: z.number().describe('How many of these wait for nothing else at the root'),
          readyAtOnce: z.number().describe('How many can start as soon as it is completed'),
        }),
      )
      .describe('The roots, the one whose completion would release most first'),
  }),
);

export type BlockedView = Output<typeof blockedView>;
export type BlockerView = Output<typeof blockerView>;

/** Everything that cannot go on, with who could change that; `query` admits only some of it. */
export function blockedTasks(plan: Plan, admitted?: ReadonlySet<string>): BlockedView {
  const { graph } = plan;
  const now = plan.now();
  const { stuck, roots } = findObstacles(graph, now, admitted);
  const views = new Map<TaskSummary, BlockerView>();
  const view = (task: TaskSummary) => {
    const made = views.get(task) ?? toBlocker(plan, task, now);
    views.set(task, made);
    return made;
  };
  return {
    tasks: stuck.map(({ task, blockers, blockersTotal, cancelled }) => ({
      ...mention(graph, task, now),
      ...(task.statusReason !== undefined && { reason: task.statusReason }),
      blockers: blockers.map(view),
      blockersTotal,
      cancelled: cancelled.map((other) => mention(graph, other, now)),
    })),
    release: roots.map(({ task, holdsUp, alone }) => ({
      ...view(task),
      holdsUp,
      alone,
      readyAtOnce: releasedBy(graph.require(task.id)).length,
    })),
  };
}

function toBlocker({ graph }: Plan, task: TaskSummary, now: string): BlockerView {
  const { claim, assignee, startedAt, createdAt } = task;
  const holder = claim?.by ?? assignee;
  const started = task.status === 'in_progress' && startedAt !== undefined;
  return {
    ...mention(graph, task, now),
    ...(holder !== undefined && { holder }),
    since: claim?.at || (started ? startedAt : createdAt),
    sinceWhat: claim?.at ? 'claimed' : started ? 'started' : 'created',
    ...(claim && !isLive(claim, now) && { claimExpired: true }),
  };
}
