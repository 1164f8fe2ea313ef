import * as z from 'zod';
import { PERIODS } from '../../core/time/period.js';
import { type Input, type Output, schema } from '../input.js';
import { taskAddress } from '../tasks/taskInputs.js';

const score = (what: string) =>
  z
    .number()
    .refine((value) => Number.isInteger(value) && value >= 1 && value <= 5, {
      error: `${what} score must be a whole number between 1 and 5`,
    })
    .describe('From 1 (poor) to 5 (excellent)');

const NOTE_LIMIT = 500;

export const feedbackInput = schema(() =>
  z.object({
    task: taskAddress(),
    quality: score('Quality').optional(),
    timeliness: score('Timeliness').optional(),
    note: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .refine((text) => [...text].length <= NOTE_LIMIT, `is longer than ${NOTE_LIMIT} characters`)
      .optional(),
    replace: z.boolean().optional().describe('Although it has feedback: what is given takes the place of what was'),
  }),
);

export const feedbackView = schema(() =>
  z.object({
    task: z.string(),
    name: z.string(),
    quality: z.number().nullable(),
    timeliness: z.number().nullable(),
    note: z.string().nullable(),
    replaced: z.boolean(),
  }),
);

export const feedbackMetricsInput = schema(() =>
  z.object({
    period: z.enum(PERIODS).default('all').describe('Tasks completed in the last day, 7 days, 30 days, or ever'),
    by: z.enum(['assignee', 'type']).optional(),
  }),
);

const averages = schema(() =>
  z.object({
    quality: z.number().nullable().describe('Mean of the scores; null where there is none'),
    qualityScores: z.number().describe('How many scores the mean is of'),
    timeliness: z.number().nullable(),
    timelinessScores: z.number(),
    withFeedback: z.number().describe('Completed tasks that have feedback'),
    total: z.number().describe('Completed tasks'),
    coverage: z.number().nullable().describe('Percentage of the completed tasks that have feedback'),
  }),
);

export const feedbackMetricsView = schema(() =>
  averages().extend({
    period: z.enum(PERIODS),
    since: z.string().nullable(),
    by: z.enum(['assignee', 'type']).optional(),
    groups: z.array(averages().extend({ key: z.string().nullable().describe('Null: assigned to nobody') })).optional(),
  }),
);

export type FeedbackInput = Input<typeof feedbackInput>;
export type FeedbackView = Output<typeof feedbackView>;
export type FeedbackMetricsInput = Input<typeof feedbackMetricsInput>;
export type FeedbackMetricsView = Output<typeof feedbackMetricsView>;
export type FeedbackAverages = Output<typeof averages>;
