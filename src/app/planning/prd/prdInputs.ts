import * as z from 'zod';
import { PRIORITIES } from '../../../core/model/priority.js';
import { PRD_DEFAULTS } from '../../../core/planning/prd/parsePrd.js';
import { type Input, type Output, schema } from '../../input.js';

export const prdInput = schema(() =>
  z.object({
    content: z.string().describe('The document, Markdown'),
    path: z
      .string()
      .optional()
      .describe('Its file, relative to the workspace folder: tasks refer to their lines in it'),
    source: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .optional()
      .describe('Name under which the document is known the next time; by default its path'),
    project: z.string().trim().min(1).max(200).optional().describe('Project of the tasks'),
    generateTasks: z.boolean().default(true).describe('False reads the document without planning tasks'),
    analyzeDependencies: z.boolean().default(true).describe('Resolve what items say they depend on'),
    extractUserStories: z.boolean().default(true).describe('Read “As a … I want … so that …”'),
    parseAcceptanceCriteria: z.boolean().default(true).describe('Read acceptance criteria'),
    confidenceThreshold: z
      .number()
      .min(0, 'must be from 0 to 1')
      .max(1, 'must be from 0 to 1')
      .default(PRD_DEFAULTS.confidenceThreshold)
      .describe('Items that are read with less confidence need a review and become no tasks (0 to 1)'),
    only: z
      .array(z.string())
      .optional()
      .describe('Ids or keys of the features and requirements to apply; others stay as they are'),
    cancelRemoved: z.boolean().default(false).describe('Cancel open tasks whose item is no longer in the document'),
    prefer: z
      .enum(['here', 'file'])
      .default('here')
      .describe('Whose value counts where a field was changed here and in the document'),
  }),
);

const lines = { line: z.number().describe('First line, from 1'), endLine: z.number().describe('Last line') };
const read = { ...lines, confidence: z.number().describe('0 to 1') };
const priority = z.enum(PRIORITIES);
const shared = {
  ...read,
  id: z.string().describe('Its number in the document, else its words; unique within it'),
  title: z.string(),
  description: z.string(),
  priority,
  priorityGiven: z.boolean().describe('False where the document gives none'),
  dependencies: z.array(z.string()).describe('Ids of what it depends on'),
  tags: z.array(z.string()),
  estimatedEffort: z.number().optional().describe('Hours, where the document says so'),
  owner: z.string().optional(),
  milestone: z.string().optional(),
};
const placed = { path: z.array(z.string()).describe('Headings above it'), key: z.string().describe('Stable') };

interface SectionView {
  line: number;
  endLine: number;
  id: string;
  title: string;
  level: number;
  content: string;
  children: SectionView[];
  items: string[];
}

const section: z.ZodType<SectionView> = z.lazy(() =>
  z.object({
    ...lines,
    id: z.string(),
    title: z.string(),
    level: z.number(),
    content: z.string(),
    children: z.array(section),
    items: z.array(z.string()),
  }),
);

