import type { Value } from '../record.js';

/** What `toString('utf8')` calls after looking at its arguments, which takes longer than short texts do. */
interface Utf8Buffer extends Buffer {
  utf8Slice(start: number, end: number): string;
}

/** Where a record lies. */
export interface Place {
  readonly bytes: Buffer;
  readonly start: number;
}

/** Reads numbers of SQLite's variable length, one after the other; an object a number would be most of the work. */
export class Varints {
  /** Behind the number read last. */
  end = 0;

  /** Larger numbers than 2^53 do not occur in what is read here. */
  read(bytes: Buffer, at: number): number {
    let value = bytes[at] as number;
    if (value < 0x80) {
      this.end = at + 1;
      return value;
    }
    value &= 0x7f;
    for (let index = 1; index < 8; index += 1) {
      const byte = bytes[at + index] as number;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) {
        this.end = at + index + 1;
        return value;
      }
    }
    this.end = at + 9;
    return value * 256 + (bytes[at + 8] as number);
  }
}

const varints = new Varints();

/** The values of a record's columns; null for those that are not `wanted`, and shorter where the row is older than a column. */
export function recordValues({ bytes, start }: Place, wanted?: readonly boolean[]): Value[] {
  const headerEnd = start + varints.read(bytes, start);
  const values: Value[] = [];
  const last = wanted?.length ?? Number.POSITIVE_INFINITY;
  let body = headerEnd;
  for (let at = varints.end; at < headerEnd && values.length < last; at = varints.end) {
    const type = varints.read(bytes, at);
    values.push(wanted === undefined || wanted[values.length] ? columnValue(bytes, type, body) : null);
    body += sizeOf(type);
  }
  return values;
}

/** The first value of a record: what an index is sorted by. */
export function firstValue({ bytes, start }: Place): Value {
  const headerEnd = start + varints.read(bytes, start);
  return columnValue(bytes, varints.read(bytes, varints.end), headerEnd);
}

/** Bytes of a value by SQLite's serial type. */
const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const;

function sizeOf(type: number): number {
  return type < 10 ? (SIZES[type] as number) : (type - (type % 2 === 0 ? 12 : 13)) / 2;
}

function columnValue(bytes: Buffer, type: number, at: number): Value {
  switch (type) {
    case 0:
      return null;
    case 6:
      return Number(bytes.readBigInt64BE(at));
    case 7:
      return bytes.readDoubleBE(at);
    case 8:
      return 0;
    case 9:
      return 1;
    default:
      // Nothing of ours writes blobs; as text they read as other programs see them.
      return type < 6 ? bytes.readIntBE(at, sizeOf(type)) : (bytes as Utf8Buffer).utf8Slice(at, at + sizeOf(type));
  }
}
