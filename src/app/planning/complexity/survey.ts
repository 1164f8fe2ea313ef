import { ImportGraph } from '../../../core/planning/complexity/imports/graph.js';
import { languageOf } from '../../../core/planning/complexity/imports/language.js';
import {
  FileIndex,
  folderOf,
  isManifest,
  nameOf,
  resolversFor,
} from '../../../core/planning/complexity/imports/resolver.js';
import { importsOf } from '../../../core/planning/complexity/imports/scanners.js';
import { testsByName } from '../../../core/planning/complexity/testFiles.js';
import type { Commit, Surroundings, SurveyedFile } from './surroundings.js';

/** What bounds a look at a workspace, so that the largest takes seconds and not minutes. */
export const LIMITS = {
  /** Files that are listed. */
  files: 20_000,
  /** The newest commits. */
  commits: 2_000,
  /** A larger file is not read (bytes). */
  fileBytes: 1024 * 1024,
  /** All that is read for the imports together (bytes). */
  allBytes: 256 * 1024 * 1024,
} as const;

/** So many files are read at a time: between them others have their turn. */
const AT_ONCE = 16;
/** What makes a folder a package of its own. */
const PACKAGE = /^(?:package\.json|go\.mod|Cargo\.toml|pyproject\.toml|setup\.py|pom\.xml|build\.gradle(?:\.kts)?)$/;

/** How far an analysis is. */
export interface ComplexityProgress {
  readonly stage: 'listing' | 'history' | 'reading';
  readonly done: number;
  readonly total?: number;
}

export interface Watch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ComplexityProgress) => void;
}

/** A workspace as it was looked at once, for as many tasks as are analysed then. */
export class Survey {
  readonly #surroundings: Surroundings;
  readonly folder: string;
  #files: Promise<FileList> | undefined;
  #history: Promise<CommitHistory> | undefined;
  #graph: Promise<Imports> | undefined;

  constructor(surroundings: Surroundings, folder: string) {
    this.#surroundings = surroundings;
    this.folder = folder;
  }

  files(watch: Watch): Promise<FileList> {
    this.#files ??= this.#list(watch);
    return this.#files;
  }

  history(watch: Watch): Promise<CommitHistory> {
    this.#history ??= this.#commits(watch);
    return this.#history;
  }

  /** The imports of every source file. */
  imports(watch: Watch): Promise<Imports> {
    this.#graph ??= this.#scan(watch);
    return this.#graph;
  }

  read(path: string): Promise<string | undefined> {
    return this.#surroundings.workspace.read(path, LIMITS.fileBytes);
  }

  async #list({ signal, onProgress }: Watch): Promise<FileList> {
    onProgress?.({ stage: 'listing', done: 0 });
    const { files, cut, ignored } = await this.#surroundings.workspace.list(this.folder, LIMITS.files, signal);
    const paths = files.map(({ path }) => path);
    return {
      files,
      ignored,
      index: new FileIndex(paths, new Map()),
      testsOf: testsByName(paths),
      notes: cut ? [`Only the first ${LIMITS.files.toLocaleString('en')} files of the workspace were looked at.`] : [],
    };
  }

  async #commits({ signal, onProgress }: Watch): Promise<CommitHistory> {
    const { versions } = this.#surroundings;
    if (!versions) return { commits: [], none: 'git was not asked', notes: [] };
    onProgress?.({ stage: 'history', done: 0 });
    const found = await versions.commits(LIMITS.commits, signal, (done) =>
      onProgress?.({ stage: 'history', done, total: LIMITS.commits }),
    );
    if (typeof found === 'string') return { commits: [], none: found, notes: [`No hotspots: ${found}.`] };
    const notes = found.cut
      ? [`Only the newest ${LIMITS.commits.toLocaleString('en')} commits were looked at; there are more.`]
      : [];
    return { commits: found.commits, notes };
  }

  async #scan(watch: Watch): Promise<Imports> {
    const { signal, onProgress } = watch;
    const { files } = await this.files(watch);
    const manifests = new Map<string, string>();
    for (const { path } of files.filter((file) => isManifest(file.path))) {
      signal?.throwIfAborted();
      const text = await this.read(path);
      if (text !== undefined) manifests.set(path, text);
    }
    const resolvers = resolversFor(
      new FileIndex(
        files.map(({ path }) => path),
        manifests,
      ),
    );
    const packages = files.filter(({ path }) => PACKAGE.test(nameOf(path))).map(({ path }) => folderOf(path));
    const graph = new ImportGraph(packages);
    const { chosen, notes } = chooseSources(files);
    let scanned = 0;
    for (let at = 0; at < chosen.length; at += AT_ONCE) {
      signal?.throwIfAborted();
      onProgress?.({ stage: 'reading', done: at, total: chosen.length });
      const batch = chosen.slice(at, at + AT_ONCE);
      const texts = await Promise.all(batch.map(({ path }) => this.read(path)));
      for (const [index, { path }] of batch.entries()) {
        const text = texts[index];
        const language = languageOf(path);
        if (text === undefined || !language) continue;
        graph.add(path, importsOf(text, path, language), resolvers);
        scanned += 1;
      }
    }
    return { graph, scanned, notes };
  }
}

function chooseSources(files: readonly SurveyedFile[]): { chosen: SurveyedFile[]; notes: string[] } {
  const sources = files.filter(({ path }) => languageOf(path) !== undefined);
  const small = sources.filter(({ bytes }) => bytes <= LIMITS.fileBytes);
  let sum = 0;
  const chosen = small.filter(({ bytes }) => {
    sum += bytes;
    return sum <= LIMITS.allBytes;
  });
  const notes: string[] = [];
  const large = sources.length - small.length;
  if (large > 0)
    notes.push(
      `Imports of ${large === 1 ? 'a source file' : `${large} source files`} of more than 1 MB were not read.`,
    );
  if (chosen.length < small.length)
    notes.push(
      `Imports of ${small.length - chosen.length} source files were not read: there is more than 256 MB of source.`,
    );
  return { chosen, notes };
}

interface FileList {
  readonly files: readonly SurveyedFile[];
  readonly ignored: 'git' | 'names';
  readonly index: FileIndex;
  readonly testsOf: (path: string) => readonly string[];
  readonly notes: readonly string[];
}

interface CommitHistory {
  readonly commits: readonly Commit[];
  /** Why there are none. */
  readonly none?: string;
  readonly notes: readonly string[];
}

interface Imports {
  readonly graph: ImportGraph;
  /** Files that were read. */
  readonly scanned: number;
  readonly notes: readonly string[];
}
