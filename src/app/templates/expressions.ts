import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { type TemplatePath, TemplateProblem, type TemplateValue } from '../../core/templates/template.js';
import type { TemplateValues } from '../../core/templates/variables.js';

/** Numbers of both kinds go together: a template's are all of one. */
const MIXED = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
} as const;

const NAME = /^[A-Za-z_][\w-]*$/;

/**
 * The expressions of one template, in CEL: they see the template's variables and nothing else, cannot call anything
 * outside, and always come to an end.
 */
export class Expressions {
  readonly #names: ReadonlySet<string>;
  readonly #environment: Environment;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#environment = new Environment({ limits: { maxAstNodes: 500, maxDepth: 50 } });
    for (const [operator, apply] of Object.entries(MIXED)) {
      const handler = (a: number | bigint, b: number | bigint) => apply(Number(a), Number(b));
      for (const [left, right] of [
        ['int', 'double'],
        ['double', 'int'],
      ])
        this.#environment.registerOperator(`${left} ${operator} ${right}`, handler);
    }
    this.#environment.registerOperator('double % double', MIXED['%']);
    for (const name of names) {
      try {
        this.#environment.registerVariable(name, 'dyn');
      } catch {
        // A name that CEL has a use for, or with a hyphen: it is put in by itself, but cannot be calculated with.
      }
    }
  }

  /** Throws TemplateProblem unless it can be read and uses only what there is. */
  check(expression: string, path: TemplatePath): void {
    if (this.#names.has(expression)) return;
    try {
      const { ast } = this.#environment.parse(expression);
      refuseSlow(ast);
      const { valid, error } = this.#environment.check(expression);
      if (!valid) throw error ?? new Error('not valid');
    } catch (error) {
      throw this.#problem(expression, path, error);
    }
  }

  /** Throws TemplateProblem where it cannot be read or has no value of use. */
  evaluate(expression: string, values: TemplateValues, path: TemplatePath): TemplateValue {
    if (this.#names.has(expression)) return values[expression] as TemplateValue;
    this.check(expression, path);
    try {
      return toValue(this.#environment.parse(expression)({ ...values }));
    } catch (error) {
      throw this.#problem(expression, path, error);
    }
  }

  #problem(expression: string, path: TemplatePath, error: unknown): TemplateProblem {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const unknown = /Unknown variable: (\S+)/.exec(line)?.[1];
    const known = this.#names.size > 0 ? `There is ${[...this.#names].join(', ')}.` : 'The template has no variables.';
    const reason = unknown === undefined ? line : `unknown variable “${unknown}”. ${known}`;
    const hint = NAME.test(expression) && unknown === undefined ? ' (a name that expressions cannot use)' : '';
    return new TemplateProblem(path, `{{${expression}}} is refused: ${reason}${hint}`);
  }
}

/** A regular expression can take for ever. */
function refuseSlow(node: ASTNode): void {
  const stack: unknown[] = [node];
  while (stack.length > 0) {
    const next = stack.pop();
    if (Array.isArray(next)) stack.push(...next);
    else if (typeof next === 'object' && next !== null && 'op' in next) {
      const { op, args } = next as ASTNode;
      if ((op === 'rcall' || op === 'call') && args[0] === 'matches') throw new Error('“matches” is not there');
      stack.push(args);
    }
  }
}

function toValue(result: unknown): TemplateValue {
  if (typeof result === 'bigint') return Number(result);
  if (typeof result === 'number' && !Number.isFinite(result)) throw new Error('the result is not a number');
  if (typeof result === 'string' || typeof result === 'number' || typeof result === 'boolean') return result;
  if (Array.isArray(result)) return result.map(toValue);
  throw new Error('the result is neither text, a number, true or false, nor a list');
}
