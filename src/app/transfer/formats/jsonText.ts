import { InvalidInputError } from '../../../core/model/errors.js';
import type { Readings } from '../../../core/transfer/readings.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The list that a value is; nothing else is one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A whole JSON text. Throws INVALID_INPUT with the parser's words, which name the place. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError(
      'file',
      `${path} is not valid JSON: ${(error as Error).message}. Nothing was imported.`,
    );
  }
}

/** The objects of JSON lines with the lines that they stand in; empty lines are passed over, others are mistakes. */
export function parseLines(text: string, readings: Readings): { readonly line: number; readonly value: JsonObject }[] {
  const found: { line: number; value: JsonObject }[] = [];
  let line = 0;
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const words = text.slice(start, end < 0 ? text.length : end).trim();
    line += 1;
    start = end < 0 ? text.length + 1 : end + 1;
    if (words === '') continue;
    try {
      const value: unknown = JSON.parse(words);
      if (isObject(value)) found.push({ line, value });
      else readings.refuse(`line ${line}`, 'line', 'is not a JSON object.');
    } catch (error) {
      readings.refuse(`line ${line}`, 'line', `is not valid JSON: ${(error as Error).message}.`);
    }
  }
  return found;
}
