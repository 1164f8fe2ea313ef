import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TransactionRecord } from '../../src/store/record.js';
import { Store, type StoreOptions } from '../../src/store/store.js';
import { idFor } from '../store/addTask.js';
import { testEngine } from './engine.js';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'task-orchestrator-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Where a store lives in a folder. */
export function storePath(folder = temporaryFolder()): string {
  return join(folder, '.task-orchestrator', 'tasks.db');
}

export const journalOf = (path: string) => join(dirname(path), 'tasks.journal');
export const lockOf = (path: string) => join(dirname(path), 'tasks.lock');

/** How to open a store whose clock ticks one second a question, from the same moment each time. */
export function storeOptions(path: string): StoreOptions {
  let time = Date.UTC(2026, 0, 1);
  const now = () => {
    time += 1000;
    return new Date(time).toISOString();
  };
  return { path, engine: () => testEngine(), program: 'test', now };
}

/** Opens a store; closed after the test. */
export async function openStore(path: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await Store.open({ ...storeOptions(path), ...options });
  onTestFinished(() => {
    try {
      store.close();
    } catch {
      // Closed in the test already.
    }
  });
  return store;
}

export function rename(store: Store, number: number, title: string): Promise<void> {
  return store.commit('tester', 'task.update', (transaction) =>
    transaction.update('tasks', [idFor(number)], { title, updated_at: transaction.at }),
  );
}

export function titles(store: Store): string[] {
  return store.all<{ title: string }>('SELECT title FROM tasks ORDER BY number').map((row) => row.title);
}

/** Every row of every table, but for the notes of how far the image goes. */
export function contents(store: Store): Record<string, unknown[]> {
  const tables = store.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  return Object.fromEntries(
    tables.map(({ name }) => {
      const where = name === 'meta' ? " WHERE key NOT IN ('last_seq', 'last_chain')" : '';
      return [name, store.all(`SELECT * FROM ${name}${where} ORDER BY 1, 2`)];
    }),
  );
}

/** Collects what a store tells of: the sequence numbers of records, or `reloaded`. */
export function listen(store: Store): (number | 'reloaded')[] {
  const heard: (number | 'reloaded')[] = [];
  store.onDidChange((change) => {
    if (change.kind === 'reloaded') heard.push('reloaded');
    else heard.push(...change.records.map((record: TransactionRecord) => record.seq));
  });
  return heard;
}

/** Copies image and journal to a new folder, as they lie there now. */
export function copyStore(path: string): string {
  const copy = storePath();
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(path, copy);
  copyFileSync(journalOf(path), journalOf(copy));
  return copy;
}
