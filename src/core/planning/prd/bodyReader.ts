import { isGherkin, linesWith, readCriteria, readGherkin } from './criteriaReader.js';
import { type Draft, type Findings, partsOf, wordsOf } from './draft.js';
import type { Block, Lines, ListBlock, ListItemBlock, TableBlock } from './markdownBlocks.js';
import { CONFIDENCE } from './parsedPrd.js';
import { plainInline } from './plainInline.js';
import {
  type Field,
  fieldOf,
  readField,
  readHours,
  readNumbered,
  readPriority,
  readStory,
  stepOf,
} from './vocabulary.js';

/** Reads what stands below a feature or requirement as its fields, stories, criteria and description. */
export function readBody(blocks: readonly Block[], draft: Draft, findings: Findings): void {
  let pending: Field | undefined;
  for (const [at, block] of blocks.entries()) {
    const label = pending;
    pending = undefined;
    if (label && block.type !== 'paragraph') {
      applyField(draft, { ...label, value: '' }, [block], block, findings);
      continue;
    }
    switch (block.type) {
      case 'paragraph':
        pending = readParagraph(block, draft, findings, blocks[at + 1]);
        break;
      case 'list':
        readList(block, draft, findings);
        break;
      case 'table':
        readFieldTable(block, draft, findings);
        break;
      case 'quote':
        readBody(block.children, draft, findings);
        break;
      case 'code':
        if (isGherkin(block)) draft.criteria.push(...readGherkin(block, CONFIDENCE.marked).criteria);
        break;
      default:
        break;
    }
  }
}

/** Returns the field that the paragraph ends in, where its value is what comes next. */
function readParagraph(
  block: Extract<Block, { type: 'paragraph' | 'code' | 'html' }>,
  draft: Draft,
  findings: Findings,
  next: Block | undefined,
): Field | undefined {
  const whole = plainInline(block.text);
  if (takeStory(draft, whole, block)) return undefined;
  const waitsFor = /^(?:this )?(?:depends on|is blocked by|blocked by)\s+(.{2,300})$/is.exec(whole)?.[1];
  if (waitsFor !== undefined && !/[.!?]\s/.test(waitsFor)) {
    draft.dependsOn.push({ text: waitsFor, ...linesOfBlock(block) });
    return undefined;
  }
  const lines = linesWith(block);
  if (lines.some(({ text }) => stepOf(text) === 'given') || (stepOf(whole) === 'when' && /\bthen\b/i.test(whole))) {
    draft.criteria.push(...readCriteria([block], CONFIDENCE.marked));
    return undefined;
  }
  let last: { field: Field; line: number } | undefined;
  const words: string[] = [];
  for (const { text, line } of lines) {
    const field = readField(text);
    if (field) {
      if (last) applyField(draft, last.field, [], { line: last.line, endLine: line - 1 }, findings);
      last = { field, line };
    } else if (last) last = { ...last, field: { ...last.field, value: `${last.field.value} ${text}`.trim() } };
    else words.push(text);
  }
  if (words.length > 0) draft.description.push(words.join(' '));
  if (!last) return undefined;
  if (last.field.value === '' && next && next.type !== 'paragraph') return last.field;
  applyField(draft, last.field, [], { line: last.line, endLine: block.endLine }, findings);
  return undefined;
}

function readList(block: ListBlock, draft: Draft, findings: Findings): void {
  const heads = block.items.map((item) => partsOf(item).head);
  // Steps of one scenario, an entry each.
  if (heads.some((head) => stepOf(head) === 'given') && heads.every((head) => stepOf(head))) {
    draft.criteria.push(...readCriteria([block], CONFIDENCE.marked));
    return;
  }
  for (const item of block.items) readItem(item, draft, findings);
}

function readItem(item: ListItemBlock, draft: Draft, findings: Findings): void {
  const { head, nested } = partsOf(item);
  const field = readField(head, nested.length > 0);
  if (field) {
    applyField(draft, field, nested, item, findings);
    return;
  }
  if (takeStory(draft, head, item)) {
    readBody(nested, draft, findings);
    return;
  }
  const numbered = readNumbered(head);
  if (numbered && (numbered.kind === 'requirement' || numbered.kind === 'non-functional') && draft.kind === 'feature') {
    const part = findings.start({
      kind: 'requirement',
      title: numbered.rest || numbered.ref,
      ref: numbered.ref,
      confidence: CONFIDENCE.marked,
      path: [...draft.path, draft.title],
      parent: draft,
      ...(numbered.kind === 'non-functional' && { requirementType: 'non-functional' as const }),
      ...linesOfBlock(item),
    });
    readBody(nested, part, findings);
    return;
  }
  const isCriterion = numbered?.kind === 'criterion' || item.checked !== undefined || draft.isStory;
  if (isCriterion && head !== '') {
    const confidence = numbered?.kind === 'criterion' ? CONFIDENCE.marked : CONFIDENCE.list;
    const list: ListBlock = { type: 'list', ordered: false, items: [item], ...linesOfBlock(item) };
    draft.criteria.push(...readCriteria([list], confidence));
    return;
  }
  if (head !== '') draft.description.push(`- ${head}`);
  if (nested.length > 0) readBody(nested, draft, findings);
}

