import { addTo } from '../../../core/planning/prd/addTo.js';
import type { TaskRole } from '../../../core/planning/prd/parsedPrd.js';
import { similarity } from '../../../core/planning/prd/similarity.js';
import { normalTitle } from '../../../core/planning/prd/vocabulary.js';
import type { Imported } from '../../transfer/mergeFields.js';

/** What is kept of a task of a document: its fields as they were, and by what its item is found again. */
export interface KeptTask extends Imported {
  readonly prd: {
    readonly project: string;
    readonly item: string;
    readonly kind: 'feature' | 'requirement';
    readonly role: TaskRole;
    readonly title: string;
    /** Headings above the item. */
    readonly path: string;
    /** Hashes of what the item says. */
    readonly body: readonly string[];
    /** Uid of the reference to its lines. */
    readonly reference?: string;
  };
}

/** An item of the document, as it was or as it is. */
export interface MatchItem {
  readonly key: string;
  readonly kind: 'feature' | 'requirement';
  readonly title: string;
  readonly path: string;
  readonly body: readonly string[];
}

/** From this likeness on, with this lead over any other, one title is the other after a rename. */
const ALIKE = 0.45;
const LEAD = 0.15;
/** With more of them than this on both sides nobody renamed: the document is another one. */
const MOST = 200;

/** Finds each item of the document among those of the last time: by key, by title below another heading, as a rename. */
export function matchItems(before: readonly MatchItem[], now: readonly MatchItem[]): ReadonlyMap<string, MatchItem> {
  const matches = new Map<string, MatchItem>();
  const old = new Map(before.map((item) => [item.key, item]));
  for (const { key } of now) {
    const same = old.get(key);
    if (same) matches.set(key, same);
  }
  const rest = () => {
    const used = new Set([...matches.values()].map(({ key }) => key));
    return { left: before.filter(({ key }) => !used.has(key)), open: now.filter(({ key }) => !matches.has(key)) };
  };
  const { left, open } = rest();
  const named = ({ kind, title }: MatchItem) => `${kind} ${normalTitle(title)}`;
  const candidates = groupBy(left, named);
  for (const [name, [item, another]] of groupBy(open, named)) {
    const [candidate, second] = candidates.get(name) ?? [];
    if (item && candidate && !another && !second) matches.set(item.key, candidate);
  }
  const unmatched = rest();
  if (unmatched.left.length > MOST || unmatched.open.length > MOST) return matches;
  const pairs = unmatched.open
    .flatMap((item) => unmatched.left.map((other) => ({ item, other, score: likeness(item, other) })))
    .filter(({ score }) => score >= ALIKE)
    .sort((a, b) => b.score - a.score);
  for (const pair of pairs) {
    const rival = pairs.find(
      (one) => one !== pair && (one.item === pair.item || one.other === pair.other) && one.score > pair.score - LEAD,
    );
    if (!rival) matches.set(pair.item.key, pair.other);
  }
  return matches;
}

function groupBy<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) addTo(groups, nameOf(one), one);
  return groups;
}

function likeness(one: MatchItem, other: MatchItem): number {
  if (one.kind !== other.kind || one.path !== other.path) return 0;
  const shared = one.body.filter((hash) => other.body.includes(hash)).length;
  const all = new Set([...one.body, ...other.body]).size;
  return Math.max(similarity(normalTitle(one.title), normalTitle(other.title)), all === 0 ? 0 : shared / all);
}
