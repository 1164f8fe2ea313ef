import * as z from 'zod';
import { FACTORS } from '../../../core/planning/complexity/weights.js';
import { type Input, type Output, schema } from '../../input.js';
import { taskAddress } from '../../tasks/taskInputs.js';

const yes = (says: string) => z.boolean().default(true).describe(says);

export const complexityInput = schema(() =>
  z.object({
    task: taskAddress(),
    analyze_dependencies: yes('Look through the imports of the workspace'),
    estimate_code_volume: yes('Reckon how much code it is about'),
    assess_risk: yes('Look for hotspots, missing tests and other risks'),
    use_historical_data: yes('Compare with finished tasks that are alike'),
    project_root: z.string().optional().describe('Look at this folder of the workspace only'),
    store: yes('Keep the result with the task'),
  }),
);

export const complexityManyInput = schema(() =>
  complexityInput()
    .omit({ task: true })
    .extend({
      tasks: z.array(taskAddress()).min(1).optional(),
      query: z
        .string()
        .optional()
        .describe('The tasks that this filter admits; without tasks and filter all open ones'),
    }),
);

const share = (says: string) => z.number().min(0).max(1).describe(says);
const maybeShare = (says: string) => share(`${says}; null where nothing is known of it`).nullable();
const count = (says: string) => z.number().describe(says);

/** A place in the code that shows what is said. */
const evidence = schema(() =>
  z.object({
    path: z.string(),
    line: z.number().optional().describe('From 1'),
    text: z.string().optional().describe('What stands there'),
  }),
);

const LEVELS = ['low', 'medium', 'high'] as const;

const riskFactor = schema(() =>
  z.object({
    category: z.enum(['technology', 'architecture', 'integration', 'maintenance', 'performance']),
    description: z.string(),
    impact: share('What it adds to the technical risk if it were the only one'),
    probability: maybeShare(
      'How sure it is that it is there: 1 where it was measured, null where only words hint at it',
    ),
    priority: z.enum(LEVELS).describe('By the impact: high above 0.4, medium above 0.2'),
    evidence: z.array(evidence()),
  }),
);

const technicalDebt = schema(() =>
  z.object({
    type: z.enum(['Marked Work', 'Missing Tests', 'Code Complexity', 'Cyclic Imports', 'Broken References']),
    description: z.string(),
    remediationEffort: z.number().nullable().describe('Hours; null, as nothing here measures them'),
    priority: z.enum(LEVELS),
    evidence: z.array(evidence()),
    total: count('How many places there are: the evidence may name fewer'),
  }),
);

const finding = schema(() =>
  evidence().extend({
    kind: z.enum(['marker', 'no_test', 'hotspot', 'cycle', 'long_file', 'long_function', 'missing_file']),
    says: z.string(),
    value: z.number().nullable().describe('What was measured'),
    limit: z.number().nullable().describe('From where on it is said'),
  }),
);

const complexityBasis = schema(() =>
  z.object({
    formula: z.string(),
    weights: z.record(z.enum(FACTORS), z.number()).describe('Sum 1, as used: 0 for a factor that was dropped'),
    weightsFrom: z.enum(['defaults', 'settings', 'environment']),
    factors: z.array(
      z.object({
        factor: z.enum(FACTORS),
        value: maybeShare('The factor'),
        contribution: z.number().nullable().describe('What it adds to the score'),
        n: count('Of how many files, tasks or signs it is reckoned'),
        says: z.string().describe('Its inputs, or why it was dropped'),
      }),
    ),
    files: z.array(
      z.object({
        path: z.string(),
        from: z.enum(['reference', 'description', 'similar']).describe('How it belongs to the task'),
        lines: z.number().nullable().describe('Lines that are not blank'),
        importedBy: z.number().nullable().describe('Files that import it'),
        commits: z.number().nullable().describe('Commits that changed it, of those that were looked at'),
        hotspot: maybeShare('Share of the workspace files that have less of commits × bytes'),
        tests: z.number().nullable().describe('Tests of it'),
      }),
    ),
    similar: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        similarity: share('Jaccard index of tags, files and type'),
        changedLines: z.number().nullable(),
        ratio: z.number().nullable().describe('Actual hours by estimated ones'),
      }),
    ),
    workspace: z.object({
      root: z.string().describe('The folder that was looked at, from the workspace; “.” is the whole'),
      files: count('Files that were listed'),
      scanned: count('Files whose imports were read'),
      commits: count('Commits that were looked at'),
      ignored: z.enum(['git', 'names', 'none']).describe('What decided which files do not count'),
    }),
    notes: z.array(z.string()).describe('What was cut or could not be read'),
  }),
);

/** What a complexity analysis found: seed 002's `ComplexityAnalysisResult`, and where it comes from. */
export const complexityResult = schema(() =>
  z.object({
    score: z.number().min(1).max(10).nullable().describe('From 1 to 10 with one decimal; null where nothing is known'),
    estimatedHours: z.number().nullable().describe('8 × score / 5, before any experience; “tm estimate” knows more'),
    factors: z.object({
      codeVolume: maybeShare('How much code'),
      dependencies: maybeShare('What hangs on its files, and what it waits for'),
      technicalRisk: maybeShare('Technologies, hotspots, missing tests, words'),
      historicalData: maybeShare('How tasks like it went against their estimates; 0.5 is as estimated'),
      details: z.object({
        linesOfCode: z.number().nullable().describe('Of its files, without blank lines'),
        fileCount: count('Files that are known to be its own'),
        importCount: z.number().nullable(),
        externalDependencies: z.number().nullable().describe('Packages that its files import'),
        newTechnologies: z.array(z.string()).describe('Packages that no other file of the workspace imports'),
        riskFactors: z.array(z.string()),
      }),
    }),
    riskAssessment: z.object({
      level: z.enum(['low', 'medium', 'high', 'critical']).nullable(),
      factors: z.array(riskFactor()),
      mitigations: z.array(z.string()),
      technicalDebt: z.array(technicalDebt()),
    }),
    dependencies: z
      .array(
        z.object({
          path: z.string().describe('A file, or the name of a package'),
          type: z.enum(['import', 'require', 'reference', 'config']),
          strength: count('How many of its files import it'),
          external: z.boolean(),
        }),
      )
      .describe('What its files import'),
    estimatedLinesOfCode: z.number().nullable().describe('Lines that are likely to change'),
    confidence: share('Share of the weights whose factor is known'),
    findings: z.array(finding()),
    basis: complexityBasis(),
    metadata: z.object({
      version: z.string().describe('Of the way to analyse'),
      options: z.record(z.string(), z.union([z.boolean(), z.string()])),
    }),
  }),
);

/** A result with what it is about and what became of it. */
export const complexityView = schema(() =>
  z.object({
    task: z.object({ id: z.string(), number: z.number(), name: z.string(), title: z.string() }),
    complexity: complexityResult().extend({
      metadata: complexityResult().shape.metadata.extend({
        analysisTime: z.string().nullable().describe('When this result was first kept; null where it is not'),
      }),
    }),
    inputHash: z.string().describe('The same for the same inputs'),
    stored: z.enum(['kept', 'unchanged', 'not_kept']).describe('unchanged: this very result was kept already'),
    message: z.string(),
  }),
);

export const complexitiesView = schema(() => z.object({ analyses: z.array(complexityView()), total: z.number() }));

export type ComplexityInput = Input<typeof complexityInput>;
export type ComplexityManyInput = Input<typeof complexityManyInput>;
export type ComplexityResult = Output<typeof complexityResult>;
export type ComplexityView = Output<typeof complexityView>;
export type ComplexitiesView = Output<typeof complexitiesView>;
