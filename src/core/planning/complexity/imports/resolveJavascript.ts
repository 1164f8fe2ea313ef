import { asObject, looseJson } from './jsonText.js';
import { type FileIndex, folderOf, join, NOWHERE, type Resolution, type Resolver, upward } from './resolver.js';

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.vue', '.svelte', '.json'];
/** TypeScript writes the name of what it makes of a file. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};
const NODE = new Set(
  'assert async_hooks buffer child_process cluster console constants crypto dgram dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls tty url util v8 vm wasi worker_threads zlib'.split(
    ' ',
  ),
);
/** A configuration that extends another that extends another … */
const DEEPEST = 8;

interface Paths {
  readonly base: string;
  readonly patterns: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

/** Relative paths, paths of tsconfig.json, `imports` and names of the workspace's own packages, and packages outside. */
export function javascriptResolver(index: FileIndex): Resolver {
  const configurations = new Map<string, Paths | undefined>();
  const manifests = index.named(/^package\.json$/).map(({ folder, text }) => ({ folder, json: looseJson(text) }));
  const packages = new Map(
    manifests.flatMap(({ folder, json }) =>
      typeof json.name === 'string' ? [[json.name, { folder, json }] as const] : [],
    ),
  );
  const imports = new Map(manifests.map(({ folder, json }) => [folder, asObject(json.imports)]));

  const pathsOf = (folder: string): Paths | undefined => {
    if (configurations.has(folder)) return configurations.get(folder);
    const own = index.first([`${folder && `${folder}/`}tsconfig.json`, `${folder && `${folder}/`}jsconfig.json`]);
    const found =
      own === undefined ? (folder === '' ? undefined : pathsOf(folderOf(folder))) : readPaths(index, own, 0);
    configurations.set(folder, found);
    return found;
  };

  return (from, { target: written }) => {
    const target = written.replace(/[?#](?!.*\/).*$/, (rest) => (written.startsWith('#') ? rest : ''));
    const folder = folderOf(from);
    if (/^\.{1,2}(?:\/|$)/.test(target)) return toFile(index, join(folder, target));
    if (target.startsWith('/')) return NOWHERE;
    if (target.startsWith('#')) {
      const owner = [...upward(folder)].find((at) => imports.has(at));
      return owner === undefined ? NOWHERE : byPatterns(index, owner, Object.entries(imports.get(owner) ?? {}), target);
    }
    const paths = pathsOf(folder);
    const aliased = paths ? byPatterns(index, paths.base, paths.patterns, target) : NOWHERE;
    if (aliased.files.length > 0) return aliased;
    const name = packageName(target);
    const own = packages.get(name);
    if (own) return intoPackage(index, own, target.slice(name.length + 1));
    if (paths) {
      const based = toFile(index, join(paths.base, target));
      if (based.files.length > 0) return based;
    }
    const bare = target.replace(/^node:/, '');
    const isNode = target.startsWith('node:') || NODE.has(bare.split('/')[0] ?? '');
    if (isNode) return { files: [], external: `node:${bare.split('/')[0]}` };
    return /^[@\w]/.test(name) ? { files: [], external: name } : NOWHERE;
  };
}

function readPaths(index: FileIndex, path: string, depth: number): Paths | undefined {
  const json = looseJson(index.manifests.get(path) ?? '');
  const options = asObject(json.compilerOptions);
  const folder = folderOf(path);
  const base = typeof options.baseUrl === 'string' ? join(folder, options.baseUrl) : undefined;
  const patterns = Object.entries(asObject(options.paths)).flatMap(([pattern, targets]) =>
    Array.isArray(targets) ? [[pattern, targets.filter((one) => typeof one === 'string')] as const] : [],
  );
  if (patterns.length > 0 || base !== undefined) return { base: base ?? folder, patterns };
  const above = (Array.isArray(json.extends) ? json.extends : [json.extends]).filter(
    (one): one is string => typeof one === 'string' && one.startsWith('.'),
  );
  if (depth >= DEEPEST) return undefined;
  for (const one of above.reverse()) {
    const other = join(folder, one);
    const found = other === undefined ? undefined : index.first([other, `${other}.json`]);
    const read = found === undefined ? undefined : readPaths(index, found, depth + 1);
    if (read) return read;
  }
  return undefined;
}

/** The longest pattern that fits, as TypeScript and Node choose. */
function byPatterns(
  index: FileIndex,
  base: string,
  patterns: readonly (readonly [string, unknown])[],
  target: string,
): Resolution {
  const fitting = patterns
    .flatMap(([pattern, value]) => {
      const [start = '', end] = pattern.split('*');
      if (end === undefined) return pattern === target ? [{ size: Number.POSITIVE_INFINITY, middle: '', value }] : [];
      if (!target.startsWith(start) || !target.endsWith(end) || target.length < start.length + end.length) return [];
      return [{ size: start.length, middle: target.slice(start.length, target.length - end.length), value }];
    })
    .sort((a, b) => b.size - a.size)[0];
  if (!fitting) return NOWHERE;
  for (const text of texts(fitting.value)) {
    const found = toFile(index, join(base, text.replaceAll('*', fitting.middle)));
    if (found.files.length > 0) return found;
  }
  return NOWHERE;
}

/** The texts in a value of `imports` or `exports`, whatever conditions they stand under. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return Object.values(asObject(value)).flatMap(texts);
}

function intoPackage(
  index: FileIndex,
  { folder, json }: { readonly folder: string; readonly json: Readonly<Record<string, unknown>> },
  rest: string,
): Resolution {
  const exported = asObject(json.exports);
  const entry = rest === '' ? (exported['.'] ?? json.exports) : undefined;
  const named = rest === '' ? texts(entry) : [];
  const patterned = rest === '' ? NOWHERE : byPatterns(index, folder, Object.entries(exported), `./${rest}`);
  if (patterned.files.length > 0) return patterned;
  const mains = [json.source, json.module, json.main, json.types].filter((one) => typeof one === 'string');
  const candidates = rest === '' ? [...named, ...mains, 'src/index', 'index', 'lib/index'] : [rest, `src/${rest}`];
  for (const candidate of candidates) {
    const found = toFile(index, join(folder, candidate));
    if (found.files.length > 0) return found;
  }
  return NOWHERE;
}

function toFile(index: FileIndex, path: string | undefined): Resolution {
  if (path === undefined) return NOWHERE;
  const extension = /\.[^./]+$/.exec(path)?.[0] ?? '';
  const stem = extension === '' ? path : path.slice(0, -extension.length);
  const below = path === '' ? '' : `${path}/`;
  const found = index.first([
    ...(path === '' ? [] : [path]),
    ...(SOURCES[extension] ?? []).map((other) => stem + other),
    ...EXTENSIONS.map((other) => path + other),
    ...EXTENSIONS.map((other) => `${below}index${other}`),
  ]);
  return found === undefined ? NOWHERE : { files: [found] };
}

function packageName(target: string): string {
  const [first = '', second] = target.split('/');
  return first.startsWith('@') && second !== undefined ? `${first}/${second}` : first;
}
