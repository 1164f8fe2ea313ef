import type { LineRange } from './anchor.js';

/** An edit of a document: the replaced lines (from 1, inclusive) and how many line breaks stand there now. */
export interface LineEdit {
  readonly startLine: number;
  /** 0-based column at which the replaced text starts. */
  readonly startColumn: number;
  readonly endLine: number;
  readonly insertedBreaks: number;
}

/**
 * Where a range stands after an edit. Lines inserted above push it down, removed ones pull it up; an edit inside
 * stretches or shrinks it; a range that was removed whole collapses to the line where it stood, and one whose lines
 * were replaced together with others stays where it is.
 */
export function shift(range: LineRange, edit: LineEdit): LineRange {
  const { startLine, startColumn, endLine, insertedBreaks } = edit;
  const delta = insertedBreaks - (endLine - startLine);
  if (startLine > range.endLine || delta === 0) return range;
  const atLineStart = startColumn === 0;
  // Enter at the end of the last line starts a line after the range.
  if (startLine === range.endLine && endLine === startLine && !atLineStart) return range;
  /** The line on which the text after the edit goes on. */
  const rest = startLine + insertedBreaks;

  let line = range.line;
  if (startLine < line || (startLine === line && atLineStart)) {
    // Enter at the very start of the first line pushes the line down; it does not stretch the range.
    line = endLine <= line ? line + delta : Math.min(Math.max(line, startLine), rest);
  }
  let last = range.endLine;
  if (endLine <= last) last += delta;
  else if (insertedBreaks > 0) last = Math.min(last, rest);
  else last = atLineStart ? startLine - 1 : startLine;
  return { line, endLine: Math.max(line, last) };
}
