import * as z from 'zod';
import { taskMention } from '../analysis/mention.js';
import { givenValues, validationView } from '../criteria/criteriaInputs.js';
import { type Input, type Output, schema } from '../input.js';
import { leaseVersion, taskAddress } from '../tasks/taskInputs.js';
import { taskView } from '../tasks/taskView.js';
import { timeEntryView } from '../time/timeInputs.js';

export const completeInput = schema(() =>
  z.object({
    tasks: z.array(taskAddress()).optional(),
    query: z.string().optional().describe('The open tasks that a filter admits, such as: tag:api'),
    summary: z.string().trim().max(5000, 'is longer than 5,000 characters').optional().describe('What was done'),
    actualHours: z
      .number()
      .min(0, 'must not be less than 0')
      .max(100_000, 'is more than 100,000 hours')
      .optional()
      .describe('Hours that it took; absent: what was tracked'),
    validate: z.boolean().optional().describe('Refuse while a success criterion is not met'),
    values: givenValues().optional(),
    force: z.boolean().optional().describe('Although criteria are not met or dependencies are open'),
    impactReview: z.boolean().optional().describe('Tell those whose open tasks refer to the same files'),
    lease: leaseVersion().optional(),
  }),
);

/** A completed task and what followed. */
export const completionView = schema(() =>
  z.object({
    task: taskView(),
    already: z.boolean().describe('True where it was completed before: nothing but what was given is changed'),
    stopped: z.array(timeEntryView()).describe('Clocks that were running on it'),
    validation: validationView().optional(),
    review: z
      .object({
        files: z.array(z.string()).describe('What it refers to'),
        affected: z.array(taskMention().extend({ paths: z.array(z.string()) })),
      })
      .optional()
      .describe('The open tasks that refer to the same files'),
  }),
);

export const completionsView = schema(() =>
  z.object({
    completed: z.array(completionView()),
    released: z.array(z.string()).describe('Ids of the tasks that became ready'),
  }),
);

export type CompleteInput = Input<typeof completeInput>;
export type CompletionView = Output<typeof completionView>;
export type CompletionsView = Output<typeof completionsView>;
