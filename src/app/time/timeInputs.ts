import * as z from 'zod';
import { parseHours } from '../../core/time/hours.js';
import { PERIODS } from '../../core/time/period.js';
import { taskMention } from '../analysis/mention.js';
import { type Input, type Output, schema } from '../input.js';
import { leaseVersion, taskAddress } from '../tasks/taskInputs.js';
import { taskView } from '../tasks/taskView.js';

const note = schema(() =>
  z.string().trim().min(1, 'must not be empty').max(1000, 'is longer than 1,000 characters').describe('What was done'),
);

export const period = schema(() => z.enum(PERIODS).describe('The last day, 7 days, 30 days, or all of it'));

export const startInput = schema(() =>
  z.object({
    task: taskAddress(),
    force: z.boolean().optional().describe('Although dependencies are open'),
    lease: leaseVersion().optional(),
  }),
);

export const stopInput = schema(() =>
  z.object({
    task: taskAddress().optional().describe('The task; absent: whatever the actor is timing'),
    note: note().optional(),
  }),
);

export const addTimeInput = schema(() =>
  z.object({
    task: taskAddress(),
    spent: z.string().describe('How long it took: 1h30m, 90m, 1.5h or 2:15').transform(parseHours),
    at: z
      .string()
      .optional()
      .describe('When it began: an ISO time, or words such as today 09:00; absent: it ended now'),
    note: note().optional(),
  }),
);

export const timeEntryView = schema(() =>
  z.object({
    id: z.string(),
    task: z.string(),
    agent: z.string(),
    startedAt: z.string(),
    endedAt: z.string().optional().describe('Absent while it is running'),
    hours: z.number().describe('Until now for one that is running'),
    note: z.string().optional(),
  }),
);

/** Time against estimate. */
const actualHours = schema(() =>
  z.object({
    hours: z.number().nullable().describe('Null where nothing was tracked and nothing set'),
    basis: z.enum(['tracked', 'by_hand', 'none']).describe('Sum of the finished entries, or set by hand'),
    trackedHours: z.number().describe('Sum of the finished entries'),
    entries: z.number().describe('How many finished entries'),
    estimatedHours: z.number().nullable(),
    ratio: z.number().nullable().describe('Actual hours over estimated hours; null where one is missing'),
  }),
);

export const startView = schema(() =>
  z.object({
    task: taskView(),
    entry: timeEntryView().describe('The running entry'),
    resumed: z.boolean().describe('True where it was running already'),
    stopped: z.array(timeEntryView()).describe('What the actor was timing until then'),
  }),
);

export const stopView = schema(() =>
  z.object({ stopped: z.array(timeEntryView().extend({ name: z.string(), actual: actualHours() })) }),
);

export const taskTimeView = schema(() =>
  z.object({ task: taskMention(), actual: actualHours(), entries: z.array(timeEntryView()) }),
);

export const timeReportInput = schema(() =>
  z.object({
    period: period().default('all'),
    by: z.enum(['task', 'agent', 'day']).default('task').describe('What the hours are added up by; days are UTC'),
  }),
);

export const timeReportView = schema(() =>
  z.object({
    period: period(),
    since: z.string().nullable(),
    by: z.enum(['task', 'agent', 'day']),
    rows: z.array(
      z.object({
        key: z.string().describe('Id of the task, name of the agent, or date'),
        label: z.string(),
        hours: z.number().describe('Within the period, running entries until now'),
        entries: z.number(),
        estimatedHours: z.number().nullable().optional().describe('Of the task; only by task'),
      }),
    ),
    hours: z.number(),
    entries: z.number(),
    running: z.number().describe('How many of these are running'),
  }),
);

export type StartInput = Input<typeof startInput>;
export type StopInput = Input<typeof stopInput>;
export type AddTimeInput = Input<typeof addTimeInput>;
export type TimeReportInput = Input<typeof timeReportInput>;
export type TimeEntryView = Output<typeof timeEntryView>;
export type StartView = Output<typeof startView>;
export type StopView = Output<typeof stopView>;
export type TaskTimeView = Output<typeof taskTimeView>;
export type ActualHours = Output<typeof actualHours>;
export type TimeReportView = Output<typeof timeReportView>;
