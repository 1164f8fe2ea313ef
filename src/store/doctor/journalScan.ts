import { checksum as checksumOf } from '../checksum.js';
import { type FileHeader, presentHeader } from '../fileJournal.js';
import { decodeLine, type JournalEntry } from '../journalLine.js';

/** What a line can be. */
type LineContent =
  | { readonly header: FileHeader; readonly entry?: undefined }
  | { readonly header?: undefined; readonly entry: JournalEntry };

/** A line that is whole by its length and checksum; `from` is its offset, `line` counts from 1. */
export type ScannedLine = LineContent & { readonly from: number; readonly line: number; readonly checksum: string };

/** Bytes that are no whole line. */
export interface DamagedPart {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** `conflict`: a line that git puts around the sides of a conflict; `frame`: only around a record that is whole. */
  readonly kind: 'unreadable' | 'conflict' | 'frame';
}

/** Everything that can be read in a journal, whatever happened to it. */
export interface JournalScan {
  /** What the offsets refer to: the file without what an editor added. */
  readonly bytes: Buffer;
  /** What an editor added: a byte order mark, carriage returns. */
  readonly byteOrderMark: boolean;
  readonly carriageReturns: number;
  /** In the order of the file. */
  readonly lines: readonly ScannedLine[];
  readonly damage: readonly DamagedPart[];
  /** The end that a writer did not finish; `whole` where only its line feed is missing. */
  readonly torn: { readonly from: number; readonly whole: boolean } | undefined;
}

/** Length of `LENGTH CHECKSUM `; see `journalLine.ts`. */
const PREFIX = 18;
const FEED = 0x0a;

export function scanJournal(file: Buffer): JournalScan {
  const { bytes, ...additions } = withoutAdditions(file);
  const lines: ScannedLine[] = [];
  const damage: DamagedPart[] = [];
  let torn: JournalScan['torn'];
  let line = 1;
  let at = 0;
  while (at < bytes.length) {
    const whole = wholeLine(bytes, at);
    if (whole) {
      lines.push({ ...whole.content, from: at, line, checksum: whole.checksum });
      if (whole.end === bytes.length) torn = { from: at, whole: true };
      else if (bytes[whole.end] !== FEED) damage.push({ from: whole.end, to: whole.end + 1, line, kind: 'frame' });
      at = whole.end + 1;
      line += 1;
      continue;
    }
    if (isUnfinished(bytes, at)) {
      torn = { from: at, whole: false };
      break;
    }
    const next = nextWholeLine(bytes, at + 1);
    for (const [from, to] of segments(bytes, at, next)) {
      damage.push({ from, to, line, kind: isConflictMarker(bytes, from, to) ? 'conflict' : 'unreadable' });
      line += 1;
    }
    at = next;
  }
  return { bytes, ...additions, ...rescue(bytes, lines, damage), torn };
}

/** JSON lines hold no carriage return and start with a digit: taking these out gives back what was written. */
function withoutAdditions(file: Buffer): Pick<JournalScan, 'bytes' | 'byteOrderMark' | 'carriageReturns'> {
  const byteOrderMark = file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf;
  const text = byteOrderMark ? file.subarray(3) : file;
  if (!text.includes('\r\n')) return { bytes: text, byteOrderMark, carriageReturns: 0 };
  const bytes = Buffer.from(text.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return { bytes, byteOrderMark, carriageReturns: text.length - bytes.length };
}

interface Whole {
  readonly content: LineContent;
  readonly checksum: string;
  /** Offset of its line feed. */
  readonly end: number;
}

/** The line at `at` if length, checksum and content are right; its line feed may be missing or damaged. */
function wholeLine(bytes: Buffer, at: number): Whole | undefined {
  const match = /^(\d{8}) ([0-9a-f]{8}) \{/.exec(bytes.toString('latin1', at, at + PREFIX + 1));
  if (!match) return undefined;
  const end = at + PREFIX + Number(match[1]);
  if (end > bytes.length) return undefined;
  const checksum = match[2] as string;
  const json = bytes.subarray(at + PREFIX, end);
  const content = checksumOf(json) === checksum ? contentOf(json) : undefined;
  return content && { content, checksum, end };
}

function contentOf(json: Buffer): LineContent | undefined {
  try {
    const value = JSON.parse(json.toString('utf8')) as Partial<FileHeader & JournalEntry>;
    if (typeof value.format === 'number' && typeof value.store === 'string' && Number.isInteger(value.base))
      return { header: presentHeader(value as FileHeader) };
    if (typeof value.prev === 'string' && Number.isInteger(value.record?.seq) && Array.isArray(value.record?.changes))
      return { entry: value as JournalEntry };
    return undefined;
  } catch {
    return undefined;
  }
}

/** True at what a writer leaves that died in the middle, or a file system that had reserved the bytes but not got them. */
function isUnfinished(bytes: Buffer, at: number): boolean {
  if (bytes.subarray(at).every((byte) => byte === 0)) return true;
  try {
    return decodeLine(bytes, at) === undefined;
  } catch {
    return false;
  }
}

/** Offset of the next whole line. No text in a record can look like one: in JSON its quotes are escaped. */
function nextWholeLine(bytes: Buffer, start: number): number {
  const text = bytes.toString('latin1', start);
  for (const match of text.matchAll(/(?=\d{8} [0-9a-f]{8} \{)/g)) {
    if (wholeLine(bytes, start + match.index)) return start + match.index;
  }
  // An unfinished line at the end is found by itself.
  const last = bytes.lastIndexOf(FEED) + 1;
  return last > start && last < bytes.length && isUnfinished(bytes, last) ? last : bytes.length;
}

/** The parts of a stretch between line feeds, without them. */
function segments(bytes: Buffer, from: number, to: number): [number, number][] {
  const parts: [number, number][] = [];
  for (let at = from; at < to; ) {
    const feed = bytes.indexOf(FEED, at);
    const end = feed === -1 || feed >= to ? to : feed;
    parts.push([at, end]);
    at = end === feed ? end + 1 : end;
  }
  return parts;
}

function isConflictMarker(bytes: Buffer, from: number, to: number): boolean {
  return /^(<{7} .*|\|{7}( .*)?|={7}|>{7} .*)$/.test(bytes.toString('latin1', from, to));
}

/**
 * Lines of which only length or checksum were hit: their content has the checksum that the line still names, or that
 * the record after it names.
 */
function rescue(
  bytes: Buffer,
  lines: readonly ScannedLine[],
  damage: readonly DamagedPart[],
): Pick<JournalScan, 'lines' | 'damage'> {
  const followed = new Set(lines.map((line) => line.entry?.prev));
  const rescued: ScannedLine[] = [];
  const parts = damage.map((part) => {
    if (part.kind !== 'unreadable') return part;
    const json = bytes.subarray(part.from + PREFIX, part.to);
    const checksum = checksumOf(json);
    const named = bytes.toString('latin1', part.from + 9, part.from + 17) === checksum;
    const content = named || followed.has(checksum) ? contentOf(json) : undefined;
    if (!content) return part;
    rescued.push({ ...content, from: part.from, line: part.line, checksum });
    return { ...part, kind: 'frame' as const };
  });
  return { lines: [...lines, ...rescued].sort((a, b) => a.from - b.from), damage: parts };
}
