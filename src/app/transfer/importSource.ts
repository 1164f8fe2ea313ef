import { InvalidInputError } from '../../core/model/errors.js';

/** A file that something is imported from. */
export interface SourceFile {
  /** Relative to what was named, with forward slashes; the file's own name where that was the file. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What somebody named to import from: a file, or a folder with what of it may matter. */
export interface ImportSource {
  /** By which it is known the next time: relative to the workspace where it lies in there. */
  readonly name: string;
  readonly files: readonly SourceFile[];
  /** True where a folder was named. */
  readonly folder: boolean;
}

/** The first bytes of each SQLite database. */
const SQLITE = 'SQLite format 3\0';

export function isDatabase({ bytes }: SourceFile): boolean {
  return [...SQLITE].every((character, at) => bytes[at] === character.charCodeAt(0));
}

/** A file's text without a byte order mark. Throws INVALID_INPUT where it is no text. */
export function textOf({ path, bytes }: SourceFile): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = utf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidInputError('file', `${path} is no text: it is neither UTF-8 nor UTF-16. Nothing was imported.`);
  }
  if (text.includes('\0'))
    throw new InvalidInputError('file', `${path} is no text: there are NUL bytes in it. Nothing was imported.`);
  return text;
}

/** The only file of a source, or INVALID_INPUT. */
export function onlyFile({ files, name }: ImportSource): SourceFile {
  const [file, second] = files;
  if (file && !second) return file;
  throw new InvalidInputError('file', `${name} is a folder; this format is one file. Name that.`);
}
