import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { sibling } from '../files.js';
import { imageFingerprint } from '../image.js';
import { diskState } from '../loadState.js';
import { type LockState, lookAtLock } from '../lock.js';

/** A file as it was found. */
export interface FoundFile {
  readonly path: string;
  readonly name: string;
  /** Undefined where there is none. */
  readonly stat: Stats | undefined;
  /** Undefined where there is none, or where it could not be read. */
  readonly bytes: Buffer | undefined;
}

/** The files of a store, read without changing anything. */
export interface Survey {
  readonly folder: string;
  readonly image: FoundFile;
  readonly journal: FoundFile;
  /** Of the image; see `imageFingerprint` in image.ts. */
  readonly fingerprint: string;
  /** What lay on disk before anything was read; see `diskState`. */
  readonly state: string;
  readonly lockPath: string;
  readonly lock: LockState | undefined;
  /** Names of everything in the folder. */
  readonly names: readonly string[];
}

/** How often to read again while checkpoints come between the two files. */
const ATTEMPTS = 20;

/** Reads the store at `path`: an image, and the journal as it was while that image was there. */
export function survey(path: string): Survey {
  const lockPath = sibling(path, 'lock');
  for (let attempt = 1; ; attempt += 1) {
    const state = diskState(path);
    const found = {
      folder: dirname(path),
      fingerprint: quietly(() => imageFingerprint(path)) ?? '',
      image: find(path),
      journal: find(sibling(path, 'journal')),
      lockPath,
      lock: quietly(() => lookAtLock(lockPath)),
      names: quietly(() => readdirSync(dirname(path))) ?? [],
      state,
    };
    if (attempt === ATTEMPTS || found.fingerprint === (quietly(() => imageFingerprint(path)) ?? '')) return found;
  }
}

function find(path: string): FoundFile {
  return {
    path,
    name: basename(path),
    stat: quietly(() => statSync(path)),
    bytes: quietly(() => readFileSync(path)),
  };
}

/** What the system refuses to show is told of by the checks of the surroundings. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
