import { isDeepStrictEqual } from 'node:util';
import type { ErrorCode } from '../../src/core/model/errors.js';
import type { Operation, Result } from './operations.js';
import type { Outcome, PlanModel } from './planModel.js';

/** One operation as the process that did it tells of it. */
export interface HistoryEntry {
  readonly actor: string;
  readonly operation: Operation;
  /** Nanoseconds on a clock that all processes share; `end` is undefined for one that was never acknowledged. */
  readonly start: bigint;
  readonly end: bigint | undefined;
  /** Sequence number of its transaction; undefined where it changed nothing or was refused. */
  readonly seq: number | undefined;
  /** The last transaction that its process had seen when it was over. */
  readonly head: number;
  readonly outcome: /** Of an unfinished operation only a new task is known. */
    | { readonly kind: 'done'; readonly result: Result | undefined }
    | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message?: string };
  /** Of a read: `describePlan` as it was seen, or its digest. */
  readonly seen?: string;
}

/** A promise of the store that was broken. */
export class Violation extends Error {}

export interface HistoryOptions {
  /** The plan before; it is brought to the plan after. */
  readonly model: PlanModel;
  /** Sequence number of the last transaction before. */
  readonly base: number;
  /** What a read reports of a plan's description. */
  readonly digest?: (description: string) => string;
}

/**
 * Checks that a history is linearizable: that there is one order of all operations, each between its start and its end,
 * in which a plain model gives every recorded result. The order needs no search: transactions say where they stand, and
 * reads and refusals which transaction they saw last. Throws a `Violation` at the first operation that does not fit.
 */
export function checkHistory(entries: readonly HistoryEntry[], { model, base, digest }: HistoryOptions): void {
  const ordered = [...entries].sort((a, b) => position(a) - position(b));
  checkSequence(ordered, base);
  checkRealTime(ordered);
  let seen: string | undefined;
  for (const entry of ordered) {
    const { operation, outcome, actor } = entry;
    const id = operation.kind === 'add' && outcome.kind === 'done' ? (outcome.result as { id: string }).id : '';
    const expected = model.apply(operation, actor, id);
    if (!agrees(expected, entry)) {
      throw new Violation(
        `${describe(entry)} came to ${JSON.stringify(outcome)}, but after transaction ${entry.seq ?? entry.head} only ${JSON.stringify(expected)} is right`,
      );
    }
    if (entry.seq !== undefined) seen = undefined;
    if (entry.seen === undefined) continue;
    seen ??= digest ? digest(model.describe()) : model.describe();
    if (entry.seen !== seen)
      throw new Violation(`${describe(entry)} saw another plan than that of transaction ${entry.head}`);
  }
}

/** Reads stand behind the transaction that they saw last. */
function position({ seq, head }: HistoryEntry): number {
  return seq === undefined ? 2 * head + 1 : 2 * seq;
}

/** Each transaction is there once: none twice, none missing. */
function checkSequence(ordered: readonly HistoryEntry[], base: number): void {
  let last: HistoryEntry | undefined;
  for (const entry of ordered) {
    if (entry.seq === undefined) continue;
    const due = (last?.seq ?? base) + 1;
    if (entry.seq < due) throw new Violation(`two operations have transaction ${entry.seq}: ${describe(entry)} is one`);
    if (entry.seq > due) throw new Violation(`nobody acknowledged transaction ${due}, before ${describe(entry)}`);
    last = entry;
  }
}

/** What ended before another began stands before it. */
function checkRealTime(ordered: readonly HistoryEntry[]): void {
  let earliest: HistoryEntry | undefined;
  for (const entry of [...ordered].reverse()) {
    if (earliest?.end !== undefined && earliest.end < entry.start && position(earliest) > position(entry))
      throw new Violation(`${describe(earliest)} had ended when ${describe(entry)} began, which stands before it`);
    const end = entry.end;
    if (end !== undefined && (earliest?.end === undefined || end < earliest.end)) earliest = entry;
  }
}

function agrees(expected: Outcome, { outcome, seq }: HistoryEntry): boolean {
  if (expected.kind === 'refused') return outcome.kind === 'refused' && outcome.code === expected.code;
  if (outcome.kind === 'refused' || expected.changed !== (seq !== undefined)) return false;
  return outcome.result === undefined || isDeepStrictEqual(outcome.result, expected.result);
}

function describe({ actor, operation, seq, head }: HistoryEntry): string {
  const place = seq === undefined ? `after transaction ${head}` : `transaction ${seq}`;
  return `${actor}'s ${JSON.stringify(operation)} (${place})`;
}
