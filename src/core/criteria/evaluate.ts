import type { SuccessCriterion } from '../model/task.js';

/** What expressions can speak of, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** What became of an expression. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  /** It speaks of something that has no value. */
  | { readonly kind: 'missing'; readonly name: string }
  /** It is no expression, or cannot be computed; says why. */
  | { readonly kind: 'error'; readonly message: string };

/** Computes an expression; never throws. */
export type Evaluate = (expression: string, values: Values) => Outcome;

export type Verdict = 'passed' | 'failed' | 'unknown';

export interface CriterionResult extends SuccessCriterion {
  /** From 1. */
  readonly number: number;
  readonly verdict: Verdict;
  /** Why, in a sentence. */
  readonly result: string;
}

/**
 * Whether a criterion is met. Without an expression it is; `true` and `false` speak for themselves; else the expression
 * is computed. What cannot be computed is compared as seed 000's tool did: one `==` of numbers or else of text, one `<`
 * or `>` of numbers. What is left needs somebody who checks it, and has been met where it is checked off.
 */
export function checkCriterion(
  criterion: SuccessCriterion,
  number: number,
  values: Values,
  evaluate: Evaluate,
): CriterionResult {
  const judged = judge(criterion.measurable, values, evaluate);
  if (judged.verdict !== 'unknown' || !criterion.done) return { ...criterion, number, ...judged };
  return { ...criterion, number, verdict: 'passed', result: 'Checked off by hand' };
}

type Judgement = Pick<CriterionResult, 'verdict' | 'result'>;

function judge(measurable: string | undefined, values: Values, evaluate: Evaluate): Judgement {
  const expression = measurable?.trim() ?? '';
  if (expression === '') return { verdict: 'passed', result: 'No measurable condition' };
  if (expression === 'true') return { verdict: 'passed', result: 'Automatically validated as true' };
  if (expression === 'false') return { verdict: 'failed', result: 'Automatically validated as false' };
  const outcome = evaluate(expression, values);
  if (outcome.kind === 'value') {
    const { value } = outcome;
    if (typeof value !== 'boolean') return manual(`it gives ${shown(value)}, neither true nor false`);
    return { verdict: value ? 'passed' : 'failed', result: `Evaluated to ${value}${used(expression, values)}` };
  }
  return compareAsText(expression, values) ?? manual(reason(expression, outcome));
}

function manual(why?: string): Judgement {
  return { verdict: 'unknown', result: `Requires manual validation${why === undefined ? '' : `: ${why}`}` };
}

/** Nothing for what is plainly no expression, but words for a person. */
function reason(expression: string, outcome: Exclude<Outcome, { kind: 'value' }>): string | undefined {
  if (outcome.kind === 'missing') return `${outcome.name} is not known; give it with --value ${outcome.name}=…`;
  return /[=<>!&|()+*]/.test(expression) ? outcome.message : undefined;
}

/** `a == b`, `a < b` or `a > b` with words in the place of names, as seed 000's tool read them. */
function compareAsText(expression: string, values: Values): Judgement | undefined {
  const match = /^([\w ."'-]+?)\s*(==|<|>)\s*([\w ."'-]+)$/.exec(expression);
  if (!match) return undefined;
  const [, left = '', operator, right = ''] = match;
  const [a, b] = [left, right].map((side) => resolve(side.trim(), values)) as [unknown, unknown];
  const numbers = [a, b].map(asNumber) as [number, number];
  const numeric = !numbers.some(Number.isNaN);
  if (operator === '==') {
    const equal = numeric ? numbers[0] === numbers[1] : String(a) === String(b);
    const missing = [left, right].find((side) => isPath(side) && !Object.hasOwn(values, side.trim()));
    if (!equal && missing !== undefined) return undefined;
    return {
      verdict: equal ? 'passed' : 'failed',
      result: `Compared: ${shown(a)} ${equal ? 'equals' : 'is not'} ${shown(b)}`,
    };
  }
  if (!numeric) return undefined;
  const holds = operator === '<' ? numbers[0] < numbers[1] : numbers[0] > numbers[1];
  return { verdict: holds ? 'passed' : 'failed', result: `Compared: ${shown(a)} ${operator} ${shown(b)} is ${holds}` };
}

/** `a` or `a.b`, which a value could stand for. */
function isPath(text: string): boolean {
  return /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(text.trim());
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text.trim());
}

/** The value of a name; else the text itself, without quotation marks. */
function resolve(side: string, values: Values): unknown {
  if (isName(side) && Object.hasOwn(values, side)) return values[side];
  return side.replace(/^(["'])(.*)\1$/, '$2');
}

function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** ` (coverage = 82)`: the values that an expression names. */
function used(expression: string, values: Values): string {
  const names = new Set(expression.replace(/"[^"]*"|'[^']*'/g, '').match(/[A-Za-z_]\w*/g) ?? []);
  const facts = [...names]
    .filter((name) => Object.hasOwn(values, name))
    .map((name) => `${name} = ${shown(values[name])}`);
  return facts.length > 0 ? ` (${facts.join(', ')})` : '';
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
}
