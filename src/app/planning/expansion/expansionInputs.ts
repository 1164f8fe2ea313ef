import * as z from 'zod';
import { PRIORITIES } from '../../../core/model/priority.js';
import {
  DOCUMENTATION_TYPES,
  LONGEST,
  MOST,
  MOST_HOURS,
  MOST_TASKS,
  RISK_LEVELS,
  SUBTASK_TYPES,
  TEST_TYPES,
} from '../../../core/planning/expansion/expandedTask.js';
import { type Input, type Output, schema } from '../../input.js';
import { MODEL_PROVIDERS } from '../../ports.js';
import { taskAddress } from '../../tasks/taskInputs.js';
import { taskView } from '../../tasks/taskView.js';

/** What can be asked for: `auto` tries them in order and ends with the template. */
export const EXPANSION_PROVIDERS = ['auto', ...MODEL_PROVIDERS, 'template'] as const;

/** Tokens of an answer at most, where nobody says how many. */
export const DEFAULT_MAX_TOKENS = 2000;
export const DEFAULT_DEPTH = 2;
export const DEFAULT_MAX_DEPTH = 3;

/** What `expand_task` of seed 002 takes. */
export const expandTaskInput = schema(() =>
  z.object({
    task: taskAddress(),
    depth: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(5, 'must be at most 5')
      .default(DEFAULT_DEPTH)
      .describe('Levels of subtasks: from 2 on, large subtasks are broken down too'),
    maxDepth: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(10, 'must be at most 10')
      .default(DEFAULT_MAX_DEPTH)
      .describe('Levels below the topmost task that there may be at all'),
    includeTests: z.boolean().default(true),
    includeDocumentation: z.boolean().default(true),
    includeImplementation: z.boolean().default(true).describe('Implementation steps'),
    provider: z
      .enum(EXPANSION_PROVIDERS)
      .optional()
      .describe('Who is asked; by default what the settings say, else auto'),
    model: z.string().trim().min(1, 'must not be empty').max(200).optional(),
    maxTokens: z
      .int('must be a whole number')
      .min(100, 'must be at least 100')
      .max(200_000, 'must be at most 200,000')
      .optional()
      .describe(
        `Tokens of each answer at most; ${DEFAULT_MAX_TOKENS} by default, and more where an answer was cut there`,
      ),
    temperature: z
      .number()
      .min(0, 'must not be less than 0')
      .max(2, 'must not be more than 2')
      .optional()
      .describe("0 to 2; the provider's own by default"),
  }),
);

const title = schema(() => z.string().min(1).max(LONGEST.title));
const longText = schema(() => z.string().max(LONGEST.text));
const lines = schema(() => z.array(z.string().max(LONGEST.line)).max(MOST.list));
const hours = schema(() =>
  z.number().positive().max(MOST_HOURS).nullable().describe('Hours; null where nobody estimated'),
);
const itemId = schema(() => z.string().regex(/^[std][1-9]\d*(\.[1-9]\d*)*$/, 'is no id such as s1, s1.2, t1 or d1'));
const itemIds = schema(() => z.array(itemId()).max(MOST_TASKS));

const subtask = schema(() =>
  z.object({
    id: itemId(),
    parentId: itemId().optional().describe('The subtask that it is a part of'),
    title: title(),
    description: longText(),
    estimatedEffort: hours(),
    priority: z.enum(PRIORITIES),
    dependencies: itemIds(),
    type: z.enum(SUBTASK_TYPES),
    requiredSkills: lines(),
    acceptanceCriteria: lines(),
    implementationHints: longText().optional(),
    technicalNotes: longText().optional(),
  }),
);

const implementationStep = schema(() =>
  z.object({
    stepNumber: z.int().min(1),
    subtaskId: itemId().optional().describe('The subtask that it is a step of'),
    title: title(),
    description: longText(),
    expectedOutcome: longText(),
    dependencies: z.array(z.int().min(1)).max(MOST.steps),
    resources: lines(),
    timeEstimate: hours(),
    riskLevel: z.enum(RISK_LEVELS),
    validationCriteria: lines(),
  }),
);

