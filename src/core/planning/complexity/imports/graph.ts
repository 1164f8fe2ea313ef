import { type Language, languageOf, type RawImport } from './language.js';
import { folderOf, type Resolver, upward } from './resolver.js';

/** An import of one file. */
export interface ImportEdge {
  readonly from: string;
  /** A file of the workspace, or the name of a package. */
  readonly to: string;
  readonly external: boolean;
  readonly kind: 'import' | 'require' | 'reference';
  readonly line: number;
  readonly typeOnly: boolean;
}

/** Who imports whom in a workspace. */
export class ImportGraph {
  readonly #imports = new Map<string, readonly ImportEdge[]>();
  readonly #importers = new Map<string, Set<string>>();
  readonly #users = new Map<string, Set<string>>();
  /** Folders that are packages of their own. */
  readonly #packages: ReadonlySet<string>;
  /** Imports that lead nowhere that could be found. */
  unresolved = 0;

  constructor(packages: Iterable<string>) {
    this.#packages = new Set(packages);
  }

  add(from: string, raw: readonly RawImport[], resolvers: Readonly<Record<Language, Resolver>>): void {
    const language = languageOf(from);
    if (!language) return;
    const edges = new Map<string, ImportEdge>();
    for (const one of raw) {
      const { files, external } = resolvers[language](from, one);
      if (files.length === 0 && external === undefined) this.unresolved += 1;
      const { kind, line, typeOnly = false } = one;
      for (const to of files)
        if (to !== from && !edges.has(to)) edges.set(to, { from, to, external: false, kind, line, typeOnly });
      if (external !== undefined && !edges.has(`:${external}`))
        edges.set(`:${external}`, { from, to: external, external: true, kind, line, typeOnly });
    }
    this.#imports.set(from, [...edges.values()]);
    for (const { to, external } of edges.values()) {
      const into = external ? this.#users : this.#importers;
      const known = into.get(to);
      if (known) known.add(from);
      else into.set(to, new Set([from]));
    }
  }

  /** True for a file that was read. */
  knows(file: string): boolean {
    return this.#imports.has(file);
  }

  /** What a file imports, each once, in the order of its lines. */
  importsOf(file: string): readonly ImportEdge[] {
    return this.#imports.get(file) ?? [];
  }

  /** The files that import a file, by path. */
  importersOf(file: string): readonly string[] {
    return [...(this.#importers.get(file) ?? [])].sort();
  }

  /** The files that import a package. */
  usersOf(name: string): ReadonlySet<string> {
    return this.#users.get(name) ?? new Set();
  }

  /** Files outside of a set that import something in it. */
  fanIn(files: ReadonlySet<string>): ReadonlySet<string> {
    const found = new Set<string>();
    for (const file of files)
      for (const importer of this.#importers.get(file) ?? []) if (!files.has(importer)) found.add(importer);
    return found;
  }

  /** Pairs of files in different packages, one of them in the set, of which one imports the other. */
  crossPackage(files: ReadonlySet<string>): number {
    const pairs = new Set<string>();
    const note = (a: string, b: string) => {
      if (this.#packageOf(a) !== this.#packageOf(b)) pairs.add(a < b ? `${a}\n${b}` : `${b}\n${a}`);
    };
    for (const file of files) {
      for (const edge of this.importsOf(file)) if (!edge.external) note(file, edge.to);
      for (const importer of this.#importers.get(file) ?? []) note(file, importer);
    }
    return pairs.size;
  }

  /** The shortest way from a file through what it imports at run time back to it; undefined where there is none. */
  cycle(file: string): readonly string[] | undefined {
    const before = new Map<string, string>();
    let edge = [file];
    while (edge.length > 0) {
      const next: string[] = [];
      for (const from of edge) {
        for (const { to, external, typeOnly } of this.importsOf(from)) {
          if (external || typeOnly || before.has(to)) continue;
          before.set(to, from);
          if (to === file) return wayBack(before, file);
          next.push(to);
        }
      }
      edge = next;
    }
    return undefined;
  }

  #packageOf(file: string): string {
    for (const folder of upward(folderOf(file))) if (this.#packages.has(folder)) return folder;
    return '';
  }
}

function wayBack(before: ReadonlyMap<string, string>, file: string): string[] {
  const path = [file];
  for (let at = before.get(file); at !== undefined && at !== file; at = before.get(at)) path.unshift(at);
  return [file, ...path];
}
