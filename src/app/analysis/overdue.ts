import * as z from 'zod';
import { dueMoment } from '../../core/model/due.js';
import { PRIORITIES } from '../../core/model/priority.js';
import { isClosed } from '../../core/model/workState.js';
import { hoursBetween } from '../../core/time/hours.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { mention, taskMention } from './mention.js';

export const overdueInput = schema(() =>
  z.object({
    withinDays: z
      .number()
      .min(0, 'must not be less than 0')
      .max(3650, 'is more than 3650')
      .optional()
      .describe('Also what is due within so many days'),
  }),
);

const datedTask = schema(() =>
  taskMention().extend({
    due: z.string().describe('A date, kept as its first moment, lasts until its end'),
    priority: z.enum(PRIORITIES),
    hours: z.number().describe('How long it has been late, or has time'),
    holdsUp: z.number().describe('Open tasks that depend on it directly'),
  }),
);

export const overdueView = schema(() =>
  z.object({
    overdue: z.array(datedTask()).describe('Open tasks that are late, the latest first'),
    soon: z.array(datedTask()).optional().describe('Those that are due soon, the first first'),
  }),
);

export type OverdueInput = Input<typeof overdueInput>;
export type OverdueView = Output<typeof overdueView>;

/** Open tasks whose due time has passed, and with `withinDays` those whose will. */
export function overdueTasks(plan: Plan, input: OverdueInput = {}): OverdueView {
  const { withinDays } = parseInput(overdueInput, input);
  const { graph } = plan;
  const now = plan.now();
  const dated = graph
    .nodes()
    .filter(({ task }) => !isClosed(task.status) && task.archivedAt === undefined)
    .flatMap((node) => {
      const due = dueMoment(node.task.due);
      return due === undefined ? [] : [{ node, due, given: node.task.due ?? due }];
    })
    .sort((a, b) => Date.parse(a.due) - Date.parse(b.due) || a.node.task.number - b.node.task.number);
  const view = ({ node, due, given }: (typeof dated)[number]) => ({
    ...mention(graph, node.task, now),
    due: given,
    priority: node.task.priority,
    hours: hoursBetween(...(due <= now ? ([due, now] as const) : ([now, due] as const))),
    holdsUp: [...node.dependants].filter(({ task }) => !isClosed(task.status)).length,
  });
  const end = withinDays === undefined ? now : new Date(Date.parse(now) + withinDays * 86_400_000).toISOString();
  return {
    overdue: dated.filter(({ due }) => due <= now).map(view),
    ...(withinDays !== undefined && { soon: dated.filter(({ due }) => due > now && due <= end).map(view) }),
  };
}
