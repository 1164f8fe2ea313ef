import { acyclicEdges } from '../../transfer/acyclicEdges.js';
import { addTo } from './addTo.js';
import type { Draft, Findings } from './draft.js';
import type { Lines } from './markdownBlocks.js';
import type { PrdDependency, UnresolvedDependency } from './parsedPrd.js';
import { diceCoefficient, type LetterPairs, pairsOf } from './similarity.js';
import { normalTitle, readNumbered } from './vocabulary.js';

export interface Dependencies {
  readonly edges: readonly PrdDependency[];
  readonly unresolved: readonly UnresolvedDependency[];
  /** What an item depends on. */
  of(id: string): readonly string[];
}

/** From this likeness on, and with this lead over the next, another spelling is taken for the title. */
const NEAR = 0.75;
const LEAD = 0.1;
/** Titles that are less alike are not named: nobody meant them. */
const WORTH_NAMING = 0.5;
/** So many likenesses are worked out at most: a document of thousands of misspelled names is not worth minutes. */
const COMPARISONS = 500_000;

/** What somebody may write in front of a title. */
const KIND = /^(?:the\s+)?(?:feature|requirement|story)\s+|^the\s+/i;

type Known = ReadonlyMap<Draft, { readonly id: string }>;

interface Target {
  readonly id: string;
  readonly how: string;
}

/** Finds what “depends on” names: by number, then by title, then by the one title that is much like it. */
export function resolveDependencies(
  drafts: readonly Draft[],
  known: Known,
  statements: Findings['statements'],
  wanted: boolean,
): Dependencies {
  if (!wanted) return { edges: [], unresolved: [], of: () => [] };
  const finder = new Finder(drafts, known);
  const unresolved: UnresolvedDependency[] = [];
  const edges: { from: string; to: string; reason: string; at: Lines; text: string }[] = [];
  const present = new Set<string>();
  const take = (sourceId: string, text: string, at: Lines) => {
    for (const part of partsOf(text)) {
      const target = finder.find(part);
      if ('reason' in target) unresolved.push({ sourceId, text: part, reason: target.reason, ...range(at) });
      else if (target.id === sourceId)
        unresolved.push({ sourceId, text: part, reason: 'is the item itself', ...range(at) });
      else if (!present.has(`${sourceId}\0${target.id}`)) {
        present.add(`${sourceId}\0${target.id}`);
        edges.push({ from: sourceId, to: target.id, reason: `“${part}”, ${target.how}`, at, text: part });
      }
    }
  };
  for (const draft of drafts) {
    const id = known.get(draft)?.id;
    if (id !== undefined) for (const depends of draft.dependsOn) take(id, depends.text, depends);
  }
  for (const statement of statements) {
    const source = finder.find(statement.from);
    if ('reason' in source)
      unresolved.push({ sourceId: '', text: statement.from, reason: source.reason, ...range(statement) });
    else take(source.id, statement.to, statement);
  }
  const { kept, left } = acyclicEdges([], edges);
  for (const { edge, path } of left)
    unresolved.push({
      sourceId: edge.from,
      text: edge.text,
      reason: `would close a cycle: ${path.join(' → ')}`,
      ...range(edge.at),
    });
  const found = kept.map(
    ({ from, to, reason }): PrdDependency => ({
      sourceId: from,
      targetId: to,
      type: 'blocking',
      strength: 'strong',
      reason,
    }),
  );
  const targets = new Map<string, string[]>();
  for (const { sourceId, targetId } of found) addTo(targets, sourceId, targetId);
  return { edges: found, unresolved, of: (id) => targets.get(id) ?? [] };
}

class Finder {
  readonly #byRef = new Map<string, string>();
  readonly #byTitle = new Map<string, string[]>();
  #titles: { readonly other: string; readonly pairs: LetterPairs }[] | undefined;
  #left = COMPARISONS;

  constructor(drafts: readonly Draft[], known: Known) {
    for (const draft of drafts) {
      const id = known.get(draft)?.id;
      if (id === undefined) continue;
      if (draft.ref !== undefined) this.#byRef.set(refForm(draft.ref), id);
      const title = normalTitle(draft.title);
      addTo(this.#byTitle, title, id);
    }
  }

  find(text: string): Target | { readonly reason: string } {
    const ref = readNumbered(text)?.ref ?? text;
    const numbered = this.#byRef.get(refForm(ref)) ?? this.#byRef.get(refForm(text));
    if (numbered !== undefined) return { id: numbered, how: 'by its number' };
    const whole = normalTitle(text);
    const title = this.#byTitle.has(whole) ? whole : normalTitle(text.replace(KIND, ''));
    const same = this.#byTitle.get(title);
    if (same?.length === 1) return { id: same[0] ?? '', how: 'by its title' };
    if (same) return { reason: `${same.length} items are called so` };
    return this.#near(title);
  }

  #near(title: string): Target | { readonly reason: string } {
    this.#left -= this.#byTitle.size;
    if (this.#left < 0)
      return { reason: 'no item is called so; there are too many to look for one that is called alike' };
    this.#titles ??= [...this.#byTitle.keys()].map((other) => ({ other, pairs: pairsOf(other) }));
    const pairs = pairsOf(title);
    let [best, next]: { other: string; score: number }[] = [];
    for (const known of this.#titles) {
      const score = likeness(title, known.other, diceCoefficient(pairs, known.pairs));
      if (!best || score > best.score) [best, next] = [{ other: known.other, score }, best];
      else if (!next || score > next.score) next = { other: known.other, score };
    }
    if (!best || best.score < WORTH_NAMING) return { reason: 'no item of the document is called so' };
    const ids = this.#byTitle.get(best.other) ?? [];
    if (best.score < NEAR || ids.length > 1) return { reason: `no item is called so; the nearest is “${best.other}”` };
    if (next && best.score - next.score < LEAD) return { reason: `could be “${best.other}” or “${next.other}”` };
    return { id: ids[0] ?? '', how: `nearest to “${best.other}”` };
  }
}

/** A title within which the words of the other stand whole is like it, if it is not much longer. */
function likeness(one: string, other: string, alike: number): number {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const within = short.length >= 4 && ` ${long} `.includes(` ${short} `) ? 0.6 + 0.4 * (short.length / long.length) : 0;
  return Math.max(within, alike);
}

function partsOf(text: string): string[] {
  return text
    .split(/[,;、，；]|\s+(?:and|und|&|\+)\s+/)
    .map((part) =>
      part
        .trim()
        .replace(/^[-–—]\s*/, '')
        .replace(/\.$/, ''),
    )
    .filter((part) => part !== '' && !/^(?:none|n\/?a|nothing|no|tbd|-|–|—)$/i.test(part) && part.length <= 200);
}

function refForm(ref: string): string {
  return ref.toLowerCase().replace(/[\s_-]+/g, '-');
}

function range({ line, endLine }: Lines): Lines {
  return { line, endLine };
}
