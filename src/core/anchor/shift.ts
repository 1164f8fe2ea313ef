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
 * stretches or shrinks it; a range that was removed whole collapses to the line where it stood.
 */
export function shift(range: LineRange, edit: LineEdit): LineRange {
  const removedBreaks = edit.endLine - edit.startLine;
  const delta = edit.insertedBreaks - removedBreaks;
  if (edit.startLine > range.endLine || delta === 0) return range;
  const atLineStart = edit.startColumn === 0;
  // Enter at the very start of the first line pushes the line down; it does not stretch the range.
  const above =
    edit.endLine < range.line || (edit.endLine === range.line && (atLineStart || edit.startLine < range.line));
  if (above) {
    const line = Math.max(edit.startLine, range.line + delta);
    return { line, endLine: Math.max(line, range.endLine + delta) };
  }
  // Enter at the end of the last line starts a line after the range.
  const below = edit.startLine === range.endLine && edit.endLine === range.endLine && !atLineStart;
  if (below) return range;
  const line = Math.min(range.line, edit.startLine);
  return { line, endLine: Math.max(line, range.endLine + delta) };
}
