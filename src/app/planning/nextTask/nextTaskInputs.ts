import * as z from 'zod';
import { parsePriority } from '../../../core/model/priority.js';
import { checkTags } from '../../../core/model/task.js';
import { FACTORS } from '../../../core/planning/nextTask/weights.js';
import { type Input, type Output, schema } from '../../input.js';
import { taskSummaryView, taskView } from '../../tasks/taskView.js';

const PRIORITY_NUMBERS = ['background', 'low', 'medium', 'high', 'critical'] as const;

const complexity = schema(() => z.number().min(1, 'must be at least 1').max(10, 'must be at most 10'));
const hours = schema(() => z.number().positive('must be more than 0').max(100_000, 'is more than 100,000 hours'));
const words = schema(() => z.array(z.string().trim().min(1, 'must not be empty')));
const tags = schema(() => z.array(z.string()).transform(checkTags));

/** What the next task has to be like; names and meaning of seed 002's get_next_task. */
export const nextTaskInput = schema(() =>
  z.object({
    project_id: z.string().trim().min(1).optional().describe('Only tasks of this project'),
    max_complexity: complexity().optional().describe('No task that is known to be more complex (1–10); 8 if not given'),
    max_complexity_limit: complexity().optional().describe('Another name of max_complexity: the lower of both counts'),
    preferred_task_types: words().optional().describe('Tasks of other types score lower'),
    preferred_languages: words().optional().describe('Tasks in other languages score lower'),
    excluded_tags: tags().optional().describe('No task with any of these tags'),
    required_tags: tags().optional().describe('Only tasks with all of these tags'),
    max_estimated_hours: hours().optional().describe('No task that is known to take longer'),
    min_estimated_hours: hours().optional().describe('No task that is known to take less'),
    priority_threshold: z
      .union([z.string(), z.number().int().min(0).max(4)])
      .optional()
      .describe('No task of a lower priority: its name, or 0 (background) to 4 (critical)')
      .transform((value) =>
        typeof value === 'number' ? PRIORITY_NUMBERS[value] : value === undefined ? undefined : parsePriority(value),
      ),
    enable_grouping: z
      .boolean()
      .default(true)
      .describe('In the plan of the hours at hand, tasks that have files or tags in common follow each other'),
    minimize_context_switching: z
      .boolean()
      .default(true)
      .describe('Tasks like the one that you worked on last score higher'),
    hours_available_today: hours()
      .optional()
      .describe('No task that is known to take longer; as many as fit are suggested one after another'),
    available_developers: z
      .number()
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(100, 'must be at most 100')
      .optional()
      .describe('So many tasks that can be worked on at once: none is part of another, and no two touch the same file'),
    limit: z
      .number()
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(1000, 'must be at most 1,000')
      .optional()
      .describe('The best so many, where nothing is said of developers'),
  }),
);

const hoursOrNull = (says: string) => z.number().nullable().describe(`${says}; null where nobody knows`);
const partScore = (says: string) => z.number().nullable().describe(`${says}, 0 to 1; null where nothing is known`);

const scores = schema(() =>
  z.object({
    estimatedEffort: hoursOrNull('Hours, as likely more as less (p50)'),
    estimatedEffortP80: hoursOrNull('Hours that are enough in four of five cases'),
    complexity: hoursOrNull('1 to 10, from its analysis'),
    readinessScore: partScore('How well it is prepared'),
    urgencyScore: partScore('How soon it has to be begun'),
    priorityScore: partScore('Its priority'),
    businessValueScore: partScore('What it and what waits for it are worth an hour'),
    technicalComplexityScore: partScore('How it fits: complexity, hours, preferences'),
    resourceAvailabilityScore: partScore('How its hours fit into those of today'),
    continuityScore: partScore('What it has in common with the last task'),
    overallScore: z.number().describe('The sum of the contributions, 0 to 1'),
    blockingFactors: z.array(
      z.object({
        type: z.enum(['dependency', 'resource', 'technical', 'business', 'deadline']),
        description: z.string(),
        impact: z.enum(['low', 'medium', 'high', 'critical']),
        mitigation: z.string().optional(),
      }),
    ),
    successProbability: z
      .number()
      .nullable()
      .describe(
        'That it is done within the hours of today, by p50 and p80 as a log-normal; null where they are not known',
      ),
  }),
);

