import * as z from 'zod';
import type { ModelAnswer } from '../../../core/planning/expansion/answer.js';
import { problemsOf } from '../../../core/planning/expansion/answer.js';
import {
  DOCUMENTATION_TYPES,
  MOST,
  MOST_HOURS,
  RISK_LEVELS,
  SUBTASK_TYPES,
  TEST_TYPES,
} from '../../../core/planning/expansion/expandedTask.js';
import { schema } from '../../input.js';

/** Priorities that a model chooses from. */
const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const;
/** Characters that any text may have before it is cut to what is shown. */
const TEXT = 8_000;

const hours = schema(() => z.number().positive().max(MOST_HOURS).nullable().default(null));
const text = schema(() => z.string().max(TEXT));
const list = schema(() => z.array(text()).max(MOST.list).default([]));
const maybe = schema(() => text().nullable().default(null));
const priority = schema(() => z.enum(PRIORITIES).default('medium'));
const keys = schema(() => z.array(z.string().max(100)).max(MOST.subtasks).default([]));

/** What a model is to answer. What it may leave out has a default; what it sends beyond that is ignored. */
export const modelAnswer = schema(() =>
  z.object({
    subtasks: z
      .array(
        z.object({
          key: z.string().min(1).max(100),
          title: text(),
          description: text().default(''),
          estimatedEffort: hours().describe('Hours, or null'),
          priority: priority(),
          dependencies: keys().describe('Keys of other subtasks that must be done first'),
          type: z.enum(SUBTASK_TYPES).default('development'),
          requiredSkills: list(),
          acceptanceCriteria: list(),
          implementationHints: maybe(),
          technicalNotes: maybe(),
        }),
      )
      .min(1)
      .max(MOST.subtasks),
    implementationSteps: z
      .array(
        z.object({
          title: text(),
          description: text().default(''),
          expectedOutcome: text().default(''),
          dependencies: z.array(z.int()).max(MOST.steps).default([]).describe('Numbers of earlier steps, from 1'),
          resources: list(),
          timeEstimate: hours().describe('Hours, or null'),
          riskLevel: z.enum(RISK_LEVELS).default('low'),
          validationCriteria: list(),
        }),
      )
      .max(MOST.steps)
      .default([]),
    testTasks: z
      .array(
        z.object({
          title: text(),
          type: z.enum(TEST_TYPES).default('unit'),
          description: text().default(''),
          targets: keys().describe('Keys of the subtasks that it tests'),
          priority: priority(),
          estimatedEffort: hours().describe('Hours, or null'),
          frameworkSuggestions: list(),
          scenarios: z
            .array(
              z.object({
                description: text(),
                steps: list(),
                expectedResults: list(),
                edgeCases: list(),
                testDataRequirements: list(),
              }),
            )
            .max(MOST.scenarios)
            .default([]),
        }),
      )
      .max(MOST.tests)
      .default([]),
    documentationTasks: z
      .array(
        z.object({
          title: text(),
          type: z.enum(DOCUMENTATION_TYPES).default('developer'),
          description: text().default(''),
          targets: keys().describe('Keys of the subtasks that it documents'),
          priority: priority(),
          estimatedEffort: hours().describe('Hours, or null'),
          sections: z
            .array(
              z.object({
                title: text(),
                contentOutline: list(),
                requiredElements: list(),
                targetAudience: text().default(''),
              }),
            )
            .max(MOST.scenarios)
            .default([]),
        }),
      )
      .max(MOST.documents)
      .default([]),
  }),
);

/** An answer that can be used, or what is wrong with it. */
export type ReadAnswer =
  | { readonly answer: ModelAnswer; readonly problems?: undefined }
  | { readonly answer?: undefined; readonly problems: readonly string[] };

/** Reads the text of a model: JSON, alone or in one code block. Nothing is guessed. */
export function readAnswer(given: string): ReadAnswer {
  const value = parseJson(given);
  if (value === undefined) return { problems: ['it is not JSON'] };
  const result = modelAnswer().safeParse(value);
  if (!result.success)
    return { problems: result.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`) };
  const problems = problemsOf(result.data);
  return problems.length > 0 ? { problems } : { answer: result.data };
}

function parseJson(given: string): unknown {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(given);
  try {
    return JSON.parse(fenced?.[1] ?? given);
  } catch {
    return undefined;
  }
}

/** Bounds of lengths and numbers, which not every provider's schemas admit; answers are held against them here. */
const BOUNDS = new Set([
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'default',
  '$schema',
]);

/** The JSON schema for providers: every field required, nothing else admitted, no bounds. */
export function answerJsonSchema(): Record<string, unknown> {
  return withoutBounds(z.toJSONSchema(modelAnswer())) as Record<string, unknown>;
}

function withoutBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBounds);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !BOUNDS.has(key) || isProperty(inner));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutBounds(inner)]));
}

/** A property that is called like a bound is an object. */
function isProperty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
