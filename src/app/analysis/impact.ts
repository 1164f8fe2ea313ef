import * as z from 'zod';
import { type Timetable, timetable } from '../../core/graph/criticalPath.js';
import { downstream, releasedBy } from '../../core/graph/downstream.js';
import { dueMoment } from '../../core/model/due.js';
import type { FileReference } from '../../core/model/fileReference.js';
import type { TaskSummary } from '../../core/model/task.js';
import { isClosed } from '../../core/model/workState.js';
import { readOpenReferencesTo, readReferences } from '../../store/repositories/referenceRows.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { taskAddress } from '../tasks/taskInputs.js';
import { mention, taskMention } from './mention.js';

export const impactInput = schema(() =>
  z.object({
    task: taskAddress(),
    hoursPerDay: z
      .number()
      .positive('must be more than 0')
      .max(24, 'is more than 24')
      .default(8)
      .describe('Hours of work in a day, by which estimates become dates'),
  }),
);

/** What hangs on a task. */
export const impactView = schema(() =>
  z.object({
    task: taskMention(),
    downstream: z
      .array(taskMention().extend({ distance: z.number().describe('1 where it waits for the task directly') }))
      .describe('Everything that waits for it, directly or through others, the nearest first; finished tasks too'),
    open: z.number().describe('How many of these are open'),
    readyAtOnce: z.array(taskMention()).describe('What can start as soon as it is completed'),
    sharedFiles: z
      .array(
        z.object({
          path: z.string(),
          tasks: z.array(taskMention().extend({ overlaps: z.boolean().describe('True where the lines overlap') })),
        }),
      )
      .describe('Files that it refers to, with the open tasks that refer to them too'),
    deadlines: z
      .array(
        taskMention().extend({
          due: z.string().describe('A date, kept as its first moment, lasts until its end'),
          risk: z.enum(['overdue', 'late', 'tight']),
          earliestFinish: z.string().optional().describe('When it can be finished by the estimates'),
        }),
      )
      .describe('Due times of it and of what waits for it that have passed, cannot be met, or leave less than a day'),
    basis: z
      .object({ hoursPerDay: z.number(), estimated: z.number(), unestimated: z.number(), substituteHours: z.number() })
      .describe('What the dates are reckoned from'),
  }),
);

export type ImpactInput = Input<typeof impactInput>;
export type ImpactView = Output<typeof impactView>;

const DAY = 86_400_000;

/** What a task's completion, delay or change would touch. Throws NOT_FOUND and AMBIGUOUS. */
export function impactOf(plan: Plan, input: ImpactInput): ImpactView {
  const { task: name, hoursPerDay } = parseInput(impactInput, input);
  const { graph } = plan;
  const now = plan.now();
  const node = graph.require(resolveTask(plan.store, name));
  const later = downstream(node);
  const times = timetable(graph);
  const concerned = [node.task, ...later.map((one) => one.node.task)];
  const { estimated, unestimated, substituteHours } = times.basis;
  return {
    task: mention(graph, node.task, now),
    downstream: later.map(({ node, distance }) => ({ ...mention(graph, node.task, now), distance })),
    open: later.filter(({ node: { task } }) => !isClosed(task.status)).length,
    readyAtOnce: isClosed(node.task.status) ? [] : releasedBy(node).map(({ task }) => mention(graph, task, now)),
    sharedFiles: sharedFiles(plan, node.task, now),
    deadlines: deadlinesAtRisk(concerned, times, { now, hoursPerDay }).map(({ task, ...risk }) => ({
      ...mention(graph, task, now),
      ...risk,
    })),
    basis: { hoursPerDay, estimated, unestimated, substituteHours },
  };
}

function sharedFiles(plan: Plan, task: TaskSummary, now: string): ImpactView['sharedFiles'] {
  const own = readReferences(plan.store, task.id);
  const others = readOpenReferencesTo(plan.store, [...new Set(own.map((reference) => reference.path))]).filter(
    (reference) => reference.task !== task.id,
  );
  return [...new Set(others.map((reference) => reference.path))].sort().map((path) => {
    const mine = own.filter((reference) => reference.path === path);
    const theirs = others.filter((reference) => reference.path === path);
    const tasks = [...new Set(theirs.map((reference) => reference.task))]
      .map((id) => plan.graph.require(id).task)
      .sort((a, b) => a.number - b.number);
    return {
      path,
      tasks: tasks.map((other) => ({
        ...mention(plan.graph, other, now),
        overlaps: theirs.some((one) => one.task === other.id && mine.some((reference) => overlap(reference, one))),
      })),
    };
  });
}

/** A reference without lines is to the whole file. */
function overlap(a: FileReference, b: FileReference): boolean {
  if (a.line === undefined || b.line === undefined) return true;
  return a.line <= (b.endLine ?? b.line) && b.line <= (a.endLine ?? a.line);
}

interface DeadlineRisk {
  readonly task: TaskSummary;
  readonly due: string;
  readonly risk: 'overdue' | 'late' | 'tight';
  readonly earliestFinish?: string;
}

/** The open tasks among those given whose due time passed, comes before they can be finished, or less than a day after. */
function deadlinesAtRisk(
  tasks: readonly TaskSummary[],
  times: Timetable,
  { now, hoursPerDay }: { now: string; hoursPerDay: number },
): DeadlineRisk[] {
  const entries = new Map(times.entries.map((entry) => [entry.id, entry]));
  return tasks.flatMap((task): DeadlineRisk[] => {
    const due = dueMoment(task.due);
    if (due === undefined || isClosed(task.status)) return [];
    const entry = entries.get(task.id);
    const finish = entry && Date.parse(now) + (entry.earliestFinish / hoursPerDay) * DAY;
    const earliestFinish = finish === undefined ? undefined : new Date(finish).toISOString();
    const facts = { task, due: task.due ?? due, ...(earliestFinish !== undefined && { earliestFinish }) };
    if (due <= now) return [{ ...facts, risk: 'overdue' }];
    if (finish === undefined) return [];
    if (finish > Date.parse(due)) return [{ ...facts, risk: 'late' }];
    return finish > Date.parse(due) - DAY ? [{ ...facts, risk: 'tight' }] : [];
  });
}
