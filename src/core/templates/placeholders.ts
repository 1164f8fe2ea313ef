import { type TemplatePath, TemplateProblem } from './template.js';

/** A piece of a text: as it is, or an expression that is to be put in. */
export type TextPart = { readonly text: string } | { readonly expression: string };

const OPEN = '{{';
const CLOSE = '}}';

/** Takes a text with `{{expressions}}` apart. Braces in the quotes of an expression are its own. */
export function splitPlaceholders(text: string, path: TemplatePath): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (let open = text.indexOf(OPEN); open !== -1; open = text.indexOf(OPEN, at)) {
    if (open > at) parts.push({ text: text.slice(at, open) });
    const close = closingBraces(text, open + OPEN.length);
    if (close === -1) throw new TemplateProblem(path, `“${text.slice(open, open + 30)}” has no closing }}`);
    const expression = text.slice(open + OPEN.length, close).trim();
    if (expression === '') throw new TemplateProblem(path, 'there is nothing between {{ and }}');
    parts.push({ expression });
    at = close + CLOSE.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** The text with its braces written so that they stand for themselves. */
export function escapeBraces(text: string): string {
  return text.replaceAll(OPEN, `${OPEN}"${OPEN}"${CLOSE}`);
}

function closingBraces(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] as string;
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (text.startsWith(CLOSE, at)) return at;
  }
  return -1;
}
