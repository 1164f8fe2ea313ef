/**
 * The blocks of a Markdown document with their lines: headings, paragraphs, lists, tables, code, quotations.
 *
 * A reader of our own, because the syntax tree of micromark takes 3 to 5 seconds a megabyte and a PRD has to be read at
 * 1 MB a second or faster; what stands within a line is not needed as a tree. It follows CommonMark and the tables and
 * task lists of GFM; a test holds its tree against micromark's on the whole corpus.
 */
export interface Lines {
  /** First line, from 1. */
  readonly line: number;
  /** Last line, inclusive. */
  readonly endLine: number;
}

export interface HeadingBlock extends Lines {
  readonly type: 'heading';
  /** 1 to 6. */
  readonly depth: number;
  readonly text: string;
}

/** Text with its line breaks; code is a block of its own kind because nothing in it is Markdown. */
export interface TextBlock extends Lines {
  readonly type: 'paragraph' | 'code' | 'html';
  readonly text: string;
}

export interface ListBlock extends Lines {
  readonly type: 'list';
  readonly ordered: boolean;
  readonly items: readonly ListItemBlock[];
}

export interface ListItemBlock extends Lines {
  /** Whether its box is ticked; absent where it has none. */
  readonly checked?: boolean;
  readonly children: readonly Block[];
}

