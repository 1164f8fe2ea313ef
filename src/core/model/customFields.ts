import { InvalidInputError } from './errors.js';

const FIELD = 'meta';
const LONGEST_NAME = 100;
const LONGEST_VALUE = 5000;

/** A name for a field of the project's own. Throws INVALID_INPUT. */
export function checkFieldName(name: string): string {
  const trimmed = name.trim();
  if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(trimmed) || trimmed.length > LONGEST_NAME || trimmed === '__proto__') {
    throw new InvalidInputError(
      FIELD,
      `“${name}” is not a name of a field: 1 to ${LONGEST_NAME} letters, digits, _, - and dots, a letter first.`,
    );
  }
  return trimmed;
}

/**
 * Reads `key:value`. The value is kept as text, as a number, true, false or a JSON object where it is one;
 * null, for an empty one, stands for none. Throws INVALID_INPUT.
 */
export function parseCustomField(text: string): readonly [name: string, value: unknown] {
  const at = text.search(/[:=]/);
  if (at === -1) throw new InvalidInputError(FIELD, `“${text}” has no value. Write --meta key:value.`);
  const name = checkFieldName(text.slice(0, at));
  const value = text.slice(at + 1).trim();
  if (value.length > LONGEST_VALUE)
    throw new InvalidInputError(FIELD, `The value of “${name}” is longer than ${LONGEST_VALUE} characters.`);
  return [name, value === '' ? null : customValue(value)];
}

/** The value that a text stands for: what can be written back the same way is a number, boolean or object. */
function customValue(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  // 007 and 1e400 are no numbers that would come back as they were written.
  if (typeof value === 'number') return String(value) === text ? value : text;
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null) ? value : text;
}
