import * as z from 'zod';
import { PERIODS } from '../../core/time/period.js';
import { blockedView } from '../analysis/blocked.js';
import { taskMention } from '../analysis/mention.js';
import { type Input, type Output, schema } from '../input.js';
import { accuracyView } from '../planning/effort/effortInputs.js';

export const metricsInput = schema(() =>
  z.object({
    period: z.enum(PERIODS).default('all').describe('The last day, 7 days, 30 days, or all time'),
    byAssignee: z.boolean().optional(),
    bottlenecks: z.boolean().optional(),
    databaseStats: z.boolean().optional(),
  }),
);

const count = (says: string) => z.number().describe(says);
const maybe = (says: string) => z.number().nullable().describe(`${says}; null where nothing is known`);
const basis = () => z.string().describe('What it is reckoned from');

const spread = schema(() =>
  z.object({
    n: count('How many tasks'),
    medianHours: maybe('Median'),
    p85Hours: maybe('85 % took no longer (nearest rank)'),
    basis: basis(),
  }),
);

/** How work goes; each part says how many tasks it is reckoned from. */
export const measuresView = schema(() =>
  z.object({
    throughput: z.object({ created: count('Tasks created'), completed: count('Tasks completed'), basis: basis() }),
    cycleTime: spread().describe('From the first start to the completion, in hours'),
    leadTime: spread().describe('From the creation to the completion, in hours'),
    velocity: z.object({
      n: count('Completed tasks'),
      weeks: count('Length of the period'),
      tasksPerWeek: maybe('Completed tasks a week'),
      estimatedHoursPerWeek: maybe('Their estimated hours a week'),
      estimated: count('How many of them have an estimate'),
      basis: basis(),
    }),
    estimates: z.object({
      n: count('Completed tasks with an estimate and actual hours'),
      medianRelativeError: maybe('Median of |actual − estimate| / estimate'),
      medianRatio: maybe('Median of actual / estimate: over 1 where work takes longer than thought'),
      basis: basis(),
    }),
    effort: accuracyView().describe('How good the estimates of “tm estimate” were'),
    criteria: z.object({
      n: count('Criteria of completed tasks'),
      passed: count('How many of them were checked off'),
      tasks: count('Completed tasks that have criteria'),
      rate: maybe('Percentage checked off'),
      basis: basis(),
    }),
    deadlines: z.object({
      n: count('Completed tasks that had a due time'),
      met: count('In time'),
      missed: count('Late'),
      rate: maybe('Percentage in time'),
      overdueNow: count('Open tasks whose due time has passed'),
      basis: basis(),
    }),
    workInProgress: z.object({
      inProgress: count('Tasks in progress now'),
      claimed: count('Tasks claimed and not started yet'),
      oldestHours: maybe('Since when the oldest of those in progress was started'),
      basis: basis(),
    }),
  }),
);

export const metricsView = schema(() =>
  measuresView().extend({
    period: z.enum(PERIODS),
    since: z.string().nullable(),
    assignees: z.array(measuresView().extend({ assignee: z.string().nullable() })).optional(),
    bottlenecks: z
      .object({
        release: blockedView().shape.release.describe('Open tasks that most others wait for'),
        aging: z
          .array(taskMention().extend({ hours: count('Since its first start') }))
          .describe(
            'Tasks in progress for longer than 85 % of the completed ones took, or all where none is completed',
          ),
        thresholdHours: maybe('That length'),
        n: count('Completed tasks that it is reckoned from'),
      })
      .optional(),
    database: z
      .object({
        schemaVersion: z.number(),
        bytes: count('Size of the SQLite image'),
        transactions: count('Recorded transactions'),
        rows: z.record(z.string(), z.number()),
      })
      .optional(),
  }),
);

export type MetricsInput = Input<typeof metricsInput>;
export type MetricsView = Output<typeof metricsView>;
export type MeasuresView = Output<typeof measuresView>;
