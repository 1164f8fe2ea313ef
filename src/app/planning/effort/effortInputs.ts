import * as z from 'zod';
import { SPENT_SOURCES } from '../../../core/planning/effort/spent.js';
import { taskMention } from '../../analysis/mention.js';
import { type Input, type Output, schema } from '../../input.js';
import { taskAddress } from '../../tasks/taskInputs.js';

export const estimateOptions = schema(() =>
  z.object({
    use_historical_data: z.boolean().default(true).describe('Learn from finished tasks'),
    apply: z.boolean().default(false).describe('Also set the estimated hours of the task'),
  }),
);

export const estimateInput = schema(() => estimateOptions().extend({ task: taskAddress() }));

export const estimateManyInput = schema(() =>
  estimateOptions().extend({
    tasks: z.array(taskAddress()).min(1).optional(),
    query: z.string().optional().describe('The tasks that this filter admits; without tasks and filter all open ones'),
  }),
);

const hours = (says: string) => z.number().describe(`${says}, hours of work`);

const similarTask = schema(() =>
  z.object({
    id: z.string(),
    name: z.string(),
    title: z.string(),
    hours: hours('What it took'),
    source: z.enum(SPENT_SOURCES).describe('Where that is known from'),
    weight: z.number().describe('How much it counts: its similarity, from 0 to 1'),
  }),
);

const effortBasis = schema(() =>
  z.object({
    n: z.number().describe('How many finished tasks it is learnt from'),
    source: z.string().describe('What it is reckoned from, in words'),
    prior: z.object({
      hours: hours('What was expected before any experience'),
      from: z.enum(['complexity', 'store_median', 'default', 'subtasks']),
      weight: z.number().describe('As many finished tasks does it count for'),
    }),
    score: z.number().nullable().describe('Complexity from 1 to 10; null where it is not known'),
    sigma: z.number().nullable().describe('Standard deviation of the logarithm; null of a sum'),
    similar: z.array(similarTask()).describe('The finished tasks, the most similar first'),
    subtasks: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          title: z.string(),
          p50: hours('Its own estimate'),
          p80: hours('The same for four of five'),
          actual: z.number().nullable().describe('What it took, where it is done'),
        }),
      )
      .optional()
      .describe('Of a task with subtasks: what the sum is of'),
  }),
);

/** How long a task will likely take. */
export const estimateView = schema(() =>
  z.object({
    task: taskMention(),
    estimatedHours: hours('p50 to half an hour'),
    message: z.string(),
    p50: hours('As likely more as less'),
    p80: hours('Four of five such tasks take no longer'),
    low: hours('One of ten takes less'),
    high: hours('One of ten takes more'),
    basis: effortBasis(),
    spent: z
      .object({ hours: hours('Spent so far'), source: z.enum(SPENT_SOURCES) })
      .nullable()
      .describe('What the task itself took so far; it does not change the estimate'),
    stored: z.enum(['kept', 'unchanged', 'not_kept']).describe('unchanged: this very estimate was kept already'),
    applied: z.boolean().describe('True where it was set as the estimated hours of the task'),
  }),
);

export const estimatesView = schema(() => z.object({ estimates: z.array(estimateView()), total: z.number() }));

export const accuracyView = schema(() =>
  z.object({
    n: z.number().describe('Completed tasks that were estimated before, and whose actual hours are known'),
    medianRelativeError: z.number().nullable().describe('Median of |actual − p50| / p50'),
    medianRatio: z.number().nullable().describe('Median of actual / p50'),
    withinP80: z.number().nullable().describe('Percentage of actual hours within p80: near 80 is honest'),
    basis: z.string(),
  }),
);

export type EstimateInput = Input<typeof estimateInput>;
export type EstimateManyInput = Input<typeof estimateManyInput>;
export type EstimateView = Output<typeof estimateView>;
export type EstimatesView = Output<typeof estimatesView>;
export type AccuracyView = Output<typeof accuracyView>;
