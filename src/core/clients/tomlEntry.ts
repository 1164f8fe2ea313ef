import { readTomlText, type TomlStatement } from './tomlText.js';
import { UnreadableText } from './unreadableText.js';

/** The table `[container.name]`. */
export interface TomlPlace {
  readonly container: string;
  readonly name: string;
}

/**
 * What the table holds; undefined where there is none. Throws UnreadableText for what is no TOML, and where the entry is
 * written in a form that is no table of its own.
 */
export function tomlEntry(
  text: string,
  place: TomlPlace,
): { readonly value: Readonly<Record<string, unknown>> } | undefined {
  const blocks = find(text, place);
  if (blocks.length === 0) return undefined;
  const value: Record<string, unknown> = {};
  for (const { path, value: one, kind } of blocks.flatMap((block) => block.statements)) {
    const key = path.slice(2).join('.');
    if (kind === 'value') value[key] = one;
    else if (key !== '') value[key] ??= {};
  }
  return { value };
}

/** The table as a text, which is also that of a new file. */
export function newToml({ container, name }: TomlPlace, value: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(value).map(([key, one]) => `${bare(key)} = ${written(one)}\n`);
  return `[${bare(container)}.${bare(name)}]\n${lines.join('')}`;
}

/** The text with the table: at its end, or in the place of the one that is there. Throws as `tomlEntry`. */
export function withTomlEntry(text: string, place: TomlPlace, value: Readonly<Record<string, unknown>>): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const table = newToml(place, value).replaceAll('\n', eol);
  const [block, ...others] = find(text, place);
  if (block) {
    const rest = others.reduceRight((left, one) => cut(left, one), text);
    return rest.slice(0, block.start) + table.trimEnd() + rest.slice(block.end);
  }
  // Without a last line feed in the file there is none behind the table: so it is known when the table is taken out.
  if (!/\n$/.test(text)) return `${text}${isBlank(text) ? '' : eol + eol}${table.trimEnd()}`;
  return `${text}${eol}${table}`;
}

/** The text without the table; undefined where the file was made for it. Throws as `tomlEntry`. */
export function withoutTomlEntry(text: string, place: TomlPlace): string | undefined {
  const blocks = find(text, place);
  const [only, second] = blocks;
  if (only && !second && only.start === 0 && /^\r?\n$/.test(text.slice(only.end))) return undefined;
  return blocks.reduceRight((left, block) => cut(left, block), text);
}

/** A table with the keys that follow it. */
interface Block {
  readonly start: number;
  readonly end: number;
  readonly statements: readonly TomlStatement[];
}

function find(text: string, { container, name }: TomlPlace): Block[] {
  const blocks: { start: number; end: number; statements: TomlStatement[] }[] = [];
  let open: (typeof blocks)[number] | undefined;
  for (const statement of readTomlText(text)) {
    const { kind, path, start, end } = statement;
    const isOurs = path[0] === container && path[1] === name;
    if (kind === 'value') {
      if (open) {
        open.statements.push(statement);
        open.end = end;
      } else if (isOurs || (path.length === 1 && path[0] === container))
        throw new UnreadableText(
          text,
          start,
          `“${path.slice(0, 2).join('.')}” is no table of its own here: edit it by hand`,
        );
      continue;
    }
    if (kind === 'tables' && (isOurs || (path.length === 1 && path[0] === container)))
      throw new UnreadableText(text, start, `“${path.join('.')}” is a list of tables here: edit it by hand`);
    open = isOurs ? { start, end, statements: [statement] } : undefined;
    if (open) blocks.push(open);
  }
  return blocks;
}

/** Takes a table out, with its last line's end and the blank line before it. */
function cut(text: string, { start, end }: Block): string {
  const behind = /^[ \t]*\r?\n/.exec(text.slice(end));
  const before = text.slice(0, start);
  const rest = text.slice(end + (behind?.[0].length ?? 0));
  // At the end of a file without a last line feed, both line feeds before the table were put in with it.
  if (!behind && rest === '') return before.replace(/\r?\n\r?\n$/, '');
  return before.replace(/(^|\n)\r?\n$/, '$1') + rest;
}

function isBlank(text: string): boolean {
  return /^\uFEFF?[ \t]*$/.test(text);
}

function bare(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, one]) => `${bare(key)} = ${written(one)}`);
  return `{ ${pairs.join(', ')} }`;
}
