import type { Priority } from '../../model/priority.js';
import { applyField, linesOfBlock, readBody, readRequirements } from './bodyReader.js';
import { isGherkin, readCriteria, readGherkin } from './criteriaReader.js';
import { type Draft, Findings, partsOf } from './draft.js';
import { isGroup } from './groups.js';
import { readItemTable } from './itemTable.js';
import type { Block, Lines, ListItemBlock, TableBlock, TextBlock } from './markdownBlocks.js';
import { CONFIDENCE, type RequirementType } from './parsedPrd.js';
import { plainInline } from './plainInline.js';
import type { Section } from './sections.js';
import {
  type ContainerKind,
  containerOf,
  fieldOf,
  headingPriority,
  isDemand,
  isPhase,
  isRemark,
  readField,
  readMarker,
  readNumbered,
  readStory,
} from './vocabulary.js';

/** What the headings above say of what stands below them. */
export interface Context {
  readonly container?: ContainerKind | undefined;
  readonly priority?: Priority | undefined;
  readonly milestone?: string | undefined;
  /** Headings above, without the document's title. */
  readonly path: readonly string[];
}

/** Containers whose entries are features or requirements. */
const HOLDS: Partial<Record<ContainerKind, Draft['kind']>> = {
  features: 'feature',
  stories: 'feature',
  requirements: 'requirement',
  'non-functional': 'requirement',
  technical: 'requirement',
  business: 'requirement',
};

/** Finds features, requirements and criteria in the sections of a document. */
export class SectionReader {
  readonly findings = new Findings();

  /** Reads a section that is nothing itself: the document, or its title. */
  readInside(section: Section, context: Context): void {
    this.#readBlocks(section.blocks, context);
    for (const child of section.children) this.#read(child, context);
  }

