import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import initSqlJs from 'sql.js';

const execute = promisify(execFile);
let installed: boolean | undefined;

/** True where the `sqlite3` program is installed. */
export function hasSqlite(): boolean {
  try {
    installed ??= execFileSync('sqlite3', ['--version']).length > 0;
  } catch {
    installed = false;
  }
  return installed;
}

/**
 * Runs SQL on a file as another SQLite client: the `sqlite3` program, which waits for others of its kind, or where it is
 * not installed sql.js and a write of the whole file. Resolves with what it prints.
 */
export async function runSqlite(path: string, sql: string): Promise<string> {
  if (hasSqlite()) {
    const { stdout } = await execute('sqlite3', ['-bail', '-cmd', '.timeout 5000', path, sql]);
    return stdout.trim();
  }
  const { Database } = await initSqlJs();
  const database = new Database(readFileSync(path));
  const rows = database.exec(sql).flatMap(({ values }) => values.map((row) => row.join('|')));
  writeFileSync(path, database.export());
  database.close();
  return rows.join('\n');
}
