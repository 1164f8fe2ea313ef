/** Text for a node of the picture: cut to two short lines, and written so that Mermaid takes it for text only. */

/** Characters of one line of a label; a title gets two. */
const LINE = 22;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A title as at most two lines of at most 22 characters (as a reader counts them: an emoji with its modifiers is one),
 * broken at a space where there is one, the rest replaced by `…`. Runs of white space and control characters become
 * one space, an unpaired surrogate becomes U+FFFD. Never empty: an empty title gives one empty line.
 */
export function cutLabel(title: string): string[] {
  const clean = title
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\p{Cs}/gu, '\uFFFD')
    .trim();
  const parts = Array.from(graphemes.segment(clean), (part) => part.segment);
  if (parts.length <= LINE) return [clean];
  const first = lineEnd(parts);
  const second = parts[first] === ' ' ? first + 1 : first;
  const rest = parts.length - second;
  return [
    parts.slice(0, first).join('').trimEnd(),
    rest <= LINE
      ? parts.slice(second).join('')
      : `${parts
          .slice(second, second + LINE - 1)
          .join('')
          .trimEnd()}…`,
  ];
}

/** Where the first line ends: the space that makes two lines most alike, or the last that fits when both are full. */
function lineEnd(parts: readonly string[]): number {
  const spaces = parts.flatMap((part, index) => (part === ' ' && index > 0 && index <= LINE ? [index] : []));
  const fits = spaces.filter((index) => parts.length - index - 1 <= LINE);
  const last = spaces.at(-1);
  if (fits.length > 0)
    return fits.reduce((best, index) => (imbalance(parts, index) < imbalance(parts, best) ? index : best));
  // A space near the start would leave a line of one short word and cut the second one early.
  return last !== undefined && last >= LINE / 2 ? last : LINE;
}

function imbalance(parts: readonly string[], space: number): number {
  return Math.abs(parts.length - 1 - 2 * space);
}

/**
 * Sequences that Mermaid still acts on after it has read a character reference: `$$` (maths), `\n` (line break),
 * `fa:fa-…` (icon) and its private marks for a reference (`ﬂ°`, `¶ß`). An invisible word joiner takes them apart.
 */
const MAGIC = /\$(?=\$)|\\(?=n)|(?<=fa[bklrs]?):(?=fa-)|ﬂ(?=°)|¶(?=ß)/g;

/**
 * Writes every character but letters, digits, space, comma, dot and hyphen as `#<code point>;`, Mermaid's form of a
 * character reference. Letters of other scripts stay as they are, so that the text remains readable.
 */
export function encodeText(text: string): string {
  return text
    .replace(MAGIC, '$&\u2060')
    .replace(/[^A-Za-z0-9 ,.\-\p{L}\p{N}\p{M}]/gu, (char) => `#${char.codePointAt(0)};`);
}
