import * as z from 'zod';
import { overdueView } from '../analysis/overdue.js';
import { feedbackMetricsView } from '../feedback/feedbackInputs.js';
import { type Input, type Output, schema } from '../input.js';
import { measuresView } from './metricsInputs.js';

export const assessmentInput = schema(() =>
  z.object({
    days: z
      .number()
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(3650, 'is more than 3650')
      .default(30)
      .describe('How many days it looks back'),
  }),
);

/** How a project did in the last days. */
export const assessmentView = schema(() =>
  z.object({
    days: z.number(),
    since: z.string(),
    at: z.string(),
    measures: measuresView(),
    before: measuresView()
      .pick({ throughput: true, cycleTime: true })
      .describe('As many days before that, to compare with'),
    feedback: feedbackMetricsView().omit({ period: true, since: true, by: true, groups: true }),
    overdue: overdueView().shape.overdue,
    stuck: z.object({
      waiting: z.number().describe('Tasks that wait for others'),
      needsDecision: z.number().describe('Tasks whose dependency was cancelled'),
      blocked: z.number().describe('Tasks that somebody blocked'),
    }),
    assignees: z.array(
      z.object({
        assignee: z.string().nullable(),
        completed: z.number(),
        open: z.number(),
        medianCycleHours: z.number().nullable(),
        n: z.number().describe('Tasks that the median is of'),
      }),
    ),
    findings: z
      .array(z.object({ finding: z.string(), evidence: z.string(), command: z.string() }))
      .describe('What stands out, by what it shows, and the command that shows or mends it'),
  }),
);

export type AssessmentInput = Input<typeof assessmentInput>;
export type AssessmentView = Output<typeof assessmentView>;
