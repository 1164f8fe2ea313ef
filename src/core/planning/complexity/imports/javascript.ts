import { type Import, parse } from 'es-module-lexer/js';
import { blank, C_LIKE } from './blank.js';
import { lineCounter, type RawImport } from './language.js';

const STATIC =
  /(?:^|[;}])[ \t]*(?:import|export)\s*(?<type>type\s+)?(?:[\w$*{][^;'"`()=]{0,3000}?\bfrom\s*)?(?<quote>["'])(?<target>[^"'\n]+)\k<quote>/gm;
const CALLED = /(?:^|[^\w$.])(?<word>require|import)\s*\(\s*(?<quote>["'`])(?<target>[^"'`\n$]+)\k<quote>/g;
/** The script in a component's file. */
const SCRIPT = /<script\b[^>]*>(?<code>.*?)<\/script>/gs;

/**
 * The imports of a JavaScript or TypeScript file. The lexer knows modules exactly; where it gives up (JSX, some syntax of
 * TypeScript), and for `require`, a scanner of its text does.
 */
export function javascriptImports(text: string, path: string): RawImport[] {
  const code = /\.(?:vue|svelte)$/i.test(path) ? scriptOf(text) : text;
  const exact = /\.[jt]sx$/i.test(path) ? undefined : lexed(code, path);
  if (exact && !code.includes('require')) return exact;
  const scanned = scan(code);
  return exact
    ? [...exact, ...scanned.filter((one) => one.kind === 'require')].sort((a, b) => a.line - b.line)
    : scanned;
}

function lexed(text: string, path: string): RawImport[] | undefined {
  if (!text.includes('import') && !text.includes('export')) return [];
  let found: readonly Import[];
  try {
    [found] = parse(text, path);
  } catch {
    return undefined;
  }
  const lineAt = lineCounter(text);
  return [...found]
    .sort((a, b) => a.importStart - b.importStart)
    .flatMap((one) => {
      if (!one.specifier || (one.type === 'dynamic' && one.glob)) return [];
      const typeOnly = 'typeOnly' in one && one.typeOnly;
      return [
        {
          target: one.specifier,
          kind: 'import' as const,
          line: lineAt(one.importStart),
          ...(typeOnly && { typeOnly }),
        },
      ];
    });
}

function scan(text: string): RawImport[] {
  const code = blank(text, C_LIKE);
  const found: { target: string; kind: RawImport['kind']; typeOnly?: boolean; at: number }[] = [];
  for (const match of code.matchAll(STATIC)) {
    const { target = '', type } = match.groups ?? {};
    const at = match.index + match[0].search(/import|export/);
    found.push({ target, kind: 'import', ...(type !== undefined && { typeOnly: true }), at });
  }
  for (const match of code.matchAll(CALLED)) {
    const { target = '', word } = match.groups ?? {};
    found.push({ target, kind: word === 'require' ? 'require' : 'import', at: match.index + 1 });
  }
  const lineAt = lineCounter(text);
  return found.sort((a, b) => a.at - b.at).map(({ at, ...one }) => ({ ...one, line: lineAt(at) }));
}

/** What is not script blanked out, so that lines stay. */
function scriptOf(text: string): string {
  let code = text.replace(/[^\n]/g, ' ');
  for (const match of text.matchAll(SCRIPT)) {
    const start = match.index + match[0].indexOf('>') + 1;
    const { code: script = '' } = match.groups ?? {};
    code = code.slice(0, start) + script + code.slice(start + script.length);
  }
  return code;
}
