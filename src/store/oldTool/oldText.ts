import { OrchestratorError } from '../../core/model/errors.js';
import { type CodePlace, parsePlace } from '../../core/model/fileReference.js';
import { checkTime } from '../../core/model/task.js';

/** What tm 2.x put into a description because it had no columns for it. */
export interface OldDescription {
  readonly text: string;
  readonly places: readonly CodePlace[];
  readonly meta: Readonly<Record<string, string>>;
}

/**
 * Takes the lines `Files: a.py:10:20, b.py` and `Meta: key:value, key2:value` off the end of a description. A line of
 * which a part cannot be read stays in the text, whole.
 */
export function readOldDescription(description: string): OldDescription {
  let text = description;
  let places: readonly CodePlace[] = [];
  let meta: Readonly<Record<string, string>> = {};
  const metaLine = lastLine(text, 'Meta');
  const pairs = metaLine === undefined ? undefined : readPairs(metaLine.words);
  if (metaLine && pairs) {
    meta = pairs;
    text = metaLine.before;
  }
  const fileLine = lastLine(text, 'Files');
  const read = fileLine === undefined ? undefined : readPlaces(fileLine.words);
  if (fileLine && read) {
    places = read;
    text = fileLine.before;
  }
  return { text, places, meta };
}

function lastLine(text: string, label: string): { readonly before: string; readonly words: string } | undefined {
  const at = text.lastIndexOf('\n');
  const line = text.slice(at + 1);
  if (!line.startsWith(`${label}: `)) return undefined;
  return { before: at < 0 ? '' : text.slice(0, at), words: line.slice(label.length + 2) };
}

function readPlaces(words: string): CodePlace[] | undefined {
  try {
    return words.split(', ').map((place) => parsePlace(place));
  } catch (error) {
    if (error instanceof OrchestratorError) return undefined;
    throw error;
  }
}

function readPairs(words: string): Record<string, string> | undefined {
  const pairs: Record<string, string> = {};
  for (const pair of words.split(', ')) {
    const [, key, value] = /^([\w.-]+):(.+)$/.exec(pair) ?? [];
    if (key === undefined || value === undefined || Object.hasOwn(pairs, key)) return undefined;
    pairs[key] = value.trim();
  }
  return pairs;
}

/**
 * A time of tm 2.x as UTC ISO 8601: Python's local time `2025-09-01T10:00:00.123456`, or UTC as SQLite itself writes it,
 * `2025-09-01 10:00:00`. Undefined for what is none.
 */
export function readOldTime(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const given = text.trim();
  const sqlite = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?$/.test(given);
  try {
    return checkTime('time', sqlite ? `${given.replace(' ', 'T')}Z` : given);
  } catch (error) {
    if (error instanceof OrchestratorError) return undefined;
    throw error;
  }
}
