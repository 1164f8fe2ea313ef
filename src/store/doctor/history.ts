import type { FileHeader } from '../fileJournal.js';
import { Chain } from '../journal.js';
import type { JournalEntry } from '../journalLine.js';
import type { TransactionRecord } from '../record.js';
import type { JournalScan, ScannedLine } from './journalScan.js';

/** The transactions of a journal: those in unbroken order, and those beside it. */
export interface History {
  /** Undefined where no header is readable. */
  readonly header: FileHeader | undefined;
  /** Sequence number after which the records start. */
  readonly base: number;
  /** Those that follow one another without a break from the base on. */
  readonly chained: readonly TransactionRecord[];
  /** Whole records that do not: behind damage, or of another writer. */
  readonly loose: readonly LooseRecord[];
  /** Sequence number of the last of `chained`, or the base. */
  readonly head: number;
  /** Checksum of a record of `chained`, or at the base; undefined elsewhere. */
  readonly checksumOf: (seq: number) => string | undefined;
  /** Damaged lines after the last whole one: at least so many records are gone that no later one tells of. */
  readonly lostAtEnd: number;
}

export interface LooseRecord {
  readonly record: TransactionRecord;
  readonly line: number;
}

/** Sorts out a journal's records. `imageHead`: the last sequence of the image, to choose between two headers by. */
export function readHistory(scan: JournalScan, imageHead: number | undefined): History {
  const headerLine = chooseHeader(scan.lines, imageHead);
  const entries = scan.lines.filter((line): line is ScannedLine & { entry: JournalEntry } => line.entry !== undefined);
  const chain = startOf(headerLine, entries[0]?.entry);
  const base = chain.head;
  // Before any damage, an entry that another one preceded is void, and its writer wrote it again. Behind damage, or
  // beside a conflict, it can be a commit of its own.
  const doubtful = scan.damage.find((part) => part.kind !== 'frame')?.from ?? Number.POSITIVE_INFINITY;
  const seen = new Set<string>();
  const chained: TransactionRecord[] = [];
  const loose: LooseRecord[] = [];
  for (const { entry, checksum, from, line } of entries) {
    const name = `${entry.record.seq} ${checksum}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const verdict = judge(chain, entry, checksum);
    if (verdict === 'follows') chained.push(entry.record);
    else if (verdict === 'astray' || from > doubtful) loose.push({ record: entry.record, line });
  }
  const end = scan.lines.at(-1)?.from ?? 0;
  const lostAtEnd = scan.damage.filter((part) => part.kind === 'unreadable' && part.from > end).length;
  const checksumOf = (seq: number) => (headerLine ? chain.checksumOf(seq) : undefined);
  return { header: headerLine?.header, base, chained, loose, head: chain.head, checksumOf, lostAtEnd };
}

function judge(chain: Chain, { prev, record }: JournalEntry, checksum: string): 'follows' | 'void' | 'astray' {
  try {
    return chain.accept(record.seq, prev, checksum) ? 'follows' : 'void';
  } catch {
    return 'astray';
  }
}

type HeaderLine = ScannedLine & { header: FileHeader };

/** Both sides of a git conflict can have one: that which the image can be the start of. */
function chooseHeader(lines: readonly ScannedLine[], imageHead: number | undefined): HeaderLine | undefined {
  const headers = lines.filter((line): line is HeaderLine => line.header !== undefined);
  return headers.find(({ header }) => imageHead !== undefined && header.base <= imageHead) ?? headers[0];
}

function startOf(line: HeaderLine | undefined, first: JournalEntry | undefined): Chain {
  if (!line) return new Chain((first?.record.seq ?? 1) - 1, first?.prev ?? '');
  // As `readHeader` in fileJournal.ts: the first record of a store names the header itself.
  const { header, checksum } = line;
  return new Chain(header.base, header.chain || checksum);
}
