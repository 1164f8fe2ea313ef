/** Words after an `@` that mean everybody. */
const EVERYBODY = new Set(['all', 'everyone', 'everybody', 'channel', 'here']);

/** Whom a text speaks to. */
export interface Mentions {
  readonly names: readonly string[];
  readonly everybody: boolean;
}

/**
 * The names after an `@` in a text, each once: `@bob`, `@"Ann Lee"`. What stands in `code`, in an address (`a@b.org`) or
 * in a path (`@types/node`) is none.
 */
export function mentionsIn(text: string): Mentions {
  const prose = text.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`/g, ' ');
  const found = prose.matchAll(
    /(?<![\p{L}\p{N}_@./-])@(?:"([^"\n]{1,100})"|([\p{L}\p{N}][\p{L}\p{N}_.-]{0,99})(?![\p{L}\p{N}_/@]))/gu,
  );
  const names = new Set<string>();
  let everybody = false;
  for (const [, quoted, bare] of found) {
    const name = quoted?.trim() ?? bare?.replace(/[.-]+$/, '') ?? '';
    if (quoted === undefined && EVERYBODY.has(name.toLowerCase())) everybody = true;
    else if (name !== '') names.add(name);
  }
  return { names: [...names], everybody };
}
