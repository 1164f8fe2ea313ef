import type { Heading, List, ListItem, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { InvalidInputError } from '../../../core/model/errors.js';
import { Readings } from '../../../core/transfer/readings.js';
import { TaskReading } from '../../../core/transfer/taskReading.js';
import { type SourceFile, textOf } from '../importSource.js';
import { nameWithout } from './namelessIds.js';

/** What the headings above a checklist become. */
export type Headings = 'milestone' | 'parent';

/** Where in the document a list stands. */
interface Context {
  readonly text: string;
  readonly readings: Readings;
  /** Titles above, the outermost first: with its own title they tell a task from others. */
  readonly above: readonly string[];
  readonly parent?: string;
  readonly milestone?: string;
}

/**
 * The checkboxes of a Markdown document: nesting makes subtasks, `[x]` is completed, `#tag`, `@assignee` and `!priority`
 * are read out of the titles, other text within an item is its description. Headings are milestones, or tasks that the
 * lists below are parts of; a lone first heading is the document's title and neither.
 */
export function readMarkdown(file: SourceFile, headings: Headings = 'milestone'): Readings {
  const text = textOf(file);
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const readings = new Readings();
  const title = titleOf(tree);
  const open: { depth: number; words: string; id?: string }[] = [];
  for (const node of tree.children) {
    if (node.type === 'heading' && node !== title) {
      while ((open.at(-1)?.depth ?? 0) >= node.depth) open.pop();
      open.push({ depth: node.depth, words: wordsOf(node, text) });
    }
    if (node.type !== 'list' || !hasBoxes(node)) continue;
    const above = open.map(({ words }) => words);
    const nearest = open.at(-1);
    if (nearest && headings === 'parent')
      for (const heading of open) heading.id ??= headingTask(open, heading, readings);
    readList(node, {
      text,
      readings,
      above,
      ...(nearest && (headings === 'parent' ? { parent: nearest.id ?? '' } : { milestone: nearest.words })),
    });
  }
  if (readings.tasks.length === 0 && readings.errors.length === 0)
    throw new InvalidInputError('file', `${file.path} has no checkboxes (“- [ ] …”). Nothing was imported.`);
  return readings;
}

/** The only heading of the first level, where it comes before everything else. */
function titleOf({ children }: Root): Heading | undefined {
  const tops = children.filter((node): node is Heading => node.type === 'heading' && node.depth === 1);
  return tops.length === 1 &&
    children[0] === tops[0] &&
    children.some((node) => node.type === 'heading' && node.depth > 1)
    ? tops[0]
    : undefined;
}

/** A task for a heading, within that of the heading above it. */
function headingTask(
  open: readonly { readonly words: string; readonly id?: string }[],
  heading: { readonly words: string },
  readings: Readings,
): string {
  const at = open.indexOf(heading as (typeof open)[number]);
  const id = nameWithout(
    open
      .slice(0, at + 1)
      .map(({ words }) => words)
      .join('\0'),
    readings,
  );
  const task = new TaskReading(readings, id, `heading “${heading.words}”`);
  task.title(heading.words);
  task.status('');
  task.priority('');
  const above = open[at - 1]?.id;
  if (above !== undefined) task.parent(above);
  task.finish();
  return id;
}

function readList(list: List, context: Context): void {
  for (const item of list.children) {
    if (typeof item.checked === 'boolean') readItem(item, context);
    else for (const inner of item.children) if (inner.type === 'list' && hasBoxes(inner)) readList(inner, context);
  }
}

function readItem(item: ListItem, context: Context): void {
  const { text, readings, above, parent, milestone } = context;
  const [first, ...others] = item.children;
  const paragraph = first?.type === 'paragraph' ? slice(first, text) : '';
  const [line = '', ...rest] = paragraph.split(/\r?\n/);
  const { title, tags, assignee, priority } = readTokens(line.replace(/^\[[ xX]\]\s+/, ''));
  const id = nameWithout([...above, title].join('\0'), readings);
  const task = new TaskReading(readings, id, `line ${item.position?.start.line ?? 0}`);
  task.title(title);
  task.status(item.checked ? 'completed' : 'pending');
  task.priority(priority);
  if (tags.length > 0) task.tags(tags);
  task.word('assignee', assignee);
  task.word('milestone', milestone);
  if (parent !== undefined) task.parent(parent);
  const blocks = (first && first.type !== 'paragraph' ? [first, ...others] : others).filter(
    (node) => !isChecklist(node),
  );
  const description = [rest.map((one) => one.trim()).join('\n'), ...blocks.map((node) => outdent(slice(node, text)))];
  task.description(description.filter((part) => part.trim() !== '').join('\n\n'));
  task.finish();
  const within = { ...context, above: [...above, title], parent: id };
  for (const node of item.children) if (node.type === 'list' && hasBoxes(node)) readList(node, within);
}

/** Takes `#tag`, `@assignee` and `!priority` out of a title, but not out of code; `#12` names an issue and stays. */
function readTokens(line: string) {
  const tags: string[] = [];
  let assignee = '';
  let priority = '';
  const title = line
    .split(/(`+[^`]*`+)/)
    .map((part, at) => {
      if (at % 2 === 1) return part;
      return part.replace(
        /(^|\s)(?:#(?!\d+(?:\s|$))([\p{L}\p{N}][\p{L}\p{N}_./-]*)|@([\p{L}\p{N}][\p{L}\p{N}_.-]*)|!(critical|urgent|high|medium|normal|low|background))(?=\s|$)/giu,
        (_all, before: string, tag?: string, who?: string, level?: string) => {
          if (tag) tags.push(tag);
          if (who) assignee = assignee || who;
          if (level) priority = level;
          return before;
        },
      );
    })
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  return { title: title || line.trim(), tags, assignee, priority };
}

function hasBoxes(list: List): boolean {
  return list.children.some(
    (item) =>
      typeof item.checked === 'boolean' || item.children.some((inner) => inner.type === 'list' && hasBoxes(inner)),
  );
}

function isChecklist(node: RootContent): boolean {
  return node.type === 'list' && hasBoxes(node);
}

function slice(node: RootContent, text: string): string {
  return text.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
}

function wordsOf(heading: Heading, text: string): string {
  const inner = heading.children.map((child) => slice(child, text)).join('');
  return inner.replace(/\s+/g, ' ').trim();
}

/** Lines of a block within a list item stand as far in as the item. */
function outdent(block: string): string {
  const [first = '', ...rest] = block.split(/\r?\n/);
  const depths = rest.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const depth = depths.length === 0 ? 0 : Math.min(...depths);
  return [first, ...rest.map((line) => line.slice(depth))].join('\n');
}