export interface TableBlock extends Lines {
  readonly type: 'table';
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

export interface QuoteBlock extends Lines {
  readonly type: 'quote';
  readonly children: readonly Block[];
}

export type Block = HeadingBlock | TextBlock | ListBlock | TableBlock | QuoteBlock;

/** Lists and quotations within each other, deeper than anybody writes them, are read as text. */
const DEEPEST = 24;

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/;
const RULE = /^ {0,3}([-*_])(?: *\1){2,} *$/;
const SETEXT = /^ {0,3}(=+|-+) *$/;
const DELIMITER = /^ {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/;
const BLOCK_TAG =
  /^ {0,3}<\/?(?:address|article|aside|blockquote|body|center|col|dd|details|dialog|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|html|iframe|li|main|menu|nav|ol|optgroup|option|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)(?=[\s>/]|$)/i;

/** Reads lines as blocks; `first` is the number of the first of them. */
export function readBlocks(lines: readonly string[], first = 1): readonly Block[] {
  return new BlockReader(lines, first, 0).read();
}

class BlockReader {
  readonly #lines: readonly string[];
  readonly #first: number;
  readonly #depth: number;
  readonly #blocks: Block[] = [];
  #at = 0;

  constructor(lines: readonly string[], first: number, depth: number) {
    this.#lines = lines;
    this.#first = first;
    this.#depth = depth;
  }

  read(): readonly Block[] {
    while (this.#at < this.#lines.length) {
      const line = this.#line(this.#at);
      if (isBlank(line)) this.#at += 1;
      else this.#take(line);
    }
    return this.#blocks;
  }

  #take(line: string): void {
    const fence = FENCE.exec(line);
    const heading = readHeading(line);
    const mayNest = this.#depth < DEEPEST;
    if (indentOf(line) >= 4) this.#takeIndentedCode();
    else if (fence && isFence(fence)) this.#takeFence(fence);
    else if (heading) {
      this.#add({ type: 'heading', ...heading, ...this.#range(this.#at, this.#at) });
      this.#at += 1;
    } else if (RULE.test(line)) this.#at += 1;
    else if (mayNest && /^ {0,3}>/.test(line)) this.#takeQuote();
    else if (mayNest && ITEM.test(line)) this.#takeList();
    else if (isHtml(line)) this.#takeHtml(line);
    else if (this.#isTable()) this.#takeTable();
    else this.#takeParagraph();
  }

  #takeIndentedCode(): void {
    const start = this.#at;
    let end = start;
    for (let at = start; at < this.#lines.length; at += 1) {
      const line = this.#line(at);
      if (isBlank(line)) continue;
      if (indentOf(line) < 4) break;
      end = at;
    }
    this.#addText('code', start, end);
  }

  #takeFence([, marker = '']: RegExpExecArray): void {
    const start = this.#at;
    const closes = new RegExp(`^ {0,3}${marker[0] === '~' ? '~' : '`'}{${marker.length},} *$`);
    let end = start + 1;
    while (end < this.#lines.length && !closes.test(this.#line(end))) end += 1;
    const last = Math.min(end, this.#lines.length - 1);
    const text = this.#lines.slice(start + 1, end).join('\n');
    this.#add({ type: 'code', text, ...this.#range(start, last) });
    this.#at = last + 1;
  }

  #takeHtml(line: string): void {
    const start = this.#at;
    const comment = line.trimStart().startsWith('<!--');
    let end = start;
    if (comment) while (end < this.#lines.length - 1 && !this.#line(end).includes('-->')) end += 1;
    else while (end + 1 < this.#lines.length && !isBlank(this.#line(end + 1))) end += 1;
    this.#addText('html', start, end);
  }

  #takeQuote(): void {
    const start = this.#at;
    const inner: string[] = [];
    while (this.#at < this.#lines.length) {
      const line = this.#line(this.#at);
      const quoted = /^ {0,3}> ?(.*)$/.exec(line);
      const lazy = !quoted && this.#isLazy(line, inner.at(-1));
      if (!quoted && !lazy) break;
      inner.push(quoted?.[1] ?? line);
      this.#at += 1;
    }
    const children = new BlockReader(inner, this.#first + start, this.#depth + 1).read();
    this.#add({ type: 'quote', children, ...this.#range(start, this.#at - 1) });
  }

  #takeList(): void {
    const start = this.#at;
    const kind = kindOf(ITEM.exec(this.#line(start)) as RegExpExecArray);
    const items: ListItemBlock[] = [];
    while (this.#at < this.#lines.length) {
      const line = this.#line(this.#at);
      if (isBlank(line)) {
        this.#at += 1;
        continue;
      }
      const match = ITEM.exec(line);
      if (!match || kindOf(match) !== kind || RULE.test(line)) break;
      items.push(this.#takeItem(match));
    }
    const endLine = items.at(-1)?.endLine ?? this.#first + start;
    this.#add({
      type: 'list',
      ordered: /\d/.test(kind) || kind === ')' || kind === '.',
      items,
      line: this.#first + start,
      endLine,
    });
  }

  #takeItem([whole, indent = '', marker = '', space = '']: RegExpExecArray): ListItemBlock {
    const start = this.#at;
    const first = this.#line(start);
    const rest = first.slice(whole.length);
    const spaces = space.length > 4 || rest === '' ? 1 : space.length;
    const width = indent.length + marker.length + spaces;
    const inner = [first.slice(width)];
    // Blank lines belong to it only where something of it follows.
    let end = start;
    for (let at = start + 1; at < this.#lines.length; at += 1) {
      const line = this.#line(at);
      if (isBlank(line)) {
        // An item that begins with a blank line is empty.
        if (at === start + 1 && isBlank(inner[0] ?? '')) break;
        continue;
      }
      const indented = indentOf(line) >= width;
      // The next item of the list, whatever its number, is not text that goes on.
      if (!indented && (ITEM.test(line) || end !== at - 1 || !this.#isLazy(line, inner.at(-1)))) break;
      while (end < at - 1) {
        inner.push('');
        end += 1;
      }
      inner.push(indented ? line.slice(width) : line.trimStart());
      end = at;
    }
    this.#at = end + 1;
    const box = /^\[([ xX])\] +(?=\S)/.exec(inner[0] ?? '');
    if (box) inner[0] = (inner[0] ?? '').slice(box[0].length);
    const children = new BlockReader(inner, this.#first + start, this.#depth + 1).read();
    return { children, ...(box && { checked: box[1] !== ' ' }), ...this.#range(start, end) };
  }

  #isTable(): boolean {
    const header = this.#line(this.#at);
    const next = this.#lines[this.#at + 1];
    if (next === undefined || !header.includes('|') || !DELIMITER.test(next)) return false;
    return cellsOf(header).length === cellsOf(next).length;
  }

  #takeTable(): void {
    const start = this.#at;
    const header = cellsOf(this.#line(start));
    const rows: { line: number; cells: readonly string[] }[] = [];
    let at = start + 2;
    for (; at < this.#lines.length; at += 1) {
      const line = this.#line(at);
      if (isBlank(line) || startsBlock(line, false)) break;
      rows.push({ line: this.#first + at, cells: cellsOf(line).slice(0, header.length) });
    }
    this.#add({ type: 'table', header, rows, ...this.#range(start, at - 1) });
    this.#at = at;
  }

  #takeParagraph(): void {
    const start = this.#at;
    let at = start + 1;
    for (; at < this.#lines.length; at += 1) {
      const line = this.#line(at);
      if (isBlank(line)) break;
      const underline = SETEXT.exec(line);
      if (underline) {
        const text = joined(this.#lines.slice(start, at));
        this.#add({ type: 'heading', depth: underline[1]?.startsWith('=') ? 1 : 2, text, ...this.#range(start, at) });
        this.#at = at + 1;
        return;
      }
      if (startsBlock(line, true)) break;
      // A table may begin right after text.
      this.#at = at;
      if (this.#isTable()) break;
    }
    this.#addText('paragraph', start, at - 1);
  }

  /** A line that goes on with the paragraph above it although it is not indented, or not quoted. */
  #isLazy(line: string, before: string | undefined): boolean {
    if (before === undefined || isBlank(before) || isBlank(line)) return false;
    if (startsBlock(line, true) || startsBlock(before, false) || readHeading(before)) {
      // Within the item or quotation above, a list item ends in a paragraph too.
      if (startsBlock(line, true) || !ITEM.test(before)) return false;
    }
    return indentOf(before) < 4;
  }

  #addText(type: TextBlock['type'], start: number, end: number): void {
    const lines = this.#lines.slice(start, end + 1);
    this.#add({ type, text: type === 'paragraph' ? joined(lines) : lines.join('\n'), ...this.#range(start, end) });
    this.#at = end + 1;
  }

  #add(block: Block): void {
    this.#blocks.push(block);
  }

  #range(start: number, end: number): Lines {
    return { line: this.#first + start, endLine: this.#first + end };
  }

  #line(at: number): string {
    return this.#lines[at] ?? '';
  }
}

/** The text's lines, with tabs in front of words as spaces. */
export function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (!text.includes('\t')) return lines;
  return lines.map((line) => (/^[ >\d.)*+-]*\t/.test(line) ? withoutTabs(line) : line));
}

function withoutTabs(line: string): string {
  let column = 0;
  let shown = '';
  for (const [at, character] of [...line].entries()) {
    if (character === '\t') {
      const width = 4 - (column % 4);
      shown += ' '.repeat(width);
      column += width;
    } else if (/[ >\d.)*+-]/.test(character)) {
      shown += character;
      column += 1;
    } else return shown + [...line].slice(at).join('');
  }
  return shown;
}

function readHeading(line: string): { depth: number; text: string } | undefined {
  const match = /^ {0,3}(#{1,6})(?= |$)/.exec(line);
  if (!match) return undefined;
  const text = line.slice(match[0].length).trim();
  let end = text.length;
  while (end > 0 && text[end - 1] === '#') end -= 1;
  const closed = end < text.length && (end === 0 || text[end - 1] === ' ');
  return { depth: match[1]?.length ?? 1, text: closed ? text.slice(0, end).trim() : text };
}

function isFence([, marker = '', info = '']: RegExpExecArray): boolean {
  return marker.startsWith('~') || !info.includes('`');
}

function isHtml(line: string): boolean {
  return line.includes('<') && (/^ {0,3}<!--/.test(line) || BLOCK_TAG.test(line));
}

/** True where a line begins another block; `within` a paragraph some need more than elsewhere. */
function startsBlock(line: string, within: boolean): boolean {
  const first = line.charCodeAt(firstWord(line));
  // Letters begin none, and most lines begin with one.
  if ((first >= 65 && first <= 90) || (first >= 97 && first <= 122)) return false;
  if (indentOf(line) >= 4) return false;
  const fence = FENCE.exec(line);
  if (fence && isFence(fence)) return true;
  if (readHeading(line) || /^ {0,3}>/.test(line) || RULE.test(line) || isHtml(line)) return true;
  const item = ITEM.exec(line);
  if (!item) return false;
  if (!within) return true;
  return line.length > item[0].length && (!/\d/.test(item[2] ?? '') || /^1[.)]$/.test(item[2] ?? ''));
}

/** Items of one list have the same bullet, or the same sign after the number. */
function kindOf([, , marker = '']: RegExpExecArray): string {
  return marker.at(-1) ?? '';
}

/** The cells of a row, without the signs around them; an escaped `|` belongs to its cell. */
export function cellsOf(line: string): string[] {
  const text = line.trim();
  const cells: string[] = [];
  let cell = '';
  for (let at = text.startsWith('|') ? 1 : 0; at < text.length; at += 1) {
    if (text[at] === '\\' && text[at + 1] === '|') {
      cell += '|';
      at += 1;
    } else if (text[at] === '|') {
      cells.push(cell.trim());
      cell = '';
    } else cell += text[at];
  }
  if (cell.trim() !== '' || !text.endsWith('|')) cells.push(cell.trim());
  return cells;
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).join('\n');
}

function isBlank(line: string): boolean {
  return firstWord(line) === line.length;
}

function indentOf(line: string): number {
  return firstWord(line);
}

function firstWord(line: string): number {
  let at = 0;
  while (at < line.length && (line[at] === ' ' || line[at] === '\t')) at += 1;
  return at;
}
