import type { Database } from '../database.js';
import type { Row, Value } from '../record.js';

/** Rows read at once; where that fails, one by one. */
const BATCH = 64;

/** Copies every row that can be read in a damaged database, but for some tables, into one of the same tables; how many that were. */
export function copyReadableRows(damaged: Database, target: Database, without: readonly string[] = []): number {
  let copied = 0;
  for (const { name } of target.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )) {
    if (without.includes(name)) continue;
    for (const row of readableRows(damaged, name)) if (insert(target, name, row)) copied += 1;
  }
  return copied;
}

/** From both ends towards what cannot be read; a row that both meet comes twice. */
function* readableRows(database: Database, table: string): Generator<Row> {
  for (const order of ['ASC', 'DESC']) {
    let broken = false;
    for (let offset = 0, size = BATCH; size > 0; ) {
      const rows = quietly(() =>
        database.all(`SELECT * FROM ${table}${ordered(database, table, order)} LIMIT ${size} OFFSET ${offset}`),
      );
      if (!rows) {
        broken = true;
        size = size === 1 ? 0 : 1;
        continue;
      }
      yield* rows;
      offset += rows.length;
      if (rows.length < size) size = 0;
    }
    if (!broken) return;
  }
}

function ordered(database: Database, table: string, order: string): string {
  return quietly(() => database.all(`SELECT rowid FROM ${table} LIMIT 0`)) ? ` ORDER BY rowid ${order}` : '';
}

function insert(database: Database, table: string, row: Row): boolean {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  const values = columns.map((column): Value => row[column] ?? null);
  return (
    quietly(() => {
      database.run(`INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, values);
      return true;
    }) ?? false
  );
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
