import type { ReferenceState } from '../model/fileReference.js';

/** Lines of a file, from 1, both ends included. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/** Where a reference is now. For `lost` the range is where it was last seen, kept inside the file. */
export interface Located extends LineRange {
  readonly state: ReferenceState;
}

/** How many lines of a long range, from its start, an anchor remembers. */
const REMEMBERED = 48;
/** How many lines before and after the range tell equal lines apart. */
const NEIGHBOURS = 3;
/** A changed place is accepted when this share of its lines and neighbours is still there. */
const ACCEPTED_SHARE = 0.5;

/**
 * What is remembered of a place: a hash of each of its lines and of their nearest non-blank neighbours.
 * Text form: `1|before|lines|after`, hashes of 6 hexadecimal characters separated by `.`, nearest neighbour first.
 */
interface Anchor {
  readonly before: readonly string[];
  readonly lines: readonly string[];
  readonly after: readonly string[];
}

/** The anchor of a range. Indentation and trailing space do not count, so a formatter does not lose it. */
export function makeAnchor(text: readonly string[], { line, endLine }: LineRange): string {
  const { hashes } = hashed(text);
  const last = Math.min(endLine, line + REMEMBERED - 1);
  const anchor: Anchor = {
    before: neighbours(hashes, line - 2, -1),
    lines: hashes.slice(line - 1, last),
    after: neighbours(hashes, endLine, +1),
  };
  return `1|${anchor.before.join('.')}|${anchor.lines.join('.')}|${anchor.after.join('.')}`;
}

/**
 * Finds a place again. `exact`: the lines stand where they stood. `moved`: they stand elsewhere.
 * `changed`: most of them, or their neighbours, are still recognised. `lost`: nothing that could be trusted.
 * Without an anchor (the file did not exist when the reference was made) an existing line counts as exact.
 */
export function relocate(text: readonly string[], anchorText: string | undefined, range: LineRange): Located {
  const anchor = parseAnchor(anchorText);
  if (!anchor) {
    const inside = range.line <= text.length;
    return inside ? { ...clamp(range, text.length), state: 'exact' } : { ...clamp(range, text.length), state: 'lost' };
  }
  const file = hashed(text);
  const { hashes } = file;
  const height = range.endLine - range.line;
  const at = (start: number): LineRange => clamp({ line: start + 1, endLine: start + 1 + height }, text.length);
  const whole = occurrences(file, anchor.lines).map((start) => ({
    start,
    score: context(hashes, anchor, start, height),
  }));
  const here = whole.find(({ start }) => start === range.line - 1);
  const best = pickNearest(whole, range.line - 1);
  // Equal lines elsewhere with more of the old neighbours win over a chance match at the old place (`}` stays `}`).
  if (here && best && here.score >= best.score) return { ...at(here.start), state: 'exact' };
  if (best && trustworthy(anchor, best.score, whole.length)) return { ...at(best.start), state: 'moved' };
  if (here) return { ...at(here.start), state: 'exact' };
  return findChanged(hashes, anchor, range) ?? { ...clamp(range, text.length), state: 'lost' };
}

interface HashedLines {
  readonly hashes: readonly string[];
  /** Where each hash stands. */
  readonly places: ReadonlyMap<string, readonly number[]>;
}

/** Many references may be into one long file: its lines are hashed once, as long as somebody has them. */
const known = new WeakMap<readonly string[], HashedLines>();

function hashed(text: readonly string[]): HashedLines {
  const before = known.get(text);
  if (before) return before;
  const hashes = text.map(hashLine);
  const places = new Map<string, number[]>();
  for (const [at, hash] of hashes.entries()) {
    const list = places.get(hash);
    if (list) list.push(at);
    else places.set(hash, [at]);
  }
  const made = { hashes, places };
  known.set(text, made);
  return made;
}

/** A line's hash (FNV-1a, 24 bits of 32): enough to tell the lines of one file apart together with their neighbours. */
function hashLine(line: string): string {
  const text = line.trim();
  if (text === '') return '';
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 8).toString(16).padStart(6, '0');
}

/** The nearest non-blank hashes from `index` in one direction. */
function neighbours(hashes: readonly string[], index: number, step: 1 | -1): string[] {
  const found: string[] = [];
  for (let at = index; at >= 0 && at < hashes.length && found.length < NEIGHBOURS; at += step) {
    const hash = hashes[at];
    if (hash) found.push(hash);
  }
  return found;
}

function parseAnchor(text: string | undefined): Anchor | undefined {
  const [version, before, lines, after] = text?.split('|') ?? [];
  if (version !== '1' || lines === undefined) return undefined;
  const list = (part: string | undefined) => (part ? part.split('.') : []);
  const anchor = { before: list(before), lines: lines.split('.'), after: list(after) };
  return anchor.lines.some((hash) => hash !== '') ? anchor : undefined;
}