const parsed = schema(() =>
  z.object({
    title: z.string(),
    metadata: z.object({
      title: z.string(),
      version: z.string().optional(),
      author: z.string().optional(),
      createdAt: z.string().optional(),
      modifiedAt: z.string().optional(),
      productName: z.string().optional(),
      targetAudience: z.string().optional(),
      type: z.enum(['feature', 'enhancement', 'bugfix', 'refactor', 'technical']),
    }),
    features: z.array(
      z.object({
        ...shared,
        ...placed,
        businessValue: z.string().optional(),
        userStories: z.array(
          z.object({ ...lines, text: z.string(), role: z.string(), goal: z.string(), benefit: z.string().optional() }),
        ),
        requirementIds: z.array(z.string()),
        acceptanceCriteriaIds: z.array(z.string()),
        estimatedComplexity: z.number().optional(),
      }),
    ),
    requirements: z.array(
      z.object({
        ...shared,
        ...placed,
        type: z.enum(['functional', 'non-functional', 'technical', 'business']),
        acceptanceCriteria: z.array(z.string()),
        implementationNotes: z.string().optional(),
        featureId: z.string().optional(),
      }),
    ),
    acceptanceCriteria: z.array(
      z.object({
        ...read,
        id: z.string(),
        description: z.string(),
        type: z.enum(['functional', 'technical', 'business', 'performance']),
        testScenarios: z.array(z.string()),
        dependencies: z.array(z.string()),
        priority,
        ownerId: z.string().optional().describe('Its feature or requirement'),
      }),
    ),
    tasks: z.array(
      z.object({
        ...shared,
        type: z.enum(['development', 'testing', 'documentation', 'design', 'research']),
        sourceReferences: z.array(z.string()),
        acceptanceCriteria: z.array(z.string()),
        implementationDetails: z.string().optional(),
        testRequirements: z.string().optional(),
        role: z.enum(['feature', 'implement', 'test', 'document', 'requirement']),
        parentId: z.string().optional(),
        itemId: z.string(),
        key: z.string(),
      }),
    ),
    hierarchy: z.array(section),
    dependencies: z.array(
      z.object({
        sourceId: z.string().describe('What has to wait'),
        targetId: z.string().describe('What has to be there first'),
        type: z.enum(['blocking', 'required', 'optional', 'prerequisite']),
        strength: z.enum(['weak', 'medium', 'strong']),
        reason: z.string(),
      }),
    ),
    unresolvedDependencies: z.array(z.object({ ...lines, sourceId: z.string(), text: z.string(), reason: z.string() })),
    needsReview: z.array(
      z.object({
        ...read,
        id: z.string(),
        kind: z.enum(['feature', 'requirement', 'criterion']),
        title: z.string(),
        reason: z.string(),
      }),
    ),
    statistics: z.object({
      featureCount: z.number(),
      requirementCount: z.number(),
      acceptanceCriteriaCount: z.number(),
      taskCount: z.number(),
      dependencyCount: z.number(),
      averageComplexity: z.number().nullable().describe('Of the features that give one'),
      confidence: z.number().nullable().describe('Mean of features and requirements'),
      processingTime: z.number().describe('Milliseconds'),
    }),
    warnings: z.array(z.string()),
  }),
);

export const TASK_CHANGES = [
  'added',
  'changed',
  'editedHere',
  'unchanged',
  'removed',
  'cancelled',
  'deletedHere',
] as const;

/** What applying the document does, or would do, to one task. */
const taskChange = schema(() =>
  z.object({
    key: z.string(),
    itemKey: z.string().describe('Of its feature or requirement'),
    itemId: z.string(),
    role: z.enum(['feature', 'implement', 'test', 'document', 'requirement']),
    parentKey: z.string().optional(),
    title: z.string(),
    change: z.enum(TASK_CHANGES),
    task: z.string().optional().describe('Id of the task, if it is there'),
    name: z.string().optional().describe('As people call it: T-12'),
    fields: z.array(z.string()).describe('Fields that change'),
    editedHere: z.array(z.string()).describe('Fields that were changed here since'),
    conflicts: z.array(z.string()).describe('Fields that were changed here and in the document'),
    renamedFrom: z.string().optional().describe('What its item was called before'),
    moved: z.boolean().describe('Its lines are others now'),
    skipped: z.boolean().describe('Left out by `only`'),
    line: z.number().optional(),
    endLine: z.number().optional(),
  }),
);

export const prdReport = schema(() =>
  z.object({
    prd: parsed(),
    message: z.string(),
    source: z.string().describe('Name under which the document is known the next time'),
    applied: z.boolean(),
    counts: z.object(
      Object.fromEntries(TASK_CHANGES.map((name) => [name, z.number()])) as Record<
        (typeof TASK_CHANGES)[number],
        z.ZodNumber
      >,
    ),
    changes: z.array(taskChange()),
    notes: z.array(z.string()).describe('What was left out, and why'),
    seq: z.number().optional().describe('The transaction, for undoing it'),
  }),
);

export type PrdInput = Input<typeof prdInput>;
export type PrdGiven = Output<typeof prdInput>;
export type PrdReport = Output<typeof prdReport>;
export type PrdTaskChange = Output<ReturnType<() => typeof taskChange>>;
