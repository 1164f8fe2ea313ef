import type { SealKey } from './cipher.js';

/** What stands in the place of a text that is encrypted, and of whatever begins like one. */
export const TOKEN_PREFIX = 'enc:v1:';

/** Where an encrypted text belongs; it cannot be opened elsewhere. */
export interface SealedPlace {
  /** The task, and the row's own key where it is one of several: `1a2b3c4d`, `1a2b3c4d/5e6f7a8b`. */
  readonly row: string;
  /** The column, or those that it holds, with `+` between them. */
  readonly field: string;
}

/** An encrypted text: `enc:v1:ROW:FIELD:CIPHERTEXT`. */
export interface Token extends SealedPlace {
  readonly sealed: string;
}

const FORM = /^enc:v1:([^:]*):([a-z_+]+):([A-Za-z0-9_-]+)$/;

/** Undefined where the text is none. */
export function parseToken(text: string): Token | undefined {
  if (!text.startsWith(TOKEN_PREFIX)) return undefined;
  const [, row, field, sealed] = FORM.exec(text) ?? [];
  return row === undefined || field === undefined || sealed === undefined ? undefined : { row, field, sealed };
}

export function sealToken(key: SealKey, text: string, place: SealedPlace): string {
  return `${TOKEN_PREFIX}${place.row}:${place.field}:${key.seal(text, contextOf(place))}`;
}

/** The text; undefined where the key is another one, or the token was changed or belongs elsewhere. */
export function openToken(key: SealKey, token: Token): string | undefined {
  return key.open(token.sealed, contextOf(token));
}

/** What the ciphertext is bound to: a colon is in neither part. */
function contextOf({ row, field }: SealedPlace): string {
  return `${TOKEN_PREFIX}${row}:${field}`;
}