/** Every index at which the whole sequence stands, in order: looked for at its rarest line. */
function occurrences({ hashes, places }: HashedLines, sequence: readonly string[]): number[] {
  let [rarest, offset]: [readonly number[], number] = [places.get(sequence[0] ?? '') ?? [], 0];
  for (const [at, hash] of sequence.entries()) {
    const stands = places.get(hash) ?? [];
    if (stands.length < rarest.length) [rarest, offset] = [stands, at];
  }
  return rarest
    .map((at) => at - offset)
    .filter((start) => start >= 0 && sequence.every((hash, at) => hashes[start + at] === hash));
}

/** How many of the old neighbours stand around a candidate, in the same order outward. */
function context(hashes: readonly string[], anchor: Anchor, start: number, height: number): number {
  const agree = (found: readonly string[], wanted: readonly string[]) =>
    found.filter((hash, index) => hash === wanted[index]).length;
  return (
    agree(neighbours(hashes, start - 1, -1), anchor.before) +
    agree(neighbours(hashes, start + height + 1, +1), anchor.after)
  );
}

interface Candidate {
  readonly start: number;
  readonly score: number;
}

/** The highest score; among equals the nearest to `from`, then the first. */
function pickNearest(candidates: readonly Candidate[], from: number): Candidate | undefined {
  return [...candidates].sort(
    (a, b) => b.score - a.score || Math.abs(a.start - from) - Math.abs(b.start - from) || a.start - b.start,
  )[0];
}

/** One place only, or several of which the neighbours single one out. */
function trustworthy(anchor: Anchor, score: number, count: number): boolean {
  const known = anchor.before.length + anchor.after.length;
  return count === 1 || known === 0 || score > 0;
}

/** The window that keeps most of the lines in their order and of the neighbours, if that is enough to trust it. */
function findChanged(hashes: readonly string[], anchor: Anchor, range: LineRange): Located | undefined {
  const height = range.endLine - range.line;
  const weight = anchor.lines.filter((hash) => hash !== '').length + anchor.before.length + anchor.after.length;
  const candidates: (Candidate & { readonly end: number })[] = [];
  for (const start of likelyStarts(hashes, anchor, range)) {
    // The place may have grown or shrunk: the old following lines say where it ends now.
    const end = endOfChanged(hashes, anchor, start, height);
    const inside = new Set(hashes.slice(start, end + 1));
    const kept = anchor.lines.filter((hash) => hash !== '' && inside.has(hash)).length;
    candidates.push({ start, end, score: kept + context(hashes, anchor, start, end - start) });
  }
  const best = pickNearest(candidates, range.line - 1);
  if (!best || weight === 0 || best.score / weight < ACCEPTED_SHARE) return undefined;
  const end = candidates.find((candidate) => candidate === best)?.end ?? best.start;
  return { ...clamp({ line: best.start + 1, endLine: end + 1 }, hashes.length), state: 'changed' };
}

/** Where a changed place can start: where it was, after its old predecessor, and at each line that it had. */
function likelyStarts(hashes: readonly string[], anchor: Anchor, range: LineRange): Set<number> {
  const starts = new Set<number>();
  const add = (start: number) => {
    if (start >= 0 && start < hashes.length) starts.add(start);
  };
  add(range.line - 1);
  const previous = anchor.before[0];
  const following = anchor.after[0];
  const height = range.endLine - range.line;
  for (const [index, hash] of hashes.entries()) {
    if (hash === '') continue;
    if (hash === previous) {
      let next = index + 1;
      while (next < hashes.length && hashes[next] === '') next += 1;
      add(next);
    }
    if (hash === following) add(index - 1 - height);
    const offset = anchor.lines.indexOf(hash);
    if (offset >= 0) add(index - offset);
  }
  return starts;
}

function endOfChanged(hashes: readonly string[], anchor: Anchor, start: number, height: number): number {
  const following = anchor.after[0];
  const limit = Math.min(hashes.length - 1, start + height * 2 + 4);
  if (following !== undefined) {
    for (let index = start + 1; index <= limit; index += 1) {
      if (hashes[index] !== following) continue;
      let end = index - 1;
      while (end > start && hashes[end] === '') end -= 1;
      return end;
    }
  }
  return Math.min(hashes.length - 1, start + height);
}

function clamp({ line, endLine }: LineRange, length: number): LineRange {
  const last = Math.max(1, length);
  return { line: Math.min(Math.max(1, line), last), endLine: Math.min(Math.max(1, endLine), last) };
}
