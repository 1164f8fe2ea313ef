import { UnreadableText } from './unreadableText.js';

/** A value in a text of JSON, from its first character to the one behind its last. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  /** Of an object only. */
  readonly members?: readonly JsonMember[];
}

export interface JsonMember {
  readonly key: string;
  /** Where the key's quote is. */
  readonly start: number;
  readonly node: JsonNode;
  /** Where the comma behind it is. */
  readonly comma?: number;
}

const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const STRING = /"(?:[^"\\\r\n]|\\.)*"/y;
/** White space, and the comments that editors allow in their settings. */
const BLANK = /(?:[ \t\r\n]|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*/y;
/** Deeper than any settings are; a text made to exhaust the stack is refused. */
const DEEPEST = 200;

/**
 * Reads JSON with comments, trailing commas and a byte order mark, as editors keep their settings in; undefined where
 * the text holds nothing at all. Throws UnreadableText.
 */
export function readJsonText(text: string): JsonNode | undefined {
  const reader = new Reader(text);
  return reader.document();
}

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): JsonNode | undefined {
    this.#skip();
    if (this.#at === this.#text.length) return undefined;
    const node = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) this.#fail('there is something behind the end of the JSON');
    return node;
  }

  #value(depth: number): JsonNode {
    if (depth > DEEPEST) this.#fail(`it is nested more than ${DEEPEST} levels deep`);
    const start = this.#at;
    const first = this.#text[start];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') {
      const value = this.#string();
      return { start, end: this.#at, value };
    }
    const word = this.#match(SCALAR);
    if (word === undefined) this.#fail(first === undefined ? 'it ends too early' : 'a value is expected');
    return { start, end: this.#at, value: JSON.parse(word) };
  }

  #object(depth: number): JsonNode {
    const start = this.#at++;
    const members: JsonMember[] = [];
    for (;;) {
      this.#skip();
      if (this.#take('}')) break;
      if (members.length > 0 && members.at(-1)?.comma === undefined) this.#fail('a comma or “}” is expected');
      const at = this.#at;
      if (this.#text[at] !== '"')
        this.#fail(at === this.#text.length ? 'it ends too early' : 'a name in quotes is expected');
      const key = this.#string();
      this.#skip();
      if (!this.#take(':')) this.#fail('a colon is expected');
      this.#skip();
      const node = this.#value(depth + 1);
      this.#skip();
      const comma = this.#at;
      members.push({ key, start: at, node, ...(this.#take(',') && { comma }) });
    }
    // Names such as “__proto__” must stay members.
    const value: Record<string, unknown> = Object.create(null);
    for (const { key, node } of members) value[key] = node.value;
    return { start, end: this.#at, value, members };
  }

  #array(depth: number): JsonNode {
    const start = this.#at++;
    const items: unknown[] = [];
    for (let isNext = true; ; ) {
      this.#skip();
      if (this.#take(']')) break;
      if (!isNext) this.#fail('a comma or “]” is expected');
      items.push(this.#value(depth + 1).value);
      this.#skip();
      isNext = this.#take(',');
    }
    return { start, end: this.#at, value: items };
  }

  #string(): string {
    const at = this.#at;
    const text = this.#match(STRING);
    try {
      if (text !== undefined) return JSON.parse(text) as string;
    } catch {
      // An escape that there is not, or a control character.
    }
    this.#at = at;
    this.#fail('a text is not closed, or holds what JSON does not allow');
  }

  #skip(): void {
    this.#match(BLANK);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #fail(what: string): never {
    throw new UnreadableText(this.#text, this.#at, what);
  }
}