const testTask = schema(() =>
  z.object({
    id: itemId(),
    title: title(),
    type: z.enum(TEST_TYPES),
    description: longText(),
    scenarios: z
      .array(
        z.object({
          id: itemId(),
          description: longText(),
          steps: lines(),
          expectedResults: lines(),
          edgeCases: lines().optional(),
          testDataRequirements: lines().optional(),
        }),
      )
      .max(MOST.scenarios),
    targetSubtaskIds: itemIds(),
    priority: z.enum(PRIORITIES),
    estimatedEffort: hours(),
    frameworkSuggestions: lines().optional(),
    dependencies: itemIds(),
  }),
);

const documentationTask = schema(() =>
  z.object({
    id: itemId(),
    title: title(),
    type: z.enum(DOCUMENTATION_TYPES),
    description: longText(),
    targetSubtaskIds: itemIds(),
    sections: z
      .array(
        z.object({
          title: z.string().max(LONGEST.title),
          contentOutline: lines(),
          requiredElements: lines(),
          targetAudience: z.string().max(LONGEST.line),
        }),
      )
      .max(MOST.scenarios),
    priority: z.enum(PRIORITIES),
    estimatedEffort: hours(),
    dependencies: itemIds(),
  }),
);

const metadata = schema(() =>
  z.object({
    expansionDepth: z.int().describe('Levels of subtasks that it has'),
    provider: z.enum([...MODEL_PROVIDERS, 'template']),
    model: z.string().describe('The model that answered, as it names itself; for a template its name'),
    tokenUsage: z
      .object({ inputTokens: z.number(), outputTokens: z.number(), totalTokens: z.number() })
      .nullable()
      .describe('As the provider counted them, of all requests; null where it did not say'),
    confidence: z.number().nullable().describe('null: nothing here can be measured before the work is done'),
    processingTime: z.number().describe('Milliseconds'),
    warnings: z.array(z.string()).describe('Why another provider was not used, and what was left out'),
    requests: z.int().describe('Questions to models, those that failed among them'),
    basis: z.enum(['model', 'template']).describe('Whether a model wrote it, or nobody read the task'),
    createdAt: z.string(),
  }),
);

/** A proposal: nothing of it is stored. Names are those of seed 002's `ExpandedTaskResult`. */
export const expandedTask = schema(() =>
  z.object({
    originalTaskId: z.string().describe('Id of the task'),
    originalTask: z.object({ id: z.string(), number: z.int(), name: z.string(), title: z.string() }),
    subtasks: z.array(subtask()).max(MOST_TASKS),
    implementationSteps: z.array(implementationStep()).max(MOST_TASKS * 2),
    testTasks: z.array(testTask()).max(MOST.tests),
    documentationTasks: z.array(documentationTask()).max(MOST.documents),
    metadata: metadata(),
  }),
);

/** Which items of a proposal become tasks, and under which titles. */
export const acceptExpansionInput = schema(() =>
  z.object({
    expansion: expandedTask(),
    items: z
      .array(z.string())
      .optional()
      .describe(
        'Ids of the items: s1, s1.2, t1, d1, and steps or steps:s1 for the implementation steps; all by default',
      ),
    titles: z.record(z.string(), z.string()).optional().describe('Other titles by the ids of items'),
  }),
);

/** What was created. */
export const acceptedExpansion = schema(() =>
  z.object({
    task: taskView().describe('The task that was expanded'),
    tasks: z.array(taskView()).describe('The new tasks'),
    items: z.record(z.string(), z.string()).describe('Ids of tasks by the ids of items'),
    seq: z.int().describe('The transaction, for undoing just that'),
  }),
);

export type ExpandTaskInput = Input<typeof expandTaskInput>;
export type ExpandedTask = Output<typeof expandedTask>;
export type AcceptExpansionInput = Input<typeof acceptExpansionInput>;
export type AcceptedExpansion = Output<typeof acceptedExpansion>;
