import { blank, C_LIKE, PYTHON } from './imports/blank.js';
import { type Language, languageOf } from './imports/language.js';

/** A note in the code that something is left to do. */
export interface Marker {
  readonly line: number;
  readonly text: string;
}

export interface LongFunction {
  /** Where it begins. */
  readonly line: number;
  readonly lines: number;
  readonly text: string;
}

/** What is measured of a file's text. */
export interface FileMeasure {
  /** Lines that are not blank. */
  readonly lines: number;
  readonly markers: readonly Marker[];
  /** Undefined where the file has none, or its blocks cannot be told apart. */
  readonly longestFunction?: LongFunction;
  /** The file has tests of itself in it. */
  readonly ownTests: boolean;
}

const MARKER = /\b(?:TODO|FIXME|HACK|XXX)\b/;
/** Where the language is not known, a marker counts behind a sign that begins comments in most of them. */
const COMMENTED = /(?:#|\/\/|--|;|\/\*|^\s*\*|<!--|%).*?\b(?:TODO|FIXME|HACK|XXX)\b/;
const LONGEST_TEXT = 200;

export function measure(text: string, path: string): FileMeasure {
  const language = languageOf(path);
  const lines = text.split(/\r\n|\n|\r/);
  const longest = language && longestFunction(text, lines, language);
  return {
    lines: lines.filter((line) => line.trim() !== '').length,
    markers: markersOf(text, lines, language),
    ...(longest && { longestFunction: longest }),
    ownTests: language === 'rust' && /#\[cfg\(test\)\]/.test(text),
  };
}

function markersOf(text: string, lines: readonly string[], language: Language | undefined): Marker[] {
  if (!MARKER.test(text)) return [];
  const code =
    language && blank(text, language === 'python' ? { ...PYTHON, texts: false } : C_LIKE).split(/\r\n|\n|\r/);
  return lines.flatMap((line, at) => {
    const counts = code ? MARKER.test(line) && !MARKER.test(code[at] ?? '') : isCommented(line);
    return counts ? [{ line: at + 1, text: line.trim().slice(0, LONGEST_TEXT) }] : [];
  });
}

/** A line is looked at so far: expressions may take long for longer ones. */
const LONGEST_LINE = 1000;

function isCommented(line: string): boolean {
  return MARKER.test(line) && COMMENTED.test(line.slice(0, LONGEST_LINE));
}

function longestFunction(text: string, lines: readonly string[], language: Language): LongFunction | undefined {
  const found = language === 'python' ? pythonFunctions(text) : bracedFunctions(text, language);
  const longest = found?.reduce<{ line: number; lines: number } | undefined>(
    (best, one) => (best && best.lines >= one.lines ? best : one),
    undefined,
  );
  return longest && { ...longest, text: (lines[longest.line - 1] ?? '').trim().slice(0, LONGEST_TEXT) };
}

/** What a block may begin with that is no function. */
const NO_FUNCTION =
  /^(?:else\s+)?(?:if|for|foreach|while|switch|catch|match|select|with|synchronized|using|lock|do|try)\b|\b(?:class|interface|struct|enum|impl|trait|namespace|module|record)\b(?![^{]*=>)/;
/** What a head of a function ends with: its parameters, and perhaps a type, an arrow or other words. */
const HEAD = /\)\s*(?:=>|->)?[\s\w:<>,[\]|&.?*']*$|=>\s*$/;

/** Undefined where the braces do not close. */
function bracedFunctions(text: string, language: Language): { line: number; lines: number }[] | undefined {
  const quotes = language === 'rust' ? { quotes: ['"'], multiline: ['"'] } : {};
  const code = blank(text, { ...C_LIKE, ...quotes, texts: true });
  const open: { line: number; isFunction: boolean }[] = [];
  const found: { line: number; lines: number }[] = [];
  let line = 1;
  let start = 0;
  let startLine = 1;
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at];
    if (character === '\n') line += 1;
    else if (character === '{') {
      const head = code.slice(Math.max(start, at - LONGEST_LINE), at).trim();
      const skipped = code.slice(start, at).search(/\S/);
      const headLine = startLine + (skipped > 0 ? (code.slice(start, start + skipped).match(/\n/g)?.length ?? 0) : 0);
      open.push({ line: headLine, isFunction: HEAD.test(head) && !NO_FUNCTION.test(head) });
    } else if (character === '}') {
      const block = open.pop();
      if (!block) return undefined;
      if (block.isFunction) found.push({ line: block.line, lines: line - block.line + 1 });
    }
    if (character === '{' || character === '}' || character === ';') {
      start = at + 1;
      startLine = line;
    }
  }
  return open.length === 0 ? found : undefined;
}

function pythonFunctions(text: string): { line: number; lines: number }[] {
  const lines = blank(text, PYTHON).split(/\r\n|\n|\r/);
  const open: { line: number; indent: number }[] = [];
  const found: { line: number; lines: number }[] = [];
  let last = 0;
  const closeTo = (indent: number) => {
    for (let one = open.at(-1); one && one.indent >= indent; one = open.at(-1)) {
      found.push({ line: one.line, lines: last - one.line + 1 });
      open.pop();
    }
  };
  for (const [at, line] of lines.entries()) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    if (!/^[)\]}]/.test(line.trimStart())) {
      closeTo(indent);
      if (/^\s*(?:async\s+)?def\s/.test(line)) open.push({ line: at + 1, indent });
    }
    last = at + 1;
  }
  closeTo(-1);
  return found;
}
