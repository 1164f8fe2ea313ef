import { type JsonMember, type JsonNode, readJsonText } from './jsonText.js';
import { UnreadableText } from './unreadableText.js';

/*
 * One entry in an object of a JSON file that is somebody's: everything else stays byte for byte. What is put in is laid
 * out so that it tells, when it is taken out again, what there was before: an entry of several lines beside no other was
 * put in together with the object around it, and so was one with a blank between brace and name; one line of its own, or
 * one right behind the brace, was put into an object that was there, empty.
 */

/** `"name": …` in the object that the topmost object has as `container`. */
export interface JsonPlace {
  readonly container: string;
  readonly name: string;
}

const UNIT = '  ';

/** The entry's value; undefined where there is none. Throws UnreadableText where the file has another form. */
export function jsonEntry(text: string, place: JsonPlace): { readonly value: unknown } | undefined {
  const entry = find(text, place).entry;
  return entry && { value: entry.node.value };
}

/** The whole text of a new file. */
export function newJson({ container, name }: JsonPlace, value: unknown): string {
  return `${JSON.stringify({ [container]: { [name]: value } }, null, UNIT)}\n`;
}

/** The text with the entry: put in, or its value in the place of the one that is there. Throws as `jsonEntry`. */
export function withJsonEntry(text: string, place: JsonPlace, value: unknown): string {
  const { root, container, entry } = find(text, place);
  const eol = eolOf(text);
  if (!root && text.replace('\uFEFF', '').trim() !== '')
    throw new UnreadableText(text, 0, 'it holds nothing but comments');
  if (!root) return text + newJson(place, value).trimEnd().replaceAll('\n', eol);
  if (entry) {
    const old = text.slice(entry.node.start, entry.node.end);
    const written = old.includes('\n')
      ? indented(value, indentAt(text, entry.start), unitOf(text, root), eol)
      : oneLine(value);
    return text.slice(0, entry.node.start) + written + text.slice(entry.node.end);
  }
  const around = container?.node ?? root;
  const layout = layoutOf(text, around, unitOf(text, root));
  const isWhole = container === undefined;
  const unit = unitOf(text, root);
  const written =
    layout.kind === 'lines'
      ? `${JSON.stringify(isWhole ? place.container : place.name)}: ${indented(isWhole ? { [place.name]: value } : value, layout.indent, unit, eol)}`
      : isWhole
        ? `${JSON.stringify(place.container)}: { ${JSON.stringify(place.name)}: ${oneLine(value)} }`
        : `${JSON.stringify(place.name)}: ${oneLine(value)}`;
  const isFirst = around.members?.length === 0;
  const comma = isFirst ? '' : ',';
  if (layout.kind === 'inline') return insert(text, layout.at, `${written}${isFirst ? '' : ', '}`);
  return insert(
    text,
    layout.at,
    layout.ownLine ? `${layout.indent}${written}${comma}${eol}` : `${eol}${layout.indent}${written}${comma}`,
  );
}

/** The text without the entry; undefined where the file was made for it. Throws as `jsonEntry`. */
export function withoutJsonEntry(text: string, place: JsonPlace): string | undefined {
  const { container, entry } = find(text, place);
  if (!container || !entry) return text;
  const made = newJson(place, entry.node.value).replaceAll('\n', eolOf(text));
  if (text === made) return undefined;
  const kept = text.slice(0, Math.max(0, text.length - made.trimEnd().length));
  if (kept + made.trimEnd() === text && /^\uFEFF?\s*$/.test(kept)) return kept;
  return cut(text, cameWithContainer(text, container.node, entry) ? container : entry);
}

/** True where the object around the entry was put in with it, and holds nothing else by now. */
function cameWithContainer(text: string, container: JsonNode, entry: JsonMember): boolean {
  if (container.members?.length !== 1) return false;
  const before = text.slice(container.start + 1, entry.start);
  const after = text.slice((entry.comma ?? entry.node.end - 1) + 1, container.end - 1);
  if (`${before}${after}`.trim() !== '') return false;
  return text.slice(entry.node.start, entry.node.end).includes('\n') || /^[ \t]+$/.test(before);
}

/** Takes a member out, with its comma and its line if that holds nothing else. */
function cut(text: string, member: JsonMember): string {
  const lineStart = text.lastIndexOf('\n', member.start - 1) + 1;
  const isLineStart = lineStart > 0 && text.slice(lineStart, member.start).trim() === '';
  let end = (member.comma ?? member.node.end - 1) + 1;
  if (!isLineStart) {
    if (member.comma !== undefined && text[end] === ' ') end += 1;
    return text.slice(0, member.start) + text.slice(end);
  }
  const rest = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (rest) return text.slice(0, lineStart) + text.slice(end + rest[0].length);
  const before = text.slice(0, lineStart).replace(/\r?\n$/, '');
  return before + text.slice(end);
}

interface Found {
  readonly root?: JsonNode;
  readonly container?: JsonMember;
  readonly entry?: JsonMember;
}

function find(text: string, { container: outer, name }: JsonPlace): Found {
  const root = readJsonText(text);
  if (!root) return {};
  if (!root.members) throw new UnreadableText(text, root.start, 'it holds no object');
  const container = only(text, root.members, outer);
  if (!container) return { root };
  if (!container.node.members) throw new UnreadableText(text, container.node.start, `“${outer}” is no object`);
  const entry = only(text, container.node.members, name);
  return { root, container, ...(entry && { entry }) };
}

function only(text: string, members: readonly JsonMember[], key: string): JsonMember | undefined {
  const [first, second] = members.filter((member) => member.key === key);
  if (second) throw new UnreadableText(text, second.start, `“${key}” is there twice`);
  return first;
}

/** Where a member is put into an object, and how: as its first, so that commas and comments of others stay as they are. */
type Layout =
  | { readonly kind: 'lines' | 'line'; readonly at: number; readonly indent: string; readonly ownLine: boolean }
  | { readonly kind: 'inline'; readonly at: number };

function layoutOf(text: string, { start, end, members = [] }: JsonNode, unit: string): Layout {
  const [first] = members;
  const gap = text.slice(start + 1, first?.start ?? end - 1);
  if (!gap.includes('\n')) return { kind: 'inline', at: first?.start ?? start + 1 };
  // What stands behind the brace on its line stays there, unless it goes on over lines.
  const line = /^(?:[ \t]|\/\*(?:(?!\*\/)[^\n])*\*\/)*(?:\/\/[^\n]*)?\r?\n/.exec(gap);
  return {
    kind: first ? 'lines' : 'line',
    at: start + 1 + (line?.[0].length ?? 0),
    ownLine: line !== null,
    indent: first ? indentAt(text, first.start) : indentAt(text, start) + unit,
  };
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

/** What the line that holds a place begins with. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** By how much a level is indented in this file. */
function unitOf(text: string, { start, members: [first] = [] }: JsonNode): string {
  const isOnOwnLine = first !== undefined && text.slice(start, first.start).includes('\n');
  return (isOnOwnLine && indentAt(text, first.start)) || UNIT;
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function indented(value: unknown, indent: string, unit: string, eol: string): string {
  return JSON.stringify(value, null, unit).replaceAll('\n', eol + indent);
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${oneLine(inner)}`)
    .join(', ')}}`;
}
