import * as z from 'zod';
import { changeView } from '../history/historyInputs.js';
import { type Input, type Output, schema } from '../input.js';
import { notificationView } from '../notifications/notificationInputs.js';
import { taskAddress } from '../tasks/taskInputs.js';

export const watchInput = schema(() =>
  z.object({
    since: z
      .number()
      .int('must be a whole number')
      .min(0, 'must not be negative')
      .optional()
      .describe('First what happened after this transaction; absent: only what happens from now on'),
    query: z.string().optional().describe('Only changes of tasks that this filter admits after them: tag:api'),
    task: taskAddress().optional().describe('Only changes of this task'),
    types: z
      .array(z.string())
      .optional()
      .describe('Only actions of this name or beginning: task, task.completed, collaboration, claim'),
    actor: z.string().optional().describe('Only what this one did'),
  }),
);

/** A recorded transaction, as whoever follows the plan is told of it. */
export const watchEventView = schema(() =>
  z.object({
    seq: z.number().describe('Number of the transaction: go on with it after an interruption'),
    at: z.string(),
    actor: z.string(),
    action: z.string().describe('store.reloaded: another program changed these tasks in the SQLite file'),
    tasks: z.array(z.object({ id: z.string(), name: z.string(), title: z.string().optional() })),
    changes: z.array(changeView()),
    notifications: z.array(notificationView()).describe('Those of it that are for you'),
  }),
);

export type WatchInput = Input<typeof watchInput>;
export type WatchEventView = Output<typeof watchEventView>;
