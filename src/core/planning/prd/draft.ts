import type { Priority } from '../../model/priority.js';
import { readAnnotations } from './annotations.js';
import type { Block, Lines, ListItemBlock } from './markdownBlocks.js';
import type { PrdUserStory, RequirementType } from './parsedPrd.js';
import { plainInline } from './plainInline.js';
import { DECORATION, readNumbered } from './vocabulary.js';

/** A criterion as it is read, before it is known which item it belongs to for good. */
export interface CriterionDraft extends Lines {
  readonly text: string;
  readonly scenarios: readonly string[];
  readonly confidence: number;
  readonly ref?: string;
  /** What the section or item above the criterion is called. */
  readonly group?: string;
}

export interface DependsText extends Lines {
  readonly text: string;
}

/** A feature or requirement while it is read. */
export interface Draft {
  readonly kind: 'feature' | 'requirement';
  title: string;
  ref?: string;
  readonly confidence: number;
  readonly path: readonly string[];
  readonly line: number;
  endLine: number;
  readonly description: string[];
  readonly notes: string[];
  priority?: Priority;
  readonly stories: PrdUserStory[];
  readonly criteria: CriterionDraft[];
  readonly dependsOn: DependsText[];
  estimate?: number;
  owner?: string;
  readonly tags: string[];
  value?: string;
  milestone?: string;
  complexity?: number;
  requirementType?: RequirementType;
  /** The feature that a requirement is part of. */
  readonly parent?: Draft;
  /** True where it is a user story: plain entries below it are its criteria. */
  readonly isStory?: boolean;
}

export interface DraftStart extends Lines {
  readonly kind: Draft['kind'];
  /** Without marks. */
  readonly title: string;
  readonly confidence: number;
  readonly path: readonly string[];
  readonly ref?: string | undefined;
  readonly parent?: Draft | undefined;
  readonly isStory?: boolean;
  readonly priority?: Priority | undefined;
  readonly milestone?: string | undefined;
  readonly requirementType?: RequirementType;
  /** True for a heading: it is the title as it is. */
  readonly heading?: boolean;
}

/** What the reader finds, in the order of the document. */
export class Findings {
  readonly drafts: Draft[] = [];
  /** Criteria outside of features and requirements. */
  readonly loose: CriterionDraft[] = [];
  /** Sentences of the form “A depends on B”. */
  readonly statements: {
    readonly from: string;
    readonly to: string;
    readonly line: number;
    readonly endLine: number;
  }[] = [];

  start({ title: raw, ...given }: DraftStart): Draft {
    const {
      title: noted,
      tags,
      owner,
      due,
      priority,
    } = readAnnotations(raw.replace(DECORATION, '') || raw || 'Untitled');
    const { title, waitsFor } = readWait(noted);
    const { head, rest } = given.heading && title.length <= TITLE ? { head: title, rest: '' } : splitTitle(title);
    const draft: Draft = {
      kind: given.kind,
      title: head,
      confidence: given.confidence,
      path: given.path,
      line: given.line,
      endLine: given.endLine,
      description: [...(rest === '' ? [] : [rest]), ...(due === undefined ? [] : [`Due: ${due}`])],
      notes: [],
      stories: [],
      criteria: [],
      dependsOn: waitsFor === undefined ? [] : [{ text: waitsFor, line: given.line, endLine: given.endLine }],
      tags: [...tags],
      ...(owner !== undefined && { owner }),
      ...(priority && { priority }),
      ...(given.ref !== undefined && { ref: given.ref }),
      ...(given.parent && { parent: given.parent }),
      ...(given.isStory && { isStory: true }),
      ...(given.priority && !priority && { priority: given.priority }),
      ...(given.milestone !== undefined && { milestone: given.milestone }),
      ...(given.requirementType && { requirementType: given.requirementType }),
    };
    this.drafts.push(draft);
    return draft;
  }
}

/** `Filters (depends on Index)`, `Filters. Depends on: Index`. */
const WAIT = /\s*(?:\(|(?<=[.;,])\s)(?:depends on|blocked by|dependent on|needs|requires):?\s+([^()]{2,200}?)\)?\.?$/i;

function readWait(text: string): { title: string; waitsFor?: string } {
  if (!/depends on|blocked by|dependent on|\((?:needs|requires)/i.test(text)) return { title: text };
  const match = WAIT.exec(text);
  const title = match ? text.slice(0, match.index).replace(/[\s;,]+$/, '') : '';
  return match && title !== '' ? { title, waitsFor: match[1] ?? '' } : { title: text };
}

/** Longer than this, and a title is a sentence that says more. */
const TITLE = 120;

/**
 * What an entry is called and what it says beyond: `Name: description`, `Name – description`, or its first sentence where
 * it is long.
 */
export function splitTitle(text: string): { head: string; rest: string } {
  const named = /^(.{2,60}?)(?:(?::| [–—-]) +|：\s*)(?=\S)/.exec(text);
  if (named && !/[.!?]$/.test(named[1] ?? '') && (named[1] ?? '').split(' ').length <= 8)
    return { head: (named[1] ?? '').trim(), rest: text.slice(named[0].length).trim() };
  const sentence = /^.{3,}?[.!?](?= +\p{Lu})/u.exec(text.slice(0, 400))?.[0];
  if (text.length <= TITLE && !sentence) return { head: text.replace(/[.:;,]+$/, '') || text, rest: '' };
  const first = sentence ?? text;
  if (first.length <= TITLE)
    return { head: first.replace(/[.:;,]+$/, '') || first, rest: text.slice(first.length).trim() };
  const cut = first.lastIndexOf(' ', TITLE);
  return { head: `${first.slice(0, cut > 40 ? cut : TITLE).trimEnd()}…`, rest: text };
}

/** What a list entry says itself, and what is nested below it. */
export function partsOf(item: ListItemBlock): { text: string; head: string; nested: readonly Block[] } {
  const [first, ...rest] = item.children;
  if (first?.type === 'paragraph') return { text: first.text, head: plainInline(first.text), nested: rest };
  if (first?.type === 'heading') return { text: first.text, head: plainInline(first.text), nested: rest };
  return { text: '', head: '', nested: item.children };
}

/** All that blocks say, a line for a paragraph or entry; code and HTML left out. */
export function wordsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return plainInline(block.text) || [];
      case 'quote':
        return wordsOf(block.children);
      case 'list':
        return block.items.flatMap((item) =>
          wordsOf(item.children).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)),
        );
      default:
        return [];
    }
  });
}

/** A criterion's own number and its words. */
export function numberedCriterion(text: string): { text: string; ref?: string } {
  const numbered = readNumbered(text);
  if (!numbered || numbered.rest === '') return { text };
  return { text: numbered.rest, ref: numbered.ref };
}
