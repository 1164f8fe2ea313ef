import * as z from 'zod';
import { taskMention } from '../../analysis/mention.js';
import { type Input, type Output, schema } from '../../input.js';
import { taskAddress } from '../../tasks/taskInputs.js';
import { EFFORT_SOURCES } from './outlook.js';

const whole = (least: number, most: number) =>
  z.number().int('must be a whole number').min(least, `must be at least ${least}`).max(most, `is more than ${most}`);

export const forecastInput = schema(() =>
  z.object({
    task: taskAddress().optional().describe('When this one is done, with all that it waits for'),
    milestone: z.string().min(1, 'must not be empty').optional().describe('When all tasks of this milestone are done'),
    query: z.string().optional().describe('When all tasks that this filter admits are done'),
    workers: whole(1, 1000).default(1).describe('How many tasks are worked on at once'),
    runs: whole(1, 100_000).default(1000).describe('How often the work is played through'),
    seed: whole(0, 4_294_967_295).default(1).describe('The same seed gives the same forecast'),
  }),
);

const hours = (says: string) => z.number().describe(`${says}, hours of work from now`);
const share = (says: string) => z.number().min(0).max(1).describe(says);
const date = (says: string) => z.string().nullable().describe(`${says}, UTC; null where that is a century away`);

const quantiles = schema(() =>
  z.object({ p50: hours('In half of the runs'), p80: hours('In 80 %'), p95: hours('In 95 %') }),
);

export const HELD = ['needs_decision', 'waits_for_decision', 'cycle'] as const;

const entry = schema(() =>
  taskMention().extend({
    p50: hours('Done in half of the runs'),
    p80: hours('Done in 80 %'),
    dates: z.object({ p50: date('The same as a date'), p80: date('The same as a date') }),
    effort: z
      .object({
        p50: z.number(),
        p80: z.number(),
        from: z.enum(EFFORT_SOURCES),
        spent: z.number().describe('Hours that were spent already: what is left is reckoned from that'),
      })
      .nullable()
      .describe('Hours of work in it; null for a task that consists of subtasks, and for one of no work'),
    criticality: share('Share of the runs in which it was on the longest chain'),
    due: z.string().optional(),
    onTime: z.number().nullable().optional().describe('Probability to be done by the due time'),
  }),
);

/** When work is likely to be done. */
export const forecastView = schema(() =>
  z.object({
    target: z.object({
      kind: z.enum(['plan', 'milestone', 'query', 'task']),
      name: z.string().nullable().describe('The milestone, the filter, or the name of the task'),
    }),
    message: z.string(),
    at: z.string().describe('When “now” is, UTC'),
    tasks: z.number().describe('Open tasks that have to be done for it'),
    hours: quantiles().nullable().describe('When all is done; null where nothing is open, and for a task that is held'),
    dates: z.object({ p50: date('Half of the runs'), p80: date('80 %'), p95: date('95 %') }).nullable(),
    work: z.number().nullable().describe('Hours of work in all of it, median'),
    criticalPath: z
      .object({
        hours: z.number().describe('Its length, median: what it takes however many work on it'),
        share: share('Its length by the time that it takes with these workers, median: near 1, more would not help'),
      })
      .nullable(),
    bottlenecks: z
      .array(
        taskMention().extend({
          criticality: share('Share of the runs in which it was on the longest chain'),
          hours: z.number().describe('What it adds to that chain on average'),
        }),
      )
      .describe('What the longest chain is made of most'),
    histogram: z.array(z.object({ from: z.number(), to: z.number(), runs: z.number() })).describe('In hours of work'),
    entries: z.array(entry()).describe('Each task, the first one done first'),
    held: z
      .array(taskMention().extend({ why: z.enum(HELD) }))
      .describe('Tasks of which no date can be told: they are left out'),
    blocked: z.array(taskMention()).describe('Tasks that somebody blocked: counted as if they were released now'),
    basis: z.object({
      runs: z.number(),
      askedRuns: z.number().describe('More than were played where that would have taken too much memory'),
      seed: z.number(),
      workers: z.number(),
      sources: z
        .array(z.object({ from: z.enum([...EFFORT_SOURCES, 'subtasks']), tasks: z.number(), says: z.string() }))
        .describe('Where the hours of the tasks come from'),
      working_hours: z.object({ days: z.string(), hours: z.string(), time_zone: z.string() }),
      says: z.string().describe('What is taken for granted'),
    }),
  }),
);

export type ForecastInput = Input<typeof forecastInput>;
export type ForecastView = Output<typeof forecastView>;
