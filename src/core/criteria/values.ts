import { InvalidInputError } from '../model/errors.js';
import type { Values } from './evaluate.js';

/**
 * Reads `name=value` pairs: numbers, `true` and `false`, JSON lists and objects, else text; `a.b=1` gives the object `a`
 * its field `b`. Throws INVALID_INPUT for a name that expressions cannot use, and for one given twice.
 */
export function parseValues(pairs: readonly string[]): Values {
  const values: Record<string, unknown> = Object.create(null);
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const path = pair.slice(0, Math.max(at, 0)).trim();
    if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(path) || path.includes('__proto__'))
      throw new InvalidInputError('value', `“${pair}” is not name=value, such as coverage=82.`);
    put(values, path.split('.'), parseValue(pair.slice(at + 1).trim()), pair);
  }
  return values;
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown, pair: string): void {
  const [name = '', ...rest] = path;
  const there = into[name];
  if (rest.length === 0 ? there !== undefined : there !== undefined && !isRecord(there))
    throw new InvalidInputError('value', `“${pair}”: ${name} has a value already.`);
  if (rest.length === 0) into[name] = value;
  else {
    const inner = (there as Record<string, unknown> | undefined) ?? Object.create(null);
    into[name] = inner;
    put(inner, rest, value, pair);
  }
}

function parseValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (!/^[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