  #read(section: Section, context: Context): void {
    const { title } = section;
    const below = { ...context, path: [...context.path, title] };
    const marked = this.#startMarked(title, context, section);
    if (marked) {
      this.#readOwned(section, marked);
      return;
    }
    const container = containerOf(title);
    const priority = headingPriority(title) ?? context.priority;
    switch (container) {
      case undefined:
        break;
      case 'excluded':
        return;
      case 'criteria':
        this.#readLooseCriteria(section);
        return;
      case 'dependencies':
        this.#readStatements(section.blocks);
        return;
      default: {
        // `Requirements` within `Non-functional requirements` are of that kind.
        const kind =
          container === 'requirements' && HOLDS[context.container ?? 'features'] === 'requirement'
            ? context.container
            : container;
        this.readInside(section, { ...below, container: kind, priority });
        return;
      }
    }
    if (context.container === 'milestones' || isPhase(title)) {
      this.readInside(section, { ...below, container: 'features', milestone: title.slice(0, 200) });
      return;
    }
    const kind = context.container && HOLDS[context.container];
    if (kind !== undefined && isRemark(title)) {
      this.readInside(section, { path: below.path });
      return;
    }
    if (kind === undefined) {
      this.readInside(section, below);
      return;
    }
    if (headingPriority(title) || isGroup(section, kind)) {
      this.readInside(section, { ...below, priority });
      return;
    }
    this.#readOwned(section, this.#start(kind, title, CONFIDENCE.heading, context, section));
  }

  /** Everything below the heading of a feature or requirement. */
  #readOwned(section: Section, draft: Draft): void {
    draft.endLine = Math.max(draft.endLine, section.endLine);
    readBody(section.blocks, draft, this.findings);
    for (const child of section.children) this.#readPart(child, draft);
    nameByStory(draft);
  }

  #readPart(section: Section, draft: Draft): void {
    const { title } = section;
    const scenario = /^scenario(?: outline)?(?:\s+\d+)?\s*[:–—-]\s*(.+)$/i.exec(title);
    if (scenario) {
      const [first] = readCriteria(section.blocks, CONFIDENCE.marked);
      if (first) draft.criteria.push({ ...first, text: scenario[1] ?? title, line: section.line });
      return;
    }
    const container = containerOf(title);
    if (container === 'excluded') return;
    const all = blocksWithin(section);
    if (container === 'criteria') {
      draft.criteria.push(...readCriteria(all, CONFIDENCE.marked));
      return;
    }
    if (container === 'stories') {
      applyField(draft, { name: 'story', label: title, value: '' }, all, section, this.findings);
      return;
    }
    if (container && HOLDS[container] === 'requirement') {
      readRequirements(draft, all, this.findings);
      return;
    }
    if (container === 'dependencies') {
      applyField(draft, { name: 'dependsOn', label: title, value: '' }, section.blocks, section, this.findings);
      return;
    }
    const context = { path: [...draft.path, draft.title], milestone: draft.milestone };
    const marked = this.#startMarked(title, context, section, draft);
    if (marked) {
      this.#readOwned(section, marked);
      return;
    }
    const name = fieldOf(title);
    if (name) {
      applyField(draft, { name, label: title, value: '' }, section.blocks, section, this.findings);
      return;
    }
    readBody(section.blocks, draft, this.findings);
    for (const child of section.children) this.#readPart(child, draft);
  }

  #readBlocks(blocks: readonly Block[], context: Context): void {
    for (const block of blocks) {
      switch (block.type) {
        case 'paragraph':
          this.#readText(block, context);
          break;
        case 'list':
          for (const item of block.items) this.#readItem(item, context);
          break;
        case 'table':
          this.#readTable(block, context);
          break;
        case 'quote':
          this.#readBlocks(block.children, context);
          break;
        case 'code':
          if (isGherkin(block)) this.#readGherkin(block, context);
          break;
        default:
          break;
      }
    }
  }

  /** Text in a section: numbered lines, stories, and sentences that demand something. */
  #readText(block: TextBlock, context: Context): void {
    const text = plainInline(block.text);
    if (readStory(text)) {
      this.#startMarked(text, context, block);
      return;
    }
    const lines = block.text.split('\n');
    const marks = lines.map((line) => readNumbered(plainInline(line)));
    if (marks[0] && marks[0].rest !== '') {
      for (let at = 0; at < lines.length; ) {
        let end = at + 1;
        while (end < lines.length && !marks[end]) end += 1;
        const range = { line: block.line + at, endLine: block.line + end - 1 };
        this.#startMarked(plainInline(lines.slice(at, end).join(' ')), context, range);
        at = end;
      }
      return;
    }
    if (!isDemand(text)) return;
    const holds = context.container && HOLDS[context.container];
    if (holds === 'requirement') this.#start('requirement', text, CONFIDENCE.list, context, block);
    else if (!context.container) this.#readSentences(block, text, context);
  }

  #readSentences(block: TextBlock, text: string, context: Context): void {
    for (const sentence of text.split(/(?<=[.!?])\s+(?=\p{Lu})/u))
      if (isDemand(sentence) && sentence.length > 10)
        this.#start('requirement', sentence, CONFIDENCE.sentence, context, block);
  }

  #readItem(item: ListItemBlock, context: Context): void {
    const { text, head, nested } = partsOf(item);
    const marked = this.#startMarked(head, context, item);
    if (marked) {
      readBody(nested, marked, this.findings);
      return;
    }
    const field =
      /^(?:\*\*|__)/.test(text) && context.container && nested.length > 0
        ? undefined
        : readField(head, nested.length > 0);
    if (field?.name === 'criteria') {
      this.findings.loose.push(...readCriteria(nested, CONFIDENCE.marked));
      return;
    }
    const kind = context.container && HOLDS[context.container];
    const isOwn = kind !== undefined && head !== '' && (!field || (field.name === 'ignored' && nested.length > 0));
    if (isOwn) {
      readBody(nested, this.#start(kind, head, CONFIDENCE.list, context, item), this.findings);
      return;
    }
    if (field) return;
    if (item.checked !== undefined && context.container === undefined && head !== '') {
      this.findings.loose.push({ text: head, scenarios: [], confidence: CONFIDENCE.list, ...linesOfBlock(item) });
      return;
    }
    if (!context.container && isDemand(head)) this.#start('requirement', head, CONFIDENCE.sentence, context, item);
    this.#readBlocks(
      nested.filter((block) => block.type === 'list' || block.type === 'table'),
      context,
    );
  }

  #readTable(table: TableBlock, context: Context): void {
    const kind = context.container && HOLDS[context.container];
    for (const row of readItemTable(table, kind !== undefined)) {
      const { title, numbered, story, line } = row;
      const confidence = numbered || story ? CONFIDENCE.marked : kind ? CONFIDENCE.heading : CONFIDENCE.list;
      const draft = story
        ? this.#startStory(title, context, { line, endLine: line }, numbered?.ref)
        : this.#start(
            kindOf(numbered?.kind) ?? kind ?? 'requirement',
            title,
            confidence,
            context,
            { line, endLine: line },
            numbered,
          );
      for (const field of row.fields) applyField(draft, field, [], { line, endLine: line }, this.findings);
    }
  }

  #readGherkin(block: TextBlock, context: Context): void {
    const { feature, criteria } = readGherkin(block, CONFIDENCE.marked);
    if (feature === undefined) this.findings.loose.push(...criteria);
    else this.#start('feature', feature, CONFIDENCE.marked, context, block).criteria.push(...criteria);
  }

  /** Criteria of a section that no feature is above; those below a name belong to what is called so. */
  #readLooseCriteria(section: Section): void {
    this.findings.loose.push(...readCriteria(section.blocks, CONFIDENCE.marked));
    for (const child of section.children)
      this.findings.loose.push(...readCriteria(blocksWithin(child), CONFIDENCE.marked, child.title));
  }

  /** `A depends on B`, `A requires B`, `A → B`. */
  #readStatements(blocks: readonly Block[]): void {
    const take = (text: string, at: Lines) => {
      const match = /^(.{2,80}?)\s+(?:depends on|requires|needs|is blocked by|waits for|→|->)\s+(.{2,200})$/i.exec(
        text,
      );
      if (match) this.findings.statements.push({ from: match[1] ?? '', to: match[2] ?? '', ...linesOfBlock(at) });
    };
    for (const block of blocks) {
      if (block.type === 'paragraph') take(plainInline(block.text), block);
      if (block.type === 'list') for (const item of block.items) take(partsOf(item).head, item);
    }
  }

  /** An item that says itself what it is: by a word, a number, or the form of a user story. */
  #startMarked(text: string, context: Context, at: Lines, parent?: Draft): Draft | undefined {
    const numbered = readNumbered(text);
    const marker = numbered ? undefined : readMarker(text);
    const rest = numbered?.rest ?? marker?.rest ?? text;
    const ref = numbered?.ref ?? marker?.ref;
    if (readStory(rest)) return this.#startStory(rest, context, at, ref);
    if (numbered?.kind === 'criterion') return undefined;
    if (!numbered && !marker) return undefined;
    const kind = kindOf(numbered?.kind) ?? marker?.kind ?? 'feature';
    const owner = kind === 'requirement' ? parent : undefined;
    return this.#start(
      kind,
      rest || (ref ?? text),
      CONFIDENCE.marked,
      context,
      at,
      { ref, kind: numbered?.kind },
      owner,
    );
  }

  /** A user story is a feature that is called by what is wanted. */
  #startStory(text: string, context: Context, at: Lines, ref: string | undefined): Draft {
    const story = readStory(text);
    const goal = story?.goal ?? text;
    const draft = this.findings.start({
      kind: 'feature',
      title: upperFirst(goal),
      confidence: CONFIDENCE.marked,
      path: context.path,
      ref,
      isStory: true,
      priority: context.priority,
      milestone: context.milestone,
      ...linesOfBlock(at),
    });
    if (story) draft.stories.push({ text, ...story, ...linesOfBlock(at) });
    return draft;
  }

  #start(
    kind: Draft['kind'],
    title: string,
    confidence: number,
    context: Context,
    at: Lines,
    numbered?: { readonly ref?: string | undefined; readonly kind?: string | undefined },
    parent?: Draft,
  ): Draft {
    const type = requirementType(context.container, numbered?.kind);
    return this.findings.start({
      kind,
      title,
      confidence,
      path: context.path,
      ref: numbered?.ref,
      priority: context.priority,
      milestone: context.milestone,
      parent,
      ...(kind === 'feature' && context.container === 'stories' && { isStory: true }),
      ...(type && { requirementType: type }),
      heading: 'depth' in at,
      ...linesOfBlock(at),
    });
  }
}

function kindOf(numbered: string | undefined): Draft['kind'] | undefined {
  if (numbered === undefined) return undefined;
  return numbered === 'feature' || numbered === 'story' ? 'feature' : 'requirement';
}

function requirementType(
  container: ContainerKind | undefined,
  numbered: string | undefined,
): RequirementType | undefined {
  if (container === 'non-functional' || numbered === 'non-functional') return 'non-functional';
  return container === 'technical' || container === 'business' ? container : undefined;
}

/** `Story 3` is a number, not a title: the item is called by what its story wants. */
function nameByStory(draft: Draft): void {
  const [story] = draft.stories;
  if (!story || !/^(?:user )?(?:story|use case|scenario|feature)\s*#?\d+$/i.test(draft.title)) return;
  draft.ref ??= draft.title.toLowerCase();
  draft.title = upperFirst(story.goal);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A section's own blocks and those of everything below it. */
function blocksWithin(section: Section): Block[] {
  return [...section.blocks, ...section.children.flatMap(blocksWithin)];
}
