import type * as z from 'zod';
import { InvalidInputError } from '../../core/model/errors.js';
import { nearest } from '../../core/model/nearest.js';
import { plain } from '../../core/model/plainText.js';
import type { Schema } from '../input.js';

/** Characters of a wrong value that are said back. */
const LONGEST_ECHO = 80;
/** Mistakes, and unknown names, that are told; the rest is counted. */
const SHOWN = 5;

/** A tool's arguments in the schema's form. Throws INVALID_INPUT: each that does not fit, its value, and what would. */
export function readArguments<T extends z.ZodObject>(schema: Schema<T>, given: unknown): z.output<T> {
  const result = schema().safeParse(given ?? {});
  if (result.success) return result.data;
  const known = Object.keys(schema().shape);
  const said = result.error.issues.flatMap((issue) => describe(issue, given, known));
  const more = said.length > SHOWN ? `; and ${said.length - SHOWN} more` : '';
  const field = result.error.issues[0]?.path.map(String).join('.') || 'arguments';
  const sentence = `${said.slice(0, SHOWN).join('; ')}${more}`;
  const end = sentence.endsWith('?') ? '' : '.';
  throw new InvalidInputError(field, `${sentence}${end} Nothing was done.`, { parameters: known });
}

function describe(issue: z.core.$ZodIssue, given: unknown, known: readonly string[]): string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
    return issue.keys.map((key, at) => (at < SHOWN ? unknownName(key, known) : key));
  const path = issue.path.map(String).join('.') || 'arguments';
  const value = valueAt(given, issue.path);
  const is = value === undefined ? 'is missing' : `is ${echo(JSON.stringify(value) ?? String(value))}`;
  return [`${path} ${is}: ${issue.message}`];
}

function unknownName(key: string, known: readonly string[]): string {
  const near = key.length > LONGEST_ECHO ? undefined : nearest(key, known);
  const instead = near === undefined ? `there are ${known.join(', ')}` : `did you mean “${near}”?`;
  return `there is no parameter “${echo(key)}”: ${instead}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

function echo(text: string): string {
  const line = plain(text);
  return line.length > LONGEST_ECHO ? `${line.slice(0, LONGEST_ECHO)}…` : line;
}
