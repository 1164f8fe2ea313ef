import { StoreError } from '../core/model/errors.js';
import { checksum as checksumOf } from './checksum.js';
import type { TransactionRecord } from './record.js';

/**
 * One journal line: `LENGTH CHECKSUM JSON\n`, both numbers 8 characters wide, the length (decimal) and the CRC-32
 * (hexadecimal) those of the JSON's bytes. The length tells a line that its writer did not finish from one that was
 * damaged later: only the former ends before its length without a line feed.
 */
const PREFIX = 18;

/** First line of a journal: which store it belongs to and the sequence after which its records start. */
export interface JournalHeader {
  readonly format: 2;
  readonly store: string;
  readonly generation: number;
  readonly base: number;
  /** The chain's value at `base`, see `JournalEntry.prev`; empty: this line's own checksum. */
  readonly chain: string;
}

/** A record with its link to the one before it. */
export interface JournalEntry {
  /**
   * Checksum of the entry that this one was written after. It makes the log correct without the lock: of two entries
   * written after the same one, the first in the file holds and the other is void; its writer sees that and repeats it.
   */
  readonly prev: string;
  readonly record: TransactionRecord;
}

/** A line as it stands in a file. */
export interface JournalLine<T> {
  readonly value: T;
  /** The line's own checksum, 8 hexadecimal characters. */
  readonly checksum: string;
  /** Offset of the byte after the line. */
  readonly end: number;
}

export function encodeLine(value: JournalHeader | JournalEntry): { bytes: Buffer; checksum: string } {
  const json = Buffer.from(JSON.stringify(value), 'utf8');
  const checksum = checksumOf(json);
  const prefix = `${String(json.length).padStart(8, '0')} ${checksum} `;
  return { bytes: Buffer.concat([Buffer.from(prefix, 'latin1'), json, Buffer.from('\n')]), checksum };
}

/**
 * Reads the line at `offset` of `bytes`, which start at byte `start` of the file. Undefined where the bytes end before
 * the line does: its writer is still at it, or died. Throws STORE_CORRUPT for anything that no writer leaves behind.
 */
export function decodeLine<T>(bytes: Buffer, offset: number, start = 0): JournalLine<T> | undefined {
  const feed = bytes.indexOf(0x0a, offset);
  const prefix = bytes.toString('latin1', offset, offset + PREFIX);
  const match = /^(\d{8}) ([0-9a-f]{8}) $/.exec(prefix);
  const damaged = (why: string) => damage(start + offset, why);
  if (!match) {
    if (feed === -1 && prefix.length < PREFIX && /^\d{0,8}( ([0-9a-f]{0,8}( )?)?)?$/.test(prefix)) return undefined;
    throw damaged('it does not start with a length and a checksum');
  }
  const end = offset + PREFIX + Number(match[1]);
  if (end >= bytes.length) {
    if (feed === -1) return undefined;
    throw damaged('it is shorter than its length says');
  }
  if (bytes[end] !== 0x0a) throw damaged('no line feed where its length says');
  const json = bytes.subarray(offset + PREFIX, end);
  const checksum = match[2] as string;
  if (checksumOf(json) !== checksum) throw damaged('its checksum does not match');
  return { value: JSON.parse(json.toString('utf8')) as T, checksum, end: end + 1 };
}

function damage(offset: number, why: string): StoreError {
  return new StoreError(
    'STORE_CORRUPT',
    `The journal is damaged at byte ${offset}: ${why}. Nothing is written until it is repaired; keep a copy of both files.`,
    { offset },
  );
}
