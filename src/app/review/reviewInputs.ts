import * as z from 'zod';
import { changeView, conflictView } from '../history/historyInputs.js';
import { type Input, type Output, schema } from '../input.js';
import { taskAddress } from '../tasks/taskInputs.js';

const actor = schema(() => z.string().min(1, 'must not be empty').describe('Only what this one did'));

export const reviewInput = schema(() =>
  z.object({
    actor: actor().optional(),
    task: taskAddress().optional(),
    limit: z.number().int('must be a whole number').min(1, 'must be at least 1').default(200),
  }),
);

export const acceptChangesInput = schema(() =>
  z.object({
    actor: actor().optional(),
    task: taskAddress().optional(),
    upTo: z
      .number()
      .int('must be a whole number')
      .min(0, 'must not be negative')
      .optional()
      .describe('Only what was recorded up to this transaction: the head of the list that was looked at'),
  }),
);

export const revertChangesInput = schema(() =>
  z.object({
    actor: actor().optional(),
    task: taskAddress().optional(),
    all: z.boolean().optional().describe('What everybody did; else an actor or a task has to be named'),
    upTo: acceptChangesInput().shape.upTo,
    dryRun: z.boolean().optional().describe('Only say what would be taken back'),
  }),
);

export type ReviewInput = Input<typeof reviewInput>;
export type AcceptChangesInput = Input<typeof acceptChangesInput>;
export type RevertChangesInput = Input<typeof revertChangesInput>;

/** What is left of an actor's changes of a task. */
export const reviewedTaskView = schema(() =>
  z.object({
    task: z.string().describe('Id'),
    name: z.string().describe('T-<number>'),
    title: z.string(),
    actor: z.string(),
    kind: z.enum(['added', 'changed', 'removed']).describe('What became of the task itself'),
    seq: z.number().describe('The last of the transactions'),
    at: z.string().describe('When that was'),
    changes: z.array(changeView()).describe('Several changes of one field are one, from before to after'),
    again: z
      .array(z.object({ field: z.string(), by: z.string() }))
      .describe('Fields that others changed after it: these cannot be taken back any more'),
  }),
);

export const reviewView = schema(() =>
  z.object({
    person: z.string().describe('Who looks'),
    since: z.number().describe('Everything up to this transaction was looked at'),
    head: z.number().describe('The last transaction'),
    actors: z.array(z.object({ actor: z.string(), tasks: z.array(reviewedTaskView()) })),
    total: z.number().describe('Changed tasks, one for each actor; those too that are not listed'),
    truncated: z.boolean().describe('True where there is more, or more than what was looked through'),
  }),
);

/** A task whose changes were accepted or taken back. */
const settledView = schema(() => reviewedTaskView().pick({ task: true, name: true, title: true, actor: true }));

export const acceptedView = schema(() =>
  z.object({
    upTo: z.number().describe('What was recorded later waits to be looked at'),
    accepted: z.array(settledView()).describe('At most 100'),
    truncated: z.boolean(),
  }),
);

export const revertedView = schema(() =>
  z.object({
    dryRun: z.boolean(),
    seq: z.number().optional().describe('The transaction that took them back: “tm undo” with it brings them again'),
    reverted: z.array(reviewedTaskView()),
    conflicts: z.array(conflictView()),
  }),
);

/** A task without and with an actor's changes, as Markdown; empty where it is not there. */
export const reviewDiffView = schema(() =>
  z.object({
    task: z.string(),
    name: z.string(),
    diffs: z.array(z.object({ actor: z.string(), before: z.string(), after: z.string() })),
  }),
);

export type ReviewedTaskView = Output<typeof reviewedTaskView>;
export type ReviewView = Output<typeof reviewView>;
export type AcceptedView = Output<typeof acceptedView>;
export type RevertedView = Output<typeof revertedView>;
export type ReviewDiffView = Output<typeof reviewDiffView>;
