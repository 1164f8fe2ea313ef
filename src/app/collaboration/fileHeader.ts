import { fingerprint } from './contextPaths.js';
import { settled } from './fileFormat.js';

/** What a file of ours says of itself, by which an edit is told from a file that is only behind. */
export interface FileHeader {
  /** The last event that was in it when it was written; empty where there was none. */
  readonly event: string;
  /** Fingerprint of the body as it was written. */
  readonly body: string;
  /** Fingerprint of all that it was written from. */
  readonly state: string;
  /** Fingerprint of the part that is no event. */
  readonly head: string;
}

/** A file as it lies there. */
export interface ReadFile {
  readonly text: string;
  readonly header: FileHeader;
  readonly body: string;
  readonly isEdited: boolean;
}

const MARK = /^.*\btm:v1 event=([0-9a-f]*) body=([0-9a-f]{8}) state=([0-9a-f]{8}) head=([0-9a-f]{8})\b.*\n?/m;

/** The line that carries a header, without the signs that make it a comment. */
export function headerLine({ event, body, state, head }: FileHeader): string {
  return `tm:v1 event=${event} body=${body} state=${state} head=${head}`;
}

/** Reads a file of ours. Undefined for one without the header: it is not ours, or its header was removed. */
export function readHeader(text: string): ReadFile | undefined {
  const match = MARK.exec(text);
  if (!match) return undefined;
  const [line, event = '', body = '', state = '', head = ''] = match;
  const rest = text.slice(match.index + line.length);
  return { text, header: { event, body, state, head }, body: rest, isEdited: bodyFingerprint(rest) !== body };
}

/** The same for bodies that differ in line ends and trailing blanks only: editors change those by themselves. */
export function bodyFingerprint(body: string): string {
  return fingerprint(settled(body));
}
