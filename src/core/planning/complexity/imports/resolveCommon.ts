import type { Language, RawImport } from './language.js';
import { languageOf } from './language.js';
import { type FileIndex, folderOf, join, NOWHERE, nameOf, type Resolution, type Resolver, upward } from './resolver.js';

/** The languages whose imports follow from files and folders alone. */
export function commonResolver(index: FileIndex): Readonly<Record<Exclude<Language, 'javascript'>, Resolver>> {
  return {
    python: (from, raw) => python(index, from, raw),
    go: goResolver(index),
    rust: (from, raw) => rust(index, from, raw),
    java: (_from, raw) => java(index, raw),
    c: (from, raw) => c(index, from, raw),
  };
}

function python(index: FileIndex, from: string, { target, names = [] }: RawImport): Resolution {
  const [dots = ''] = /^\.*/.exec(target) ?? [];
  const path = target.slice(dots.length).replaceAll('.', '/');
  const folder = folderOf(from);
  if (dots !== '') {
    const base = join(folder, '../'.repeat(dots.length - 1));
    return base === undefined ? NOWHERE : { files: modules(index, base, path, names) };
  }
  // Where the interpreter starts is not known: folders above the file, and `src` in them.
  for (const above of upward(folder)) {
    for (const root of [above, above === '' ? 'src' : `${above}/src`]) {
      const files = modules(index, root, path, names);
      if (files.length > 0) return { files };
    }
  }
  return { files: [], external: target.split('.')[0] ?? target };
}

/** The module, and those of the names that are modules themselves. */
function modules(index: FileIndex, root: string, path: string, names: readonly string[]): string[] {
  const at = join(root, path) ?? '';
  const below = at === '' ? '' : `${at}/`;
  const one = (stem: string) => index.first([`${stem}.py`, `${stem}.pyi`, `${stem}/__init__.py`]);
  const submodules = names.flatMap((name) => one(`${below}${name}`) ?? []);
  if (submodules.length === names.length && names.length > 0) return [...new Set(submodules)];
  const own = path === '' ? index.first([`${below}__init__.py`]) : one(at);
  return [...new Set([...(own === undefined ? [] : [own]), ...submodules])];
}

function goResolver(index: FileIndex): Resolver {
  const modulesOf = index.named(/^go\.mod$/).flatMap(({ folder, text }) => {
    const name = /^module\s+"?([^\s"]+)/m.exec(text)?.[1];
    return name === undefined ? [] : [{ folder, name }];
  });
  return (_from, { target }) => {
    const own = modulesOf
      .filter(({ name }) => target === name || target.startsWith(`${name}/`))
      .sort((a, b) => b.name.length - a.name.length)[0];
    if (!own) return { files: [], external: target };
    const folder = join(own.folder, target.slice(own.name.length)) ?? '';
    return { files: index.in(folder).filter((file) => file.endsWith('.go') && !file.endsWith('_test.go')) };
  };
}

function rust(index: FileIndex, from: string, { target, kind }: RawImport): Resolution {
  const folder = folderOf(from);
  const name = nameOf(from).replace(/\.rs$/, '');
  // `mod.rs`, `lib.rs` and `main.rs` hold the module of their folder; `a.rs` has its parts in `a/`.
  const isRoot = ['mod', 'lib', 'main'].includes(name);
  const own = isRoot ? folder : join(folder, name);
  if (own === undefined) return NOWHERE;
  const one = (path: string) => index.first([`${path}.rs`, `${path}/mod.rs`]);
  if (kind === 'reference')
    return { files: some(one(join(own, target) ?? target) ?? one(join(folder, target) ?? target)) };
  const parts = target.split('::').filter((part) => part !== '');
  let base: string | undefined;
  if (parts[0] === 'crate') {
    base = crateRoot(index, folder);
    parts.shift();
  } else if (parts[0] === 'self' || parts[0] === 'super') {
    base = own;
    if (parts[0] === 'self') parts.shift();
    while (parts[0] === 'super' && base !== undefined) {
      base = join(base, '..');
      parts.shift();
    }
  } else {
    const root = crateRoot(index, folder);
    const local = one(join(own, parts[0] ?? '') ?? '') ?? one(join(root, parts[0] ?? '') ?? '');
    if (local === undefined) {
      return ['std', 'core', 'alloc'].includes(parts[0] ?? '')
        ? { files: [], external: parts[0] ?? '' }
        : crateNamed(index, parts);
    }
    base = one(join(own, parts[0] ?? '') ?? '') === undefined ? root : own;
  }
  if (base === undefined) return NOWHERE;
  return { files: some(longest(index, base, parts)) };
}

/** The file of the longest beginning of a path of modules. */
function longest(index: FileIndex, base: string, parts: readonly string[]): string | undefined {
  for (let length = parts.length; length > 0; length -= 1) {
    const path = join(base, parts.slice(0, length).join('/')) ?? '';
    const found = index.first([`${path}.rs`, `${path}/mod.rs`]);
    if (found !== undefined) return found;
  }
  const below = base === '' ? '' : `${base}/`;
  return index.first([`${base}.rs`, `${below}mod.rs`, `${below}lib.rs`, `${below}main.rs`]);
}

function crateRoot(index: FileIndex, folder: string): string {
  for (const above of upward(folder)) {
    const below = above === '' ? '' : `${above}/`;
    if (index.first([`${below}lib.rs`, `${below}main.rs`]) !== undefined) return above;
  }
  return folder;
}

/** Another crate of the workspace, or one outside. */
function crateNamed(index: FileIndex, parts: readonly string[]): Resolution {
  const name = parts[0] ?? '';
  const own = index
    .named(/^Cargo\.toml$/)
    .find(({ text }) => /^name\s*=\s*"([^"]+)"/m.exec(text)?.[1]?.replaceAll('-', '_') === name);
  if (!own) return { files: [], external: name };
  return { files: some(longest(index, join(own.folder, 'src') ?? 'src', parts.slice(1))) };
}

function java(index: FileIndex, { target }: RawImport): Resolution {
  if (target.endsWith('.*')) {
    return inFolders(index, target.slice(0, -2).replaceAll('.', '/'), target);
  }
  // The class may be inside of another, whose file it is.
  const parts = target.split('.');
  for (let length = parts.length; length > 1; length -= 1) {
    const path = parts.slice(0, length).join('/');
    const files = [...index.ending(`${path}.java`), ...index.ending(`${path}.kt`)];
    if (files.length > 0) return { files };
  }
  return { files: [], external: parts.slice(0, 2).join('.') };
}

function inFolders(index: FileIndex, folder: string, target: string): Resolution {
  const files = index
    .foldersEnding(folder)
    .flatMap((one) => index.in(one).filter((file) => languageOf(file) === 'java'));
  return files.length > 0 ? { files } : { files: [], external: target.split('.').slice(0, 2).join('.') };
}

function c(index: FileIndex, from: string, { target, kind }: RawImport): Resolution {
  const beside = join(folderOf(from), target);
  if (kind === 'import' && beside !== undefined && index.has(beside)) return { files: [beside] };
  // Include folders stand in build files of many kinds: a path that only one file ends with is that file.
  const ending = index.ending(target.replace(/^(?:\.\.?\/)+/, ''));
  if (ending.length === 1) return { files: ending };
  if (ending.length > 1) return NOWHERE;
  return kind === 'reference' ? { files: [], external: target.split('/')[0] ?? target } : NOWHERE;
}

function some(file: string | undefined): string[] {
  return file === undefined ? [] : [file];
}
