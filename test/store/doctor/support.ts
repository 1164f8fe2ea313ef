import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { diagnose } from '../../../src/store/doctor/diagnose.js';
import type { Finding } from '../../../src/store/doctor/finding.js';
import { type Repair, repair } from '../../../src/store/doctor/repair.js';
import type { Store, StoreOptions } from '../../../src/store/store.js';
import { testEngine } from '../../support/engine.js';
import { journalOf, openStore } from '../../support/stores.js';

/** How the doctor is called here; its clock is the real one. */
export function doctorOptions(path: string, options: Partial<StoreOptions> = {}): StoreOptions {
  return {
    path,
    engine: () => testEngine(),
    program: 'test',
    now: () => new Date().toISOString(),
    lockTimeout: 300,
    ...options,
  };
}

export async function findingsOf(path: string): Promise<readonly Finding[]> {
  return (await diagnose(doctorOptions(path))).findings;
}

export const codesOf = (findings: readonly Finding[]) => findings.map((finding) => finding.code);

/** Everything that findings say. */
export const wordsOf = (findings: readonly Finding[]) =>
  findings.map(({ what, fix, advice }) => [what, fix, advice].join(' ')).join('\n');

/** Every file of a folder with its bytes and times: what a diagnosis must not change. */
export function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    ['.', ...entries].map((name) => {
      const path = join(folder, name);
      const stat = statSync(path);
      const bytes = stat.isFile() ? readFileSync(path).toString('base64') : '';
      return [name, `${stat.ino} ${stat.mode} ${stat.mtimeMs} ${bytes}`];
    }),
  );
}

/** Repairs a store, and asserts that the backup has the bytes of before. */
export async function repairChecked(path: string, options: Partial<StoreOptions> = {}): Promise<Repair> {
  const before = [path, journalOf(path)].map((file) => ({
    file,
    existed: existsSync(file),
    bytes: quietlyRead(file),
  }));
  const done = await repair(doctorOptions(path, options));
  if (done.backup) {
    expect(dirname(done.backup)).toBe(join(dirname(path), 'backups'));
    for (const { file, existed, bytes } of before) {
      const copy = quietlyRead(file.replace(dirname(path), done.backup));
      // A file that nobody may read has its copy all the same.
      if (existed && !bytes) expect(copy).toBeDefined();
      else expect(copy).toEqual(bytes);
    }
  }
  return done;
}

/** Opens a repaired store and asserts that it can be written and that SQLite finds nothing wrong with it. */
export async function openRepaired(path: string): Promise<Store> {
  const store = await openStore(path, { now: () => '2027-01-01T00:00:00.000Z' });
  expect(store.problem).toBeUndefined();
  const last = store.head;
  await store.commit('tester', 'meta.set', (transaction) => transaction.insert('meta', { key: 'after', value: 'x' }));
  expect(store.head).toBe(last + 1);
  await store.commit('tester', 'meta.remove', (transaction) => transaction.delete('meta', ['after']));
  await store.checkpoint();
  expect(await findingsOf(path)).toEqual([]);
  expect(integrityOf(path)).toBe('ok');
  return store;
}

/** What SQLite itself says; where there is no sqlite3 here, what sql.js said when the store was opened has to do. */
function integrityOf(path: string): string {
  try {
    return execFileSync('sqlite3', [path, 'PRAGMA integrity_check; PRAGMA foreign_key_check'], {
      encoding: 'utf8',
    }).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'ok';
    throw error;
  }
}

function quietlyRead(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Keeps an image as a backup, as `tm backup` and migrations do. */
export function keepBackup(path: string, name = 'kept.db'): void {
  const folder = join(dirname(path), 'backups');
  mkdirSync(folder, { recursive: true });
  copyFileSync(path, join(folder, name));
}
