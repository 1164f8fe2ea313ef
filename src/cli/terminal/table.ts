import stringWidth from 'string-width';

/** One column of a table. */
export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => string;
  /** Colours a cell that has been cut and padded. */
  readonly paint?: (text: string, row: T) => string;
  readonly right?: boolean;
  /** Gives way when the table is wider than the terminal; the others keep their width. */
  readonly flexible?: boolean;
}

const GAP = 2;
const NARROWEST = 10;

/**
 * Columns aligned and cut so that no line is wider than `width` cells; where even the narrowest columns do not fit, lines
 * are cut at the end. A column that is empty in every row is left out, and so is a line of heads that are all empty.
 */
export function table<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  width: number,
  paintHead: (text: string) => string = (text) => text,
): string {
  const shown = columns
    .map((column) => ({ column, cells: rows.map((row) => column.cell(row)) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const wanted = shown.map(({ column, cells }) => widest([column.head, ...cells]));
  const widths = fitted(
    wanted,
    shown.map(({ column }) => column.flexible ?? false),
    width - GAP * (shown.length - 1),
  );
  const line = (texts: readonly string[], paint: (text: string, at: number) => string) => {
    let room = width;
    const parts: string[] = [];
    for (const [at, text] of texts.entries()) {
      const own = Math.min(widths[at] ?? 0, room);
      if (own <= 0) break;
      const { right = false } = shown[at]?.column ?? {};
      const last = !right && (at === texts.length - 1 || texts.slice(at + 1).every((after) => after === ''));
      parts.push(paint(sized(text, own, { right, pad: !last }), at));
      if (last) break;
      room -= own + GAP;
    }
    return parts.join(' '.repeat(GAP));
  };
  const heads = shown.map(({ column }) => column.head);
  const body = rows.map((row, index) =>
    line(
      shown.map(({ cells }) => cells[index] ?? ''),
      (text, at) => shown[at]?.column.paint?.(text, row) ?? text,
    ),
  );
  return heads.every((head) => head === '') ? body.join('\n') : [line(heads, paintHead), ...body].join('\n');
}

/** How wide each column may be: the flexible ones give way, the widest first, down to the narrowest that reads well. */
function fitted(wanted: readonly number[], flexible: readonly boolean[], room: number): readonly number[] {
  const widths = [...wanted];
  for (let over = sum(widths) - room; over > 0; ) {
    const at = widths.reduce(
      (best, width, index) => (flexible[index] && width > NARROWEST && width > (widths[best] ?? 0) ? index : best),
      -1,
    );
    if (at === -1) break;
    const next = Math.max(NARROWEST, ...widths.filter((width, index) => flexible[index] && width < (widths[at] ?? 0)));
    const cut = Math.min(over, Math.max(1, (widths[at] ?? 0) - next));
    widths[at] = (widths[at] ?? 0) - cut;
    over -= cut;
  }
  return widths;
}

/** The text in so many terminal cells: cut with an ellipsis, or padded. */
function sized(text: string, width: number, { right, pad }: { right: boolean; pad: boolean }): string {
  const own = stringWidth(text);
  if (own <= width) {
    if (!pad) return text;
    return right ? ' '.repeat(width - own) + text : text + ' '.repeat(width - own);
  }
  const cut = cutTo(text, width);
  return pad ? cut + ' '.repeat(Math.max(0, width - stringWidth(cut))) : cut;
}

/** The beginning of a text that fits into so many terminal cells, an ellipsis with it; the whole text if that fits. */
export function cutTo(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const next = used + stringWidth(segment);
    if (next > width - 1) break;
    cut += segment;
    used = next;
  }
  return `${cut}…`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
