import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Trust } from '../../app/ports.js';
import { OrchestratorError } from '../../core/model/errors.js';

/** Path in the store's folder to SHA-256 of the content. */
type Hashes = Readonly<Record<string, string>>;

interface Decision {
  readonly allowed: boolean;
  readonly at: string;
  readonly files: Hashes;
}

interface Decisions {
  readonly version: 1;
  /** By the real path of the store's folder. */
  readonly stores: Readonly<Record<string, Decision>>;
}

/** More than this is no folder of hooks (files). */
const MOST_FILES = 1000;

/** What this person decided about the programs in stores' folders: kept outside of any project. */
export class TrustRecord {
  readonly #folder: string;
  readonly #subfolders: readonly string[];
  readonly #file: string;

  /** `subfolders` of a store's folder are looked at, and everything in them. */
  constructor(folder: string, subfolders: readonly string[], file = personalFile(process.env, 'trust.json')) {
    this.#folder = folder;
    this.#subfolders = subfolders;
    this.#file = file;
  }

  /** Any difference to what was decided about counts: a program may read the files beside it. */
  trust(): Trust {
    const decision = this.#read()?.stores[this.#key()];
    const now = this.#hashes();
    const changed = [...new Set([...Object.keys(now), ...Object.keys(decision?.files ?? {})])]
      .filter((path) => now[path] !== decision?.files[path])
      .sort();
    if (!decision || changed.length > 0) return { state: 'unknown', changed };
    return { state: decision.allowed ? 'trusted' : 'declined', changed };
  }

  /** Throws STORE_CORRUPT rather than overwriting a record that it cannot read. */
  decide(allowed: boolean): readonly string[] {
    const files = this.#hashes();
    const record = this.#read('strict') ?? { version: 1, stores: {} };
    const decision: Decision = { allowed, at: new Date().toISOString(), files };
    this.#write({ ...record, stores: { ...record.stores, [this.#key()]: decision } });
    return Object.keys(files);
  }

  #key(): string {
    return realpathSync(this.#folder);
  }

  #hashes(): Hashes {
    const files: Record<string, string> = {};
    for (const subfolder of this.#subfolders) this.#hash(subfolder, files);
    return files;
  }

  #hash(path: string, files: Record<string, string>): void {
    for (const name of namesIn(join(this.#folder, path))) {
      const inner = `${path}/${name}`;
      const file = join(this.#folder, inner);
      const stat = statSync(file, { throwIfNoEntry: false });
      if (Object.keys(files).length >= MOST_FILES)
        throw new OrchestratorError(
          'EXECUTION_DISABLED',
          `There are more than ${MOST_FILES} files in ${this.#subfolders.join(' and ')}. Move what is not a hook or plugin elsewhere.`,
        );
      // What such a link leads to is not looked at: it is never trusted.
      if (stat?.isDirectory() && lstatSync(file).isSymbolicLink()) files[inner] = `link to a folder ${Math.random()}`;
      else if (stat?.isDirectory()) this.#hash(inner, files);
      else if (stat?.isFile()) files[inner] = hashOf(file);
      else files[inner] = 'not a file';
    }
  }

  #read(strict?: 'strict'): Decisions | undefined {
    try {
      const record = JSON.parse(readFileSync(this.#file, 'utf8')) as Decisions;
      if (typeof record.stores === 'object' && record.stores !== null) return record;
      throw new Error('it has no “stores”');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || !strict) return undefined;
      throw new OrchestratorError(
        'STORE_CORRUPT',
        `${this.#file} cannot be read (${(error as Error).message}). Mend or remove it; what was trusted is in it.`,
      );
    }
  }

  #write(record: Decisions): void {
    const temporary = `${this.#file}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      try {
        writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
        renameSync(temporary, this.#file);
      } finally {
        rmSync(temporary, { force: true });
      }
    } catch (error) {
      throw new OrchestratorError('PERMISSION_DENIED', `${this.#file}: ${(error as Error).message}`);
    }
  }
}

/** A file in the person's configuration folder, by the conventions of the system. */
export function personalFile(env: NodeJS.ProcessEnv, name: string): string {
  const windows = process.platform === 'win32' && env.APPDATA;
  const config = env.XDG_CONFIG_HOME || windows || join(homedir(), '.config');
  return join(config, 'task-orchestrator', name);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The hash of a file's content; of one that cannot be read none that was ever trusted. */
function hashOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    return `unreadable: ${(error as NodeJS.ErrnoException).code} ${Math.random()}`;
  }
}
