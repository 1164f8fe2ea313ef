import type { Language, RawImport } from './language.js';
import { commonResolver } from './resolveCommon.js';
import { javascriptResolver } from './resolveJavascript.js';

/** Where an import leads: to files of the workspace, or to a package outside; to neither where nobody can tell. */
export interface Resolution {
  readonly files: readonly string[];
  readonly external?: string;
}

export type Resolver = (from: string, raw: RawImport) => Resolution;

export const NOWHERE: Resolution = { files: [] };

/** The files of a workspace as imports see them. */
export class FileIndex {
  readonly #files: ReadonlySet<string>;
  readonly #byName = new Map<string, string[]>();
  readonly #byFolder = new Map<string, string[]>();
  /** Texts of what says how imports are meant: `package.json`, `tsconfig.json`, `go.mod`, `Cargo.toml`. */
  readonly manifests: ReadonlyMap<string, string>;

  constructor(files: readonly string[], manifests: ReadonlyMap<string, string>) {
    this.#files = new Set(files);
    this.manifests = manifests;
    for (const file of files) {
      put(this.#byName, nameOf(file), file);
      put(this.#byFolder, folderOf(file), file);
    }
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** The first of these that is there. */
  first(candidates: Iterable<string>): string | undefined {
    for (const candidate of candidates) if (this.#files.has(candidate)) return candidate;
    return undefined;
  }

  in(folder: string): readonly string[] {
    return this.#byFolder.get(folder) ?? [];
  }

  /** Files whose path is this one, or ends with it. */
  ending(path: string): readonly string[] {
    return (this.#byName.get(nameOf(path)) ?? []).filter((file) => file === path || file.endsWith(`/${path}`));
  }

  /** Folders whose path is this one, or ends with it. */
  foldersEnding(path: string): readonly string[] {
    return [...this.#byFolder.keys()].filter((folder) => folder === path || folder.endsWith(`/${path}`));
  }

  /** Manifests of a name, with their folders. */
  named(name: RegExp): { readonly folder: string; readonly path: string; readonly text: string }[] {
    return [...this.manifests]
      .filter(([path]) => name.test(nameOf(path)))
      .map(([path, text]) => ({ folder: folderOf(path), path, text }));
  }
}

/** Files that have to be read for a `FileIndex`. */
export function isManifest(path: string): boolean {
  return /^(?:package\.json|[jt]sconfig(?:\.[\w-]+)?\.json|go\.mod|Cargo\.toml)$/.test(nameOf(path));
}

/** How imports of each language are resolved in a workspace. */
export function resolversFor(index: FileIndex): Readonly<Record<Language, Resolver>> {
  return { javascript: javascriptResolver(index), ...commonResolver(index) };
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path; empty for the root. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** A path below a folder, without `.` and `..`; undefined where it leaves the root. */
export function join(folder: string, path: string): string | undefined {
  const segments: string[] = [];
  for (const segment of `${folder}/${path}`.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** A folder and those above it, the innermost first; the root is empty. */
export function* upward(folder: string): Generator<string> {
  for (let at = folder; at !== ''; at = folderOf(at)) yield at;
  yield '';
}

function put(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
