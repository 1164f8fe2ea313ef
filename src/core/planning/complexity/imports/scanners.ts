import { blank, C_LIKE, PYTHON } from './blank.js';
import { javascriptImports } from './javascript.js';
import { type Language, lineCounter, type RawImport } from './language.js';

/** The imports of a file in the order of their lines. Never throws: what it cannot make sense of is left out. */
export function importsOf(text: string, path: string, language: Language): RawImport[] {
  return SCANNERS[language](text, path);
}

const SCANNERS: Readonly<Record<Language, (text: string, path: string) => RawImport[]>> = {
  javascript: javascriptImports,
  python: pythonImports,
  go: goImports,
  rust: rustImports,
  java: javaImports,
  c: cImports,
};

function pythonImports(text: string): RawImport[] {
  const code = blank(text, PYTHON).replace(/\\\r?\n/g, (end) => ' '.repeat(end.length));
  const lineAt = lineCounter(text);
  const found: RawImport[] = [];
  const statement =
    /^[ \t]*(?:import[ \t]+(?<modules>[^\n;#]+)|from[ \t]+(?<from>\.*[\w.]*)[ \t]+import[ \t]*(?:\((?<many>[^)]{0,5000})\)|(?<names>[^\n;#]+)))/gm;
  for (const match of code.matchAll(statement)) {
    const { modules, from, many, names } = match.groups ?? {};
    const line = lineAt(match.index + match[0].search(/\S/));
    if (modules !== undefined) for (const target of listed(modules)) found.push({ target, kind: 'import', line });
    else if (from) found.push({ target: from, kind: 'import', line, names: listed(many ?? names ?? '') });
  }
  return found.filter(({ target }) => /^[\p{L}\p{N}_.]+$/u.test(target));
}

/** `a as b, c` without the new names. */
function listed(text: string): string[] {
  return text
    .split(',')
    .map(
      (part) =>
        part
          .trim()
          .split(/\s+as\s+/)[0]
          ?.trim() ?? '',
    )
    .filter((part) => part !== '');
}

function goImports(text: string): RawImport[] {
  const code = blank(text, C_LIKE);
  const lineAt = lineCounter(code);
  const found: RawImport[] = [];
  // Nothing is looked for without a bound: the files may be anything.
  for (const block of code.matchAll(/^import[ \t]*(?:\((?<many>[^)]{0,9000})\)|(?<one>[^\n]*))/gm)) {
    const body = block.groups?.many ?? block.groups?.one ?? '';
    const start = block.index + block[0].indexOf(body);
    for (const match of body.matchAll(/(?<quote>["`])(?<target>[^"`\n]+)\k<quote>/g))
      found.push({ target: match.groups?.target ?? '', kind: 'import', line: lineAt(start + match.index) });
  }
  return found;
}

function rustImports(text: string): RawImport[] {
  // Lifetimes ('a) look like the start of a character: only double quotes count.
  const code = blank(text, { ...C_LIKE, quotes: ['"'], multiline: ['"'], texts: true });
  const lineAt = lineCounter(code);
  const found: RawImport[] = [];
  const statement =
    /^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?(?:mod[ \t]+(?<module>\w+)[ \t]*;|use[ \t]+(?<tree>[^;]{1,5000});|extern[ \t]+crate[ \t]+(?<crate>\w+))/gm;
  for (const match of code.matchAll(statement)) {
    const { module, tree, crate } = match.groups ?? {};
    const line = lineAt(match.index + match[0].search(/\S/));
    if (module) found.push({ target: module, kind: 'reference', line });
    else if (crate) found.push({ target: crate, kind: 'import', line });
    else for (const target of useTree(tree ?? '')) found.push({ target, kind: 'import', line });
  }
  return found;
}

/** `a::{b, c::{self, d}}` as `a::b`, `a::c`, `a::c::d`. */
function useTree(tree: string): string[] {
  const text = tree.replace(/\s+as\s+\w+/g, '').replace(/\s+/g, '');
  const found: string[] = [];
  const prefixes: string[] = [''];
  let current = '';
  const end = () => {
    const whole = `${prefixes.at(-1)}${current}`
      .replace(/::self$/, '')
      .replace(/::\*$/, '')
      .replace(/^::/, '');
    if (current !== '' && whole !== '') found.push(whole);
    current = '';
  };
  for (const character of text) {
    if (character === '{') {
      prefixes.push(`${prefixes.at(-1)}${current}`);
      current = '';
    } else if (character === '}') {
      end();
      if (prefixes.length > 1) prefixes.pop();
    } else if (character === ',') end();
    else current += character;
  }
  end();
  return found;
}

function javaImports(text: string): RawImport[] {
  const code = blank(text, { ...C_LIKE, quotes: ['"""', '"', "'"], multiline: ['"""'], texts: true });
  const lineAt = lineCounter(code);
  return [...code.matchAll(/^[ \t]*import[ \t]+(?<static>static[ \t]+)?(?<target>\w+(?:\.\w+)*(?:\.\*)?)/gm)].map(
    (match) => ({
      target: (match.groups?.static ? match.groups.target?.replace(/\.[\w*]+$/, '') : match.groups?.target) ?? '',
      kind: 'import',
      line: lineAt(match.index + match[0].search(/\S/)),
    }),
  );
}

function cImports(text: string): RawImport[] {
  const code = blank(text, { ...C_LIKE, quotes: [], multiline: [] });
  const lineAt = lineCounter(code);
  return [...code.matchAll(/^[ \t]*#[ \t]*(?:include|import)[ \t]*(?<open>["<])(?<target>[^">\n]+)[">]/gm)].map(
    (match) => ({
      target: match.groups?.target ?? '',
      // What stands in angle brackets is looked for outside first.
      kind: match.groups?.open === '<' ? 'reference' : 'import',
      line: lineAt(match.index + match[0].search(/\S/)),
    }),
  );
}
