import * as z from 'zod';
import { checkTime } from '../../core/model/task.js';
import { type Input, type Output, schema } from '../input.js';
import { taskAddress } from '../tasks/taskInputs.js';

const since = schema(() =>
  z
    .string()
    .describe('From this date or time on: 2026-12-01 or an ISO time; or the sequence number of a transaction: 41')
    .transform((text) => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : checkTime('since', text))),
);

const sequence = schema(() => z.number().int('must be a whole number').min(0, 'must not be negative'));

export const logInput = schema(() =>
  z.object({
    task: taskAddress().optional(),
    since: since().optional(),
    actor: z.string().optional().describe('Only what this one did'),
    limit: z.number().int('must be a whole number').min(1, 'must be at least 1').default(50),
  }),
);

export const undoInput = schema(() =>
  z.object({
    seq: sequence().optional().describe('This transaction; one that undid others is thereby done again'),
    actor: z.string().min(1).optional().describe('Whose; by default your own'),
    since: since().optional().describe('All from then on; by default only the last one'),
    dryRun: z.boolean().optional().describe('Only say what would be undone'),
  }),
);

export const changedSinceInput = schema(() =>
  z.object({
    seq: sequence().describe('The head of the last answer; 0 for the beginning'),
    limit: z.number().int('must be a whole number').min(1, 'must be at least 1').default(200),
  }),
);

export type LogInput = Input<typeof logInput>;
export type UndoInput = Input<typeof undoInput>;
export type ChangedSinceInput = Input<typeof changedSinceInput>;

/** One field of a row, before and after. */
const fieldChange = schema(() => z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }));

/** A changed row, as people speak of it. */
export const changeView = schema(() =>
  z.object({
    task: z.string().describe('Id of the task that the row belongs to'),
    name: z.string().describe('T-<number>, also of a task that is gone'),
    what: z.enum(['task', 'dependency', 'link', 'reference', 'commit', 'note', 'time', 'trash', 'other']),
    kind: z.enum(['added', 'changed', 'removed']),
    other: z.string().optional().describe('T-<number> of the other end of a dependency or link'),
    path: z.string().optional().describe('The file of a reference'),
    commit: z.string().optional().describe('The hash of a commit that was linked'),
    title: z.string().optional().describe('Of a task that was added or removed'),
    fields: z.array(fieldChange()),
  }),
);

/** A recorded transaction. */
export const transactionView = schema(() =>
  z.object({
    seq: z.number(),
    at: z.string(),
    actor: z.string(),
    action: z.string(),
    undone: z.boolean().describe('True where a later transaction undid it'),
    changes: z.array(changeView()),
  }),
);

export const logView = schema(() =>
  z.object({
    transactions: z.array(transactionView()).describe('The newest first'),
    head: z.number().describe('Sequence number of the last transaction'),
    truncated: z.boolean(),
  }),
);

/** Why something cannot be undone. */
export const conflictView = schema(() =>
  z.object({
    seq: z.number().describe('The transaction that cannot be undone'),
    task: z.string(),
    name: z.string(),
    message: z.string(),
  }),
);

export const undoView = schema(() =>
  z.object({
    dryRun: z.boolean(),
    seq: z.number().optional().describe('The transaction that undid them'),
    undone: z.array(transactionView()),
    conflicts: z.array(conflictView()),
  }),
);

export const changedSinceView = schema(() =>
  z.object({
    head: z.number().describe('Give it the next time'),
    changed: z.array(z.string()).describe('Ids of tasks that are new or different, or whose edges or references are'),
    deleted: z.array(z.string()).describe('Ids of tasks that are gone'),
    everything: z.boolean().describe('True where a backup was put back meanwhile: read all anew'),
    truncated: z.boolean().describe('True where there is more: ask again with the new head'),
  }),
);

export type ChangeView = Output<typeof changeView>;
export type ConflictView = Output<typeof conflictView>;
export type TransactionView = Output<typeof transactionView>;
export type LogView = Output<typeof logView>;
export type UndoView = Output<typeof undoView>;
export type ChangedSinceView = Output<typeof changedSinceView>;
