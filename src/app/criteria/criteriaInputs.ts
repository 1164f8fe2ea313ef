import * as z from 'zod';
import { parseCriterion } from '../../core/model/criteria.js';
import { taskMention } from '../analysis/mention.js';
import { type Input, type Output, schema } from '../input.js';
import { taskAddress } from '../tasks/taskInputs.js';

/** Values that are known outside. */
export const givenValues = schema(() =>
  z.record(z.string(), z.unknown()).describe('Values that expressions can name, such as {"coverage": 82}'),
);

export const criteriaInput = schema(() => z.object({ task: taskAddress(), values: givenValues().optional() }));

const numbers = schema(() =>
  z
    .array(z.number().int('must be a whole number').min(1, 'criteria count from 1'))
    .min(1, 'names no criterion')
    .describe('Which criteria, from 1'),
);

export const addCriteriaInput = schema(() =>
  z.object({
    task: taskAddress(),
    criteria: z
      .array(z.string().transform(parseCriterion))
      .min(1, 'names no criterion')
      .describe('Each a text, or a text and an expression: “text :: expression”'),
  }),
);

export const chooseCriteriaInput = schema(() => z.object({ task: taskAddress(), numbers: numbers() }));

export const criterionView = schema(() =>
  z.object({
    number: z.number(),
    criterion: z.string(),
    measurable: z.string().optional().describe('An expression that says whether it is met'),
    done: z.boolean().describe('Checked off'),
    verdict: z.enum(['passed', 'failed', 'unknown']),
    result: z.string().describe('Why, in a sentence'),
  }),
);

/** A task's criteria, each judged by what is known now. */
export const validationView = schema(() =>
  z.object({
    criteria: z.array(criterionView()),
    passed: z.number(),
    total: z.number(),
    met: z.boolean().describe('True when every one passed'),
    values: z.record(z.string(), z.unknown()).describe('What the expressions could name'),
  }),
);

export const criteriaView = schema(() => validationView().extend({ task: taskMention() }));

export type CriteriaInput = Input<typeof criteriaInput>;
export type AddCriteriaInput = Input<typeof addCriteriaInput>;
export type ChooseCriteriaInput = Input<typeof chooseCriteriaInput>;
export type ValidationView = Output<typeof validationView>;
export type CriteriaView = Output<typeof criteriaView>;
