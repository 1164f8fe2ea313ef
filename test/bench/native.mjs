import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * What the native bindings for SQLite have in common, as far as it is used here.
 * @typedef {object} NativeDatabase
 * @property {(sql: string) => unknown} exec
 * @property {(sql: string) => { run(...values: unknown[]): unknown, get(...values: unknown[]): any, all(...values: unknown[]): any[] }} prepare
 * @property {() => void} close
 */

/** @type {{ name: string, open: (path: string) => NativeDatabase, problem: string }} */
const binding = await loadBetterSqlite().catch(async (error) => {
  const { DatabaseSync } = await import('node:sqlite');
  return {
    name: `node:sqlite of Node ${process.versions.node}`,
    open: (/** @type {string} */ path) => new DatabaseSync(path),
    problem: `better-sqlite3 does not load here (${String(error.message).split('\n')[0]}): compared with node:sqlite instead.`,
  };
});

/** The binding that stands beside ours: better-sqlite3, or Node's own where that does not load. */
export const nativeName = binding.name;
/** Why it is not better-sqlite3; empty if it is. */
export const nativeProblem = binding.problem;

/** Its package brings a binary for each usual platform; nothing is built. */
async function loadBetterSqlite() {
  const { default: Database } = await import('better-sqlite3');
  // The binary is loaded by the first database.
  new Database(':memory:').close();
  const manifest = createRequire(import.meta.url).resolve('better-sqlite3/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  return {
    name: `better-sqlite3 ${version}`,
    open: (/** @type {string} */ path) => /** @type {NativeDatabase} */ (new Database(path)),
    problem: '',
  };
}

/**
 * Opens a SQLite file as durably as our journal: a commit is on the disk when it returns.
 * @param {string} path
 */
export function openNative(path) {
  const database = binding.open(path);
  database.exec('PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  return database;
}

/**
 * The reads of the store that a plan is made with, over a native database.
 * @param {NativeDatabase} database
 */
export function nativeReader(database) {
  return {
    /** @param {readonly string[]} columns @param {string} from @param {readonly unknown[]} values */
    table: (columns, from, values = []) =>
      JSON.parse(
        database
          .prepare(`SELECT json_group_array(json_array(${columns.join(', ')})) AS rows FROM ${from}`)
          .get(...values).rows,
      ),
  };
}
