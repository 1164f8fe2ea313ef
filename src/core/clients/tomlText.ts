import { UnreadableText } from './unreadableText.js';

/** `[a.b]`, `[[a.b]]` or `key = value`. */
export interface TomlStatement {
  readonly kind: 'table' | 'tables' | 'value';
  /** From the topmost table on. */
  readonly path: readonly string[];
  /** Where its first character is, and the place behind its last one, without a comment behind it. */
  readonly start: number;
  readonly end: number;
  /** Texts, lists and inline tables; other values as they are written. */
  readonly value?: unknown;
}

const SPACE = /[ \t]*/y;
const BLANK = /(?:[ \t]|\r?\n|#[^\r\n]*)*/y;
const LINE_END = /[ \t]*(?:#[^\r\n]*)?(?:\r?\n|$)/y;
const BARE = /[A-Za-z0-9_-]+/y;
const BASIC = /"(?:[^"\\\r\n]|\\[^\r\n])*"/y;
const LITERAL = /'[^'\r\n]*'/y;
const LONG_BASIC = /"""(?:[^\\]|\\[\s\S])*?"""(?:""?)?(?!")/y;
const LONG_LITERAL = /'''[\s\S]*?'''(?:''?)?(?!')/y;
const WORD = /[+\-\w][\w.:+-]*(?: \d\d:[\w.:+-]+)?/y;
const DEEPEST = 100;

/** The statements of a TOML text, in their order. Throws UnreadableText. */
export function readTomlText(text: string): TomlStatement[] {
  return new Reader(text).statements();
}

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  statements(): TomlStatement[] {
    const found: TomlStatement[] = [];
    let table: readonly string[] = [];
    for (;;) {
      this.#match(BLANK);
      if (this.#at === this.#text.length) return found;
      const start = this.#at;
      if (this.#text[start] === '[') {
        const isList = this.#text[start + 1] === '[';
        this.#at += isList ? 2 : 1;
        table = this.#key();
        for (const _ of isList ? '12' : '1') if (!this.#take(']')) this.#fail('a “]” is expected');
        found.push({ kind: isList ? 'tables' : 'table', path: table, start, end: this.#at });
      } else {
        const key = this.#key();
        if (!this.#take('=')) this.#fail('an “=” is expected');
        this.#match(SPACE);
        const value = this.#value(0);
        found.push({ kind: 'value', path: [...table, ...key], start, end: this.#at, value });
      }
      if (this.#match(LINE_END) === undefined) this.#fail('the end of the line is expected');
    }
  }

  #key(): string[] {
    const parts: string[] = [];
    do {
      this.#match(SPACE);
      const basic = this.#match(BASIC);
      const part =
        basic === undefined
          ? (this.#match(LITERAL)?.slice(1, -1) ?? this.#match(BARE))
          : this.#escaped(basic.slice(1, -1));
      if (part === undefined) this.#fail('a name is expected');
      parts.push(part);
      this.#match(SPACE);
    } while (this.#take('.'));
    return parts;
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) this.#fail(`it is nested more than ${DEEPEST} levels deep`);
    const start = this.#at;
    const first = this.#text[start];
    if (first === '[') return this.#list(depth);
    if (first === '{') return this.#table(depth);
    if (this.#text.startsWith('"""', start)) {
      const text = this.#match(LONG_BASIC);
      if (text === undefined) this.#fail('a text is not closed');
      return this.#escaped(
        text
          .slice(3, -3)
          .replace(/^\r?\n/, '')
          .replace(/\\[ \t]*\r?\n\s*/g, ''),
      );
    }
    if (this.#text.startsWith("'''", start)) {
      const text = this.#match(LONG_LITERAL);
      if (text === undefined) this.#fail('a text is not closed');
      return text.slice(3, -3).replace(/^\r?\n/, '');
    }
    const basic = this.#match(BASIC);
    if (basic !== undefined) return this.#escaped(basic.slice(1, -1));
    const literal = this.#match(LITERAL);
    if (literal !== undefined) return literal.slice(1, -1);
    if (first === '"' || first === "'") this.#fail('a text is not closed');
    const word = this.#match(WORD);
    if (word === undefined) this.#fail('a value is expected');
    return { word };
  }

  #list(depth: number): unknown[] {
    this.#at += 1;
    const items: unknown[] = [];
    for (let isNext = true; ; ) {
      this.#match(BLANK);
      if (this.#take(']')) return items;
      if (!isNext) this.#fail('a comma or “]” is expected');
      items.push(this.#value(depth + 1));
      this.#match(BLANK);
      isNext = this.#take(',');
    }
  }

  #table(depth: number): Record<string, unknown> {
    this.#at += 1;
    const table: Record<string, unknown> = Object.create(null);
    for (let isNext = true; ; ) {
      this.#match(BLANK);
      if (this.#take('}')) return table;
      if (!isNext) this.#fail('a comma or “}” is expected');
      const key = this.#key();
      if (!this.#take('=')) this.#fail('an “=” is expected');
      this.#match(SPACE);
      table[key.join('.')] = this.#value(depth + 1);
      this.#match(BLANK);
      isNext = this.#take(',');
    }
  }

  #escaped(text: string): string {
    return text.replace(
      /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
      (_, short?: string, long?: string, one?: string) => {
        const code = Number.parseInt(short ?? long ?? '', 16);
        if (code <= 0x10ffff) return String.fromCodePoint(code);
        const plain = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\u001b', '"': '"', '\\': '\\' }[one ?? ''];
        return plain ?? this.#fail(`a text holds “\\${one ?? 'U'}”, which TOML does not know`);
      },
    );
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