const decisionFactor = schema(() =>
  z.object({
    name: z.enum(FACTORS),
    weight: z.number().describe('Share among the parts that are known'),
    score: z.number(),
    contribution: z.number().describe('weight × score'),
    description: z.string(),
    basis: z.record(z.string(), z.unknown()).describe('What it was made from'),
  }),
);

const chosenTask = schema(() => taskView().extend(scores().shape));
const alternative = schema(() => taskSummaryView().extend({ ...scores().shape, reasons: z.array(z.string()) }));

const risk = schema(() =>
  z.object({
    category: z.enum(['deadline', 'estimate', 'resource', 'technical', 'description']),
    description: z.string(),
    impact: z.enum(['low', 'medium', 'high', 'critical']),
    mitigation: z.string(),
  }),
);

/** What was chosen, and why. */
export const selectionView = schema(() =>
  z.object({
    task_id: z.string().nullable(),
    selectedTask: chosenTask().nullable(),
    /** One a developer, or the best so many; the first is the selected one. */
    selectedTasks: z.array(alternative()).describe('All that were asked for, the selected one first'),
    alternatives: z.array(alternative()).describe('The next best, at most five'),
    reason: z.enum(['empty', 'all_blocked', 'none_match']).optional().describe('Why there is none'),
    blockers: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          title: z.string(),
          state: z.string(),
          waiting: z.number().describe('How many tasks wait for it, directly or through others'),
        }),
      )
      .describe('Where nothing is ready: what is in the way, at most ten'),
    relaxations: z
      .array(
        z.object({
          constraint: z.string().describe('The name of the parameter; of several where no single one is enough'),
          value: z.union([z.string(), z.number()]).describe('What was asked for'),
          to: z
            .union([z.string(), z.number()])
            .nullable()
            .describe('The nearest value at which a task fits; null: leave it out'),
          admits: z.number().describe('How many tasks fit then'),
        }),
      )
      .describe('Where nothing fits: what would help, each by itself'),
    reasoning: z.object({
      primaryReason: z.string(),
      decisionFactors: z.array(decisionFactor()),
      missingFactors: z.array(z.object({ name: z.enum(FACTORS), reason: z.string() })),
      alternativesConsidered: z.array(z.object({ task_id: z.string(), name: z.string(), reason: z.string() })),
      riskTradeOffs: z.array(z.string()),
      expectedBenefits: z.array(z.string()),
    }),
    schedulingSuggestions: z.array(
      z.object({
        task_id: z.string(),
        worker: z.number(),
        suggestedStartTime: z.string(),
        estimatedCompletionTime: z.string().nullable().describe('If it is worked on without a break'),
        recommendedDuration: hoursOrNull('Hours'),
        resourceRequirements: z.array(z.string()).describe('Files that it touches'),
        rationale: z.string(),
      }),
    ),
    riskAssessment: z.object({
      overallRisk: z.enum(['low', 'medium', 'high', 'critical']),
      riskFactors: z.array(risk()),
      mitigationStrategies: z.array(z.string()),
      contingencyPlans: z.array(z.string()),
    }),
    metadata: z.object({
      selectionTime: z.string(),
      analysisDepth: z.enum(['standard', 'comprehensive', 'deep']),
      candidatesConsidered: z.number().describe('Ready tasks that fit'),
      ready: z.number(),
      open: z.number(),
      criteria: z.record(z.string(), z.unknown()),
      weights: z.record(z.string(), z.number()),
    }),
  }),
);

export const nextTaskView = schema(() =>
  z.object({
    task: taskView().nullable(),
    selection: selectionView(),
    message: z.string(),
  }),
);

export type NextTaskInput = Input<typeof nextTaskInput>;
export type NextTaskAsked = Output<typeof nextTaskInput>;
export type SelectionView = Output<typeof selectionView>;
export type NextTaskView = Output<typeof nextTaskView>;
export type AlternativeView = Output<typeof alternative>;
export type RiskView = Output<typeof risk>;
