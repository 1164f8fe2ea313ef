import { InvalidInputError } from '../model/errors.js';
import { parsePriority } from '../model/priority.js';

/** A task on one line. */
export interface QuickTask {
  readonly title: string;
  readonly tags: readonly string[];
  readonly assignee?: string;
  readonly priority?: string;
  /** As it was written. */
  readonly due?: string;
  readonly description?: string;
}

export const QUICK_SYNTAX = 'Title #tag @assignee !priority ^due [description]';

/** A sign at the beginning of a word, and the word, or several in quotes; a backslash before it makes it a letter. */
const MARK = /(^|\s)(\\?)([#@!^])(?:"([^"]*)"|(\S+))/g;
/** The description stands in brackets at the end. */
const DESCRIPTION = /(^|\s)\[([^[\]]*)\]\s*$/;

/**
 * Reads `Title #tag @assignee !priority ^due [description]`, the marks in any order. `#12` and a lone `!` or `!=` are words of the
 * title, and so is a mark after a backslash. Throws INVALID_INPUT naming what is wrong.
 */
export function parseQuickLine(line: string): QuickTask {
  const found: Record<string, string> = {};
  const tags: string[] = [];
  const only = (field: string, value: string) => {
    if (found[field] !== undefined)
      throw new InvalidInputError(field, `“${line}” gives two of ${field}: ${found[field]} and ${value}. Give one.`);
    found[field] = value;
  };
  const description = DESCRIPTION.exec(line);
  const rest = description ? line.slice(0, description.index) : line;
  const title = rest.replace(
    MARK,
    (all, space: string, backslash: string, sign: string, quoted?: string, plain?: string) => {
      const word = quoted ?? plain ?? '';
      if (backslash !== '') return space + all.slice(space.length + 1);
      // Numbers of issues, and marks of punctuation.
      if (quoted === undefined && !isMark(sign, word)) return all;
      if (sign === '#') tags.push(word);
      else if (sign === '@') only('assignee', word);
      else if (sign === '!') only('priority', parsePriority(word));
      else only('due', word);
      return space;
    },
  );
  return {
    title: title
      .replace(/\\([[\]])/g, '$1')
      .replace(/\s+/g, ' ')
      .trim(),
    tags,
    ...found,
    ...(description?.[2]?.trim() && { description: description[2].trim() }),
  };
}

/** The tasks of several lines, with the numbers of their lines: without empty ones, comments (`# …`) and bullets. */
export function quickLines(text: string): { readonly number: number; readonly line: string }[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    const bare = line.trim().replace(/^(?:[-*+]|\d+[.)])\s+(?:\[[ xX]?\]\s+)?/, '');
    return bare === '' || /^#(\s|$)/.test(bare) ? [] : [{ number: at + 1, line: bare }];
  });
}

function isMark(sign: string, word: string): boolean {
  if (sign === '#') return !/^\d+\P{L}*$/u.test(word) && /^[\p{L}\p{N}_]/u.test(word);
  if (sign === '^') return /^[\p{L}\p{N}+]/u.test(word);
  return /^[\p{L}\p{N}_]/u.test(word);
}
