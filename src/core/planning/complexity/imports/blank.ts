/** Ways in which a language writes comments and texts. */
export interface Lexis {
  readonly lineComments: readonly string[];
  readonly blockComments?: readonly [open: string, close: string];
  /** Quotes around texts, the longest first; those that may hold line ends are in `multiline`. */
  readonly quotes: readonly string[];
  readonly multiline: readonly string[];
  /** Blank the inside of texts too. */
  readonly texts: boolean;
}

export const C_LIKE: Lexis = {
  lineComments: ['//'],
  blockComments: ['/*', '*/'],
  quotes: ['"', "'", '`'],
  multiline: ['`'],
  texts: false,
};

export const PYTHON: Lexis = {
  lineComments: ['#'],
  quotes: ['"""', "'''", '"', "'"],
  multiline: ['"""', "'''"],
  texts: true,
};

/**
 * The text with spaces for its comments, and for the inside of its quoted texts if asked for: every other character
 * keeps its place, so lines and columns stay. What is not closed ends at its line, or at the end of the text.
 */
export function blank(text: string, lexis: Lexis): string {
  const parts: string[] = [];
  let kept = 0;
  const hide = (from: number, to: number) => {
    parts.push(text.slice(kept, from), text.slice(from, to).replace(/[^\n]/g, ' '));
    kept = to;
  };
  const starts = new Set(
    [...lexis.lineComments, ...(lexis.blockComments ? [lexis.blockComments[0]] : []), ...lexis.quotes].map(
      (mark) => mark[0],
    ),
  );
  for (let at = 0; at < text.length; ) {
    if (!starts.has(text[at])) {
      at += 1;
      continue;
    }
    const end = commentEnd(text, at, lexis);
    if (end !== undefined) {
      hide(at, end);
      at = end;
      continue;
    }
    const quote = lexis.quotes.find((mark) => text.startsWith(mark, at));
    if (quote === undefined) {
      at += 1;
      continue;
    }
    const close = textEnd(text, at + quote.length, quote, lexis.multiline.includes(quote));
    if (lexis.texts) hide(at + quote.length, Math.max(at + quote.length, close - quote.length));
    at = close;
  }
  parts.push(text.slice(kept));
  return parts.join('');
}

function commentEnd(text: string, at: number, { lineComments, blockComments }: Lexis): number | undefined {
  if (lineComments.some((mark) => text.startsWith(mark, at))) return endOr(text.indexOf('\n', at), text);
  if (!blockComments || !text.startsWith(blockComments[0], at)) return undefined;
  const close = text.indexOf(blockComments[1], at + blockComments[0].length);
  return close < 0 ? text.length : close + blockComments[1].length;
}

/** Offset after the closing quote. */
function textEnd(text: string, from: number, quote: string, multiline: boolean): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(quote, at)) return at + quote.length;
    else if (text[at] === '\n' && !multiline) return at;
  }
  return text.length;
}

function endOr(index: number, text: string): number {
  return index < 0 ? text.length : index;
}
