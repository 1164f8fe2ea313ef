import { withoutCredentials } from '../../core/model/modelAddress.js';
import { plain } from '../../core/model/plainText.js';

/** Takes keys out of text. */
export type Redact = (text: string) => string;

/** Shorter than this it may be any word. */
const SHORTEST_KEY = 6;
/** Characters of what a service says that are shown. */
const LONGEST_MESSAGE = 300;

/** Takes these keys, what looks like a key, and names and passwords in addresses out of text. */
export function redactor(keys: readonly (string | undefined)[]): Redact {
  const known = keys.filter((key): key is string => key !== undefined && key.length >= SHORTEST_KEY);
  return (text) => {
    let clean = text;
    for (const key of known)
      for (const form of [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)])
        clean = clean.replaceAll(form, '[key]');
    return withoutCredentials(clean).replace(/\bsk-[\w*.-]{6,}/g, '[key]');
  };
}

/** What a service says of a failure, as one short line without keys. */
export function shortReason(text: string, redact: Redact): string {
  const line = plain(redact(text)).replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
