import { InvalidInputError } from './errors.js';
import type { TaskId } from './taskId.js';

/** Where a reference stands against the file as it is now. */
export const REFERENCE_STATES = ['exact', 'moved', 'changed', 'lost'] as const;

export type ReferenceState = (typeof REFERENCE_STATES)[number];

/** A place in the code: a file, and perhaps lines of it. */
export interface CodePlace {
  /** Relative to the workspace folder, with forward slashes. */
  readonly path: string;
  /** First line, from 1. Absent: the whole file. */
  readonly line?: number;
  /** Last line, inclusive; absent: the first line alone. */
  readonly endLine?: number;
}

/** A task's reference to a place in the code. */
export interface FileReference extends CodePlace {
  /** 8 hexadecimal characters. */
  readonly id: string;
  readonly task: TaskId;
  /** Why this place matters. */
  readonly context?: string;
  /** By which the place is found again after edits; see `core/anchor`. */
  readonly anchor?: string;
}

/** `src/a.ts:10-20`, `src/a.ts:10` or `src/a.ts`. */
export function formatPlace(place: CodePlace): string {
  if (place.line === undefined) return place.path;
  const range = place.endLine === undefined || place.endLine === place.line ? '' : `-${place.endLine}`;
  return `${place.path}:${place.line}${range}`;
}

/**
 * Reads `path`, `path:line`, `path:line:end`, `path:line-end` or `path#L10-L20`.
 * Throws INVALID_INPUT for an absolute path, one that leaves the workspace, line 0 and an end before the start.
 */
export function parsePlace(text: string): CodePlace {
  const match =
    /^(?<path>.*?)(?::(?<line>-?\d+)(?:[:-](?<end>-?\d+))?|#L(?<hashLine>\d+)(?:-L?(?<hashEnd>\d+))?)?$/s.exec(
      text.trim(),
    );
  const groups = match?.groups ?? {};
  const path = groups.path ?? '';
  const line = groups.line ?? groups.hashLine;
  const end = groups.end ?? groups.hashEnd;
  if (/:\d+$/.test(path)) {
    throw new InvalidInputError('file', `“${text}” has too many numbers. Write path:line or path:line:end.`);
  }
  return checkPlace({ path, line: line ? Number(line) : undefined, endLine: end ? Number(end) : undefined });
}

/** The place in its normal form, or INVALID_INPUT naming the value. */
export function checkPlace(place: CodePlace): CodePlace {
  const path = normalisePath(place.path);
  const { line, endLine } = place;
  const shown = `${place.path}${line === undefined ? '' : `:${line}`}${endLine === undefined ? '' : `:${endLine}`}`;
  if (line === undefined) {
    if (endLine !== undefined) throw new InvalidInputError('file', `“${shown}” has an end line but no start line.`);
    return { path };
  }
  if (!Number.isSafeInteger(line) || line < 1) {
    throw new InvalidInputError('file', `“${shown}”: lines count from 1, so ${line} is not a line.`);
  }
  if (endLine === undefined || endLine === line) return { path, line };
  if (!Number.isSafeInteger(endLine) || endLine < line) {
    throw new InvalidInputError('file', `“${shown}” ends at line ${endLine}, before it starts at line ${line}.`);
  }
  return { path, line, endLine };
}

/** Forward slashes, no `.` segments. Throws INVALID_INPUT where the path is empty, absolute or leaves the workspace. */
function normalisePath(given: string): string {
  const path = given.replace(/\\/g, '/');
  if (path.trim() === '' || /[\0\r\n]/.test(path)) {
    throw new InvalidInputError('file', `“${given}” is not a file path. Write path:line or path:line:end.`);
  }
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) {
    throw new InvalidInputError('file', `“${given}” is an absolute path. Give it relative to the workspace folder.`);
  }
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) {
      throw new InvalidInputError('file', `“${given}” leaves the workspace folder. Refer to files inside it.`);
    }
  }
  if (segments.length === 0) throw new InvalidInputError('file', `“${given}” names a folder, not a file.`);
  return segments.join('/');
}
