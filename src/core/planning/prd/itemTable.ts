import type { TableBlock } from './markdownBlocks.js';
import { plainInline } from './plainInline.js';
import {
  type ColumnName,
  columnOf,
  type Field,
  type NumberedTitle,
  readNumbered,
  readPriority,
  readStory,
} from './vocabulary.js';

/** A row that is a feature or requirement. */
export interface ItemRow {
  readonly title: string;
  readonly numbered?: { readonly ref: string; readonly kind: NumberedTitle['kind'] | undefined };
  readonly story: boolean;
  readonly fields: readonly Field[];
  readonly line: number;
}

/** The rows of a table of items; none where its heads do not say that it is one. `within` a section of items less is enough. */
export function readItemTable({ header, rows }: TableBlock, within: boolean): ItemRow[] {
  const columns = header.map((cell) => columnOf(plainInline(cell)));
  const at = (name: ColumnName) => columns.indexOf(name);
  const naming = at('title') >= 0 ? at('title') : at('description');
  // Elsewhere, and where no head is one of items, a table tells something else.
  if (naming === -1 && (!within || columns.every((column) => column === undefined))) return [];
  const titleAt = naming >= 0 ? naming : Math.max(0, columns.indexOf(undefined));
  return rows.flatMap(({ line, cells }) => {
    const cell = (index: number) => plainInline(cells[index] ?? '');
    const own = readNumbered(cell(titleAt));
    const id = at('id') >= 0 ? cell(at('id')) : '';
    const idNumber = readNumbered(id);
    const title = own?.rest || cell(titleAt);
    if (title === '') return [];
    // Elsewhere a table is one of items only where it numbers or ranks them.
    if (!within && !own && !idNumber && !readPriority(at('priority') >= 0 ? cell(at('priority')) : '')) return [];
    const ref = own?.ref ?? id;
    const kind = own?.kind ?? idNumber?.kind;
    const fields = columns.flatMap((name, index): Field[] => {
      const value = cell(index);
      if (!name || name === 'id' || name === 'title' || index === titleAt || value === '') return [];
      return [
        {
          name,
          label: plainInline(header[index] ?? ''),
          value: name === 'criteria' ? value.replace(/\s*•\s*/g, '; ') : value,
        },
      ];
    });
    return [{ title, ...(ref && { numbered: { ref, kind } }), story: readStory(title) !== undefined, fields, line }];
  });
}
