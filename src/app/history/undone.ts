import type { AuditEntry } from '../../store/repositories/auditRows.js';

/** `undo 5-7,9` for the transactions 5, 6, 7 and 9: the action of what undid them. */
export function undoAction(seqs: readonly number[]): string {
  const sorted = [...seqs].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const seq of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === seq - 1) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return `undo ${ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(',')}`;
}

/** The transactions that an action undid; empty for any other action. */
export function undoneBy(action: string): number[] {
  const list = /^undo ([\d,-]+)$/.exec(action)?.[1];
  if (!list) return [];
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
}

/** Tells of transactions, met from the newest to the oldest, which of them were undone by one met before. */
export class UndoneTracker {
  readonly #undone = new Set<number>();

  /** Those that were undone by the ones met so far. */
  get undone(): ReadonlySet<number> {
    return this.#undone;
  }

  /** True where the transaction was undone, and that not undone in turn. */
  meet({ seq, action }: Pick<AuditEntry, 'seq' | 'action'>): boolean {
    if (this.#undone.has(seq)) return true;
    for (const other of undoneBy(action)) this.#undone.add(other);
    return false;
  }
}
