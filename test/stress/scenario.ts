import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Store, type StoreOptions } from '../../src/store/store.js';
import { testEngine } from '../support/engine.js';
import { type HistoryEntry, Violation } from './checkHistory.js';
import { duration } from './processes.js';
import type { SeededRandom } from './seededRandom.js';
import { hasSqlite } from './sqlite.js';

/** What a scenario works with. */
export interface Rig {
  /** Where it may make folders; removed by the caller. */
  readonly folder: string;
  /** The bundled `worker.ts`. */
  readonly worker: string;
  /** The built `tm`. */
  readonly tm: string;
  readonly wasmPath: string;
  /** Stores of older schemas. */
  readonly fixtures: string;
  readonly random: SeededRandom;
  readonly say: (progress: string) => void;
}

/** What a scenario did without finding a violation. */
export interface Summary {
  rounds: number;
  operations: number;
  kills: number;
  /** The longest that one operation took, ms; waiting for other processes is most of it. */
  longestWait: number;
  /** What could not be done on this machine, and other words for the person. */
  readonly notes: string[];
}

export function emptySummary(): Summary {
  return { rounds: 0, operations: 0, kills: 0, longestWait: 0, notes: [] };
}

/** Nobody may be refused sooner, ms (guarantee G3). */
const PATIENCE = 5_000;

/** Counts operations, and holds each to the time that nobody may be refused within. */
export function count(summary: Summary, entries: readonly HistoryEntry[]): void {
  summary.operations += entries.length;
  for (const entry of entries) {
    const took = duration(entry);
    summary.longestWait = Math.max(summary.longestWait, took);
    const { outcome } = entry;
    if (outcome.kind === 'refused' && outcome.code === 'STORE_LOCKED' && took < PATIENCE)
      throw new Violation(`${entry.actor} was refused after ${Math.round(took)} ms: ${outcome.message}`);
  }
}

/** The path of a new store in a folder of its own; nothing is there yet. */
export function newStorePath(rig: Rig): string {
  const path = join(mkdtempSync(join(rig.folder, 'store-')), '.task-orchestrator', 'tasks.db');
  mkdirSync(dirname(path));
  return path;
}

export function storeOptions(rig: Rig, path: string): StoreOptions {
  const now = () => new Date().toISOString();
  return { path, engine: () => testEngine(rig.wasmPath), program: 'the test', now };
}

/** Runs `work` with the store open. */
export async function withStore<T>(rig: Rig, path: string, work: (store: Store) => T | Promise<T>): Promise<T> {
  const store = await Store.open(storeOptions(rig, path));
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

export const journalOf = (path: string) => path.replace(/db$/, 'journal');

/** Throws unless SQLite's own program finds the file whole, or this process does where there is no such program (G7). */
export function requireIntegrity(path: string, store: Store): void {
  const check = hasSqlite()
    ? execFileSync('sqlite3', [path, 'PRAGMA integrity_check'], { encoding: 'utf8' }).trim()
    : store.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check;
  if (check !== 'ok') throw new Violation(`integrity_check of ${path} says ${check}`);
}

/** Throws a `Violation` with those words unless it holds. */
export function demand(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Violation(what());
}
