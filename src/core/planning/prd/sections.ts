import { parse } from 'yaml';
import { type Block, type HeadingBlock, type Lines, linesOf, readBlocks } from './markdownBlocks.js';
import { plainInline } from './plainInline.js';
import { containerOf, fieldOf, readMarker } from './vocabulary.js';

/** A heading and what stands below it, up to the next one of its rank. */
export interface Section extends Lines {
  /** 0 for the document itself, 1 to 6 as headings are; 7 for a bold line or a word with a colon that stands for one. */
  readonly depth: number;
  /** Without marks. */
  readonly title: string;
  readonly blocks: Block[];
  readonly children: Section[];
  /** The last line of it and everything within. */
  endLine: number;
}

export interface PrdDocument {
  readonly frontMatter: Readonly<Record<string, unknown>>;
  readonly root: Section;
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/** Stands in for a heading where nobody made one: after all real ones. */
const LABEL_DEPTH = 7;

/** Splits a document into front matter and the tree of its sections. Never throws: what cannot be read is a warning. */
export function readSections(text: string): PrdDocument {
  const lines = linesOf(text);
  const warnings: string[] = [];
  const { frontMatter, first } = readFrontMatter(lines, warnings);
  const blocks = readBlocks(lines.slice(first), first + 1);
  const root: Section = { depth: 0, title: '', blocks: [], children: [], line: 1, endLine: Math.max(1, lines.length) };
  const open: Section[] = [root];
  for (const block of blocks) {
    const heading = headingOf(block);
    if (!heading) {
      open.at(-1)?.blocks.push(block);
      continue;
    }
    while ((open.at(-1)?.depth ?? 0) >= heading.depth) close(open, block.line - 1);
    const section: Section = {
      depth: heading.depth,
      title: heading.title,
      blocks: [],
      children: [],
      line: block.line,
      endLine: block.endLine,
    };
    open.at(-1)?.children.push(section);
    open.push(section);
  }
  while (open.length > 1) close(open, lines.length);
  return { frontMatter, root, lines, warnings };

  function close(sections: Section[], last: number): void {
    const section = sections.pop();
    if (!section) return;
    let end = Math.max(section.line, last);
    while (end > section.line && (lines[end - 1] ?? '').trim() === '') end -= 1;
    section.endLine = end;
  }
}

/** A heading, or a line in bold or with a colon at its end that says what comes below. */
function headingOf(block: Block): { depth: number; title: string } | undefined {
  if (block.type === 'heading') return { depth: block.depth, title: plainInline((block as HeadingBlock).text) };
  if (block.type !== 'paragraph' || block.text.length > 80 || block.text.includes('\n')) return undefined;
  const bold = /^(?:\*\*|__)[^*_]+(?:\*\*|__):?$/.test(block.text);
  if (!bold && !block.text.endsWith(':')) return undefined;
  const title = plainInline(block.text).replace(/:$/, '');
  if (containerOf(title) || (fieldOf(title) && fieldOf(title) !== 'ignored') || (bold && readMarker(title)))
    return { depth: LABEL_DEPTH, title };
  return undefined;
}

function readFrontMatter(
  lines: readonly string[],
  warnings: string[],
): { frontMatter: Record<string, unknown>; first: number } {
  if (!/^---\s*$/.test(lines[0] ?? '')) return { frontMatter: {}, first: 0 };
  const end = lines.findIndex((line, at) => at > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  if (end === -1 || lines.slice(1, end).every((line) => line.trim() === '')) return { frontMatter: {}, first: 0 };
  try {
    const value: unknown = parse(lines.slice(1, end).join('\n'), { schema: 'core', logLevel: 'silent' });
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { frontMatter: value as Record<string, unknown>, first: end + 1 };
    // A rule, then text: no front matter.
    return { frontMatter: {}, first: 0 };
  } catch (error) {
    warnings.push(`The front matter (lines 1 to ${end + 1}) is not YAML: ${(error as Error).message.split('\n')[0]}`);
    return { frontMatter: {}, first: end + 1 };
  }
}
