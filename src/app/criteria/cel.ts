import { TypeError as CelTypeError, Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import type { Evaluate } from '../../core/criteria/evaluate.js';

const LIMITS = { maxAstNodes: 1000, maxDepth: 50, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 };

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

let made: Environment | undefined;

/** Numbers of hours are fractions, numbers that people write are whole: here both can be reckoned with together. */
function environment(): Environment {
  if (made) return made;
  made = new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS });
  for (const [sign, compute] of Object.entries(ARITHMETIC)) {
    made.registerOperator(`double ${sign} int`, (a: number, b: bigint) => compute(a, Number(b)));
    made.registerOperator(`int ${sign} double`, (a: bigint, b: number) => compute(Number(a), b));
  }
  return made;
}

/** Computes an expression of Google's Common Expression Language: it ends, and reaches nothing but the values. */
export const evaluateCel: Evaluate = (expression, values) => {
  try {
    const context = Object.assign(Object.create(null) as Record<string, unknown>, values);
    return { kind: 'value', value: environment().evaluate(expression, context) };
  } catch (error) {
    const missing = error instanceof EvaluationError && /^Unknown variable: (\w+)/.exec(error.message);
    if (missing) return { kind: 'missing', name: missing[1] as string };
    if (error instanceof EvaluationError || error instanceof ParseError || error instanceof CelTypeError) {
      return { kind: 'error', message: error.message.split('\n')[0] ?? '' };
    }
    throw error;
  }
};