/** A table of two columns whose first names fields, or one of criteria or requirements. */
function readFieldTable(table: TableBlock, draft: Draft, findings: Findings): void {
  const rows = [{ line: table.line, cells: table.header }, ...table.rows];
  const named = rows.filter(({ cells }) => fieldOf(plainInline(cells[0] ?? '')));
  if (table.header.length === 2 && named.length * 2 >= rows.length) {
    for (const { line, cells } of named) {
      const label = plainInline(cells[0] ?? '');
      const name = fieldOf(label);
      if (name)
        applyField(draft, { name, label, value: plainInline(cells[1] ?? '') }, [], { line, endLine: line }, findings);
    }
    return;
  }
  const heads = table.header.map((cell) => plainInline(cell).toLowerCase());
  if (heads.includes('then') || heads.some((head) => fieldOf(head) === 'criteria'))
    draft.criteria.push(...readCriteria([table], CONFIDENCE.marked));
}

/** Takes a field's value over; `nested` is what stands below it. */
export function applyField(draft: Draft, field: Field, nested: readonly Block[], at: Lines, findings: Findings): void {
  const { name, value } = field;
  const text = [value, ...wordsOf(nested)].filter((line) => line !== '');
  switch (name) {
    case 'priority':
      draft.priority ??= readPriority(text[0]?.replace(/^- /, '') ?? '') ?? undefined;
      if (draft.priority === undefined) delete draft.priority;
      break;
    case 'description':
      draft.description.push(...text);
      break;
    case 'criteria':
      draft.criteria.push(...valueCriteria(value, at), ...readCriteria(nested, CONFIDENCE.marked));
      break;
    case 'dependsOn':
      for (const line of text)
        draft.dependsOn.push({ text: line.replace(/^\s*- /, ''), line: at.line, endLine: at.endLine });
      break;
    case 'estimate': {
      const hours = readHours(text[0] ?? '');
      if (hours !== undefined) draft.estimate ??= hours;
      break;
    }
    case 'owner':
      if (text[0]) draft.owner ??= text[0].replace(/^[@-]\s*/, '').slice(0, 200);
      break;
    case 'tags':
      for (const tag of text.join(',').split(/[,;]/)) {
        const word = tag
          .trim()
          .replace(/^[#-]+\s*/, '')
          .replace(/[\s:"]+/g, '-')
          .toLowerCase();
        if (word !== '' && word.length <= 50 && !draft.tags.includes(word)) draft.tags.push(word);
      }
      break;
    case 'value':
      if (text.length > 0) draft.value ??= text.join(' ');
      break;
    case 'story':
      if (value === '' || !takeStory(draft, value, at)) draft.description.push(...(value === '' ? [] : [value]));
      for (const block of nested)
        if (block.type === 'list') for (const item of block.items) storyOrWords(draft, item);
        else if (block.type === 'paragraph') takeStory(draft, plainInline(block.text), block);
      break;
    case 'notes':
      draft.notes.push(...text);
      break;
    case 'milestone':
      if (text[0]) draft.milestone ??= text[0].slice(0, 200);
      break;
    case 'complexity': {
      const number = Number(/^\d+(?:\.\d+)?/.exec(text[0] ?? '')?.[0]);
      if (number >= 1 && number <= 10) draft.complexity ??= number;
      break;
    }
    case 'id':
      if (text[0]) draft.ref ??= text[0];
      break;
    case 'requirements':
      readRequirements(draft, nested, findings);
      break;
    case 'ignored':
      break;
  }
}

/** The requirements of a feature, an entry each. */
export function readRequirements(draft: Draft, blocks: readonly Block[], findings: Findings): void {
  for (const block of blocks) {
    if (block.type !== 'list') continue;
    for (const item of block.items) {
      const { head, nested } = partsOf(item);
      if (head === '') continue;
      const numbered = readNumbered(head);
      const part = findings.start({
        kind: 'requirement',
        title: numbered?.rest || head,
        ref: numbered?.ref,
        confidence: numbered ? CONFIDENCE.marked : CONFIDENCE.list,
        path: [...draft.path, draft.title],
        parent: draft.kind === 'feature' ? draft : draft.parent,
        ...linesOfBlock(item),
      });
      readBody(nested, part, findings);
    }
  }
}

/** Criteria on the line of their key, separated by semicolons. */
function valueCriteria(value: string, at: Lines): Draft['criteria'] {
  if (value === '') return [];
  if (stepOf(value))
    return [{ text: value, scenarios: [value], confidence: CONFIDENCE.marked, line: at.line, endLine: at.line }];
  return value
    .split(/;\s+/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => ({ text, scenarios: [], confidence: CONFIDENCE.marked, line: at.line, endLine: at.line }));
}

function storyOrWords(draft: Draft, item: ListItemBlock): void {
  const { head, nested } = partsOf(item);
  const numbered = readNumbered(head);
  if (!takeStory(draft, numbered?.rest ?? head, item) && head !== '') draft.description.push(`- ${head}`);
  draft.criteria.push(...readCriteria(nested, CONFIDENCE.list));
}

function takeStory(draft: Draft, text: string, { line, endLine }: Lines): boolean {
  const story = readStory(text);
  if (story) draft.stories.push({ text, ...story, line, endLine });
  return story !== undefined;
}

export function linesOfBlock({ line, endLine }: Lines): Lines {
  return { line, endLine };
}
