import type { Output } from './output.js';
import { type Column, table } from './table.js';

/** A table as wide as the terminal; whole where stdout is none, so that nothing is cut from what a program reads. */
export function rows<T>(
  { terminal, width, style }: Output,
  columns: readonly Column<T>[],
  items: readonly T[],
): string {
  return table(columns, items, terminal ? width : Number.POSITIVE_INFINITY, style.bold);
}
