/** A text that is not what its format says; nothing may be written into it. */
export class UnreadableText extends Error {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;

  constructor(text: string, offset: number, what: string) {
    super(what);
    const before = text.slice(0, offset).split(/\r\n|\n|\r/);
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}
