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

/** Columns aligned and cut so that no line is wider than `width`; a column that is empty in every row is left out. */
export function table<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  width: number,
  paintHead: (text: string) => string,
): string {
  const cells = columns.map((column) => rows.map((row) => column.cell(row)));
  const shown = columns
    .map((column, at) => ({ column, cells: cells[at] ?? [] }))
    .filter((one) => one.cells.some((cell) => cell !== ''));
  const widths = shown.map(({ column, cells }) =>
    Math.max(stringWidth(column.head), ...cells.map((cell) => stringWidth(cell))),
  );
  const gaps = GAP * (shown.length - 1);
  for (let over = sum(widths) + gaps - width; over > 0; ) {
    const widest = shown
      .map(({ column }, at) => ({ at, width: column.flexible ? (widths[at] ?? 0) : 0 }))
      .reduce((a, b) => (b.width > a.width ? b : a), { at: -1, width: NARROWEST });
    if (widest.at === -1) break;
    const cut = Math.min(over, Math.max(1, widest.width - NARROWEST));
    widths[widest.at] = widest.width - cut;
    over -= cut;
  }
  const line = (texts: readonly string[], paint: (text: string, at: number) => string) =>
    texts
      .map((text, at) => {
        const last = at === texts.length - 1 && !shown[at]?.column.right;
        return paint(sized(text, widths[at] ?? 0, { right: shown[at]?.column.right ?? false, pad: !last }), at);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = line(
    shown.map(({ column }) => column.head),
    (text) => paintHead(text),
  );
  const body = rows.map((row, index) =>
    line(
      shown.map(({ cells }) => cells[index] ?? ''),
      (text, at) => shown[at]?.column.paint?.(text, row) ?? text,
    ),
  );
  return [head, ...body].join('\n');
}

/** The text in so many terminal cells: cut with an ellipsis, or padded. */
function sized(text: string, width: number, { right, pad }: { right: boolean; pad: boolean }): string {
  const own = stringWidth(text);
  if (own <= width) {
    if (!pad) return text;
    return right ? ' '.repeat(width - own) + text : text + ' '.repeat(width - own);
  }
  let cut = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const next = used + stringWidth(segment);
    if (next > width - 1) break;
    cut += segment;
    used = next;
  }
  return `${cut}…${pad ? ' '.repeat(Math.max(0, width - used - 1)) : ''}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
