import { contentHash } from '../../transfer/contentHash.js';
import type { Draft } from './draft.js';
import { normalTitle } from './vocabulary.js';

/** Gives items names that are unique in the document, and keys that stay as long as project, headings above and title do. */
export class Identities {
  readonly #project: string;
  readonly #used = new Map<string, number>();
  readonly #keys = new Map<string, number>();

  constructor(project: string) {
    this.#project = project;
  }

  of(draft: Draft): { readonly id: string; readonly key: string } {
    return { id: this.free(draft.ref ?? draft.title), key: this.#keyOf(draft) };
  }

  /** A name made of the text's words; with a number where it is taken. */
  free(text: string): string {
    const base = slug(text);
    let count = this.#used.get(base) ?? 0;
    let name: string;
    do {
      count += 1;
      name = count === 1 ? base : `${base}-${count}`;
    } while (count > 1 && this.#used.has(name));
    this.#used.set(base, count);
    if (name !== base) this.#used.set(name, 1);
    return name;
  }

  #keyOf({ kind, path, ref, title }: Draft): string {
    const name = ref === undefined ? normalTitle(title) || title : `#${ref.toLowerCase()}`;
    const key = contentHash(JSON.stringify([this.#project, kind, ...path.map(normalTitle), name]));
    const count = (this.#keys.get(key) ?? 0) + 1;
    this.#keys.set(key, count);
    return count === 1 ? key : `${key}~${count}`;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant.
const ASCII = /^[\u0000-\u007f]*$/;

/** Those of other scripts change the letter: Japanese `ば` is not `は`. */
const LATIN_ACCENTS = /[\u0300-\u036f]/g;

/** `FR-1` stays as it is; words become lower case with hyphens, at most 60 characters. */
function slug(text: string): string {
  if (/^[A-Z]{1,10}(?:[-_][A-Z]{1,10})*[-_]?\d[\d.]*$/.test(text)) return text;
  const letters = ASCII.test(text) ? text : text.normalize('NFKD').replace(LATIN_ACCENTS, '').normalize('NFC');
  const words = letters
    .toLowerCase()
    .replace(ASCII.test(letters) ? /[^a-z0-9]+/g : /[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  if (words.length <= 60) return words || 'item';
  return [...words].slice(0, 60).join('').replace(/-+$/, '') || 'item';
}
