import { parseToken, type SealedPlace } from '../../core/sealing/token.js';
import type { Database } from '../database.js';
import type { Row, Value } from '../record.js';
import { TABLES, type TableName } from '../schema.js';
import { placeOf, placeOfTask, SEALED_FIELDS, SEALED_TABLES, sealedColumns } from './sealedRows.js';

/** How every text of a store is taken from the form that it has to another. */
export interface Rewriting {
  /** The text of a token. Throws where it cannot be read. */
  readonly open: (token: NonNullable<ReturnType<typeof parseToken>>) => string;
  /** Its new form: the token of another key. Undefined: as it is, readable. */
  readonly seal: ((text: string, place: SealedPlace) => string) | undefined;
}

/** How much was rewritten. */
export interface Rewritten {
  /** Tasks with texts. */
  readonly tasks: number;
  /** Notes, shared contexts, messages, remarks on references and on tracked time. */
  readonly notes: number;
  /** Recorded changes and deleted tasks. */
  readonly history: number;
}

const PAGE = 1000;

/** Rewrites all texts of a database in place: of tasks, of what hangs on them, of the history and of the trash. */
export function rewriteTexts(database: Database, rewriting: Rewriting): Rewritten {
  const rewriter = new Rewriter(rewriting);
  const counts = { tasks: 0, notes: 0, history: 0 };
  database.together(() => {
    const fields = ['id', ...SEALED_FIELDS, 'sealed'];
    for (const row of database.all(`SELECT ${fields.join(', ')} FROM tasks`))
      counts.tasks += write(database, 'tasks', row, rewriter.row('tasks', row));
    for (const table of SEALED_TABLES)
      for (const row of database.all(`SELECT * FROM ${table}`))
        counts.notes += write(database, table, row, rewriter.row(table, row));
    for (const row of database.all('SELECT task_id, rows FROM trash'))
      counts.history += write(database, 'trash', row, rewriter.row('trash', row));
    counts.history += rewriteAudit(database, rewriter);
  });
  // Pages that are free now still hold what was in them.
  database.exec('VACUUM');
  return counts;
}

function rewriteAudit(database: Database, rewriter: Rewriter): number {
  let count = 0;
  for (let last = 0; ; ) {
    const rows = database.all(
      'SELECT id, task_id, row_table, row_key, old_value, new_value FROM audit_log WHERE id > ? ORDER BY id LIMIT ?',
      [last, PAGE],
    );
    for (const row of rows) {
      const { before, after } = rewriter.recorded(row);
      if (before === row.old_value && after === row.new_value) continue;
      database.run('UPDATE audit_log SET old_value = ?, new_value = ? WHERE id = ?', [before, after, row.id as number]);
      count += 1;
    }
    last = Number(rows.at(-1)?.id ?? 0);
    if (rows.length < PAGE) return count;
  }
}

class Rewriter {
  readonly #rewriting: Rewriting;

  constructor(rewriting: Rewriting) {
    this.#rewriting = rewriting;
  }

  /** The columns of a row that have another form now; `key` are columns that tell where it belongs. */
  row(table: TableName, row: Row, key: Row = row): Row {
    if (table === 'tasks') return this.#task(row, key);
    if (table === 'trash') return this.#trash(row);
    const changed: Record<string, Value> = {};
    for (const column of sealedColumns(table, key)) {
      const value = row[column];
      if (typeof value === 'string') changed[column] = this.#text(value, placeOf(table, key, column));
    }
    return changed;
  }

  /** A recorded change: the two states of its columns, as JSON. */
  recorded(audit: Row): { before: Value; after: Value } {
    const { old_value = null, new_value = null, row_table: table } = audit;
    if (typeof table !== 'string' || !Object.hasOwn(TABLES, table)) return { before: old_value, after: new_value };
    const [before, after] = [old_value, new_value].map((value) =>
      typeof value === 'string' ? this.#recordedColumns(audit, JSON.parse(value) as Row) : undefined,
    );
    if (!before?.isNew && !after?.isNew) return { before: old_value, after: new_value };
    // Texts that were in one ciphertext with the one that was changed were not changed.
    const same = SEALED_FIELDS.filter((field) => before && after && before.columns[field] === after.columns[field]);
    const json = (state: typeof before) =>
      state
        ? JSON.stringify(state.columns, (key, value) => (same.some((field) => field === key) ? undefined : value))
        : null;
    return { before: json(before), after: json(after) };
  }

  #recordedColumns(audit: Row, columns: Row): { columns: Row; isNew: boolean } {
    const table = audit.row_table as TableName;
    const values = JSON.parse(String(audit.row_key)) as Value[];
    const keys = Object.fromEntries(TABLES[table].key.map((column, at) => [column, values[at] ?? null]));
    const changed = this.row(table, columns, { task_id: audit.task_id ?? null, ...columns, ...keys });
    // What a text was is not said twice, in `sealed` and by itself.
    const emptied = (column: string) => column in changed && changed[column] === null;
    const kept = Object.entries({ ...columns, ...changed }).filter(([column]) => !emptied(column));
    return { columns: Object.fromEntries(kept), isNew: Object.keys(changed).length > 0 };
  }

  #text(value: string, place: SealedPlace): string {
    const token = parseToken(value);
    const text = token ? this.#rewriting.open(token) : value;
    return this.#rewriting.seal?.(text, place) ?? text;
  }

  #task(row: Row, key: Row): Row {
    const token = typeof row.sealed === 'string' ? parseToken(row.sealed) : undefined;
    const plain = SEALED_FIELDS.filter((field) => typeof row[field] === 'string');
    if (!token && plain.length === 0) return {};
    const sealed = token ? (JSON.parse(this.#rewriting.open(token)) as Row) : {};
    // What another program wrote since stands beside the ciphertext, and is newer.
    const fields: Row = { ...sealed, ...Object.fromEntries(plain.map((field) => [field, row[field] ?? null])) };
    const { seal } = this.#rewriting;
    if (!seal) return { ...fields, sealed: null };
    const emptied = Object.fromEntries(plain.map((field) => [field, null]));
    return { ...emptied, sealed: seal(JSON.stringify(fields), placeOfTask(key.id, fields)) };
  }

  #trash(row: Row): Row {
    if (typeof row.rows !== 'string') return {};
    const trashed = JSON.parse(row.rows) as { task: Row; owned: readonly { table: TableName; row: Row }[] };
    const rows = {
      ...trashed,
      task: { ...trashed.task, ...this.row('tasks', trashed.task) },
      owned: trashed.owned.map(({ table, row }) => ({ table, row: { ...row, ...this.row(table, row) } })),
    };
    return { rows: JSON.stringify(rows) };
  }
}

/** Writes what is new of a row; how many that were. */
function write(database: Database, table: TableName, row: Row, changed: Row): number {
  const columns = Object.keys(changed).filter((column) => changed[column] !== row[column]);
  if (columns.length === 0) return 0;
  const key = TABLES[table].key;
  database.run(
    `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`,
    [...columns.map((column) => changed[column] ?? null), ...key.map((column) => row[column] ?? null)],
  );
  return 1;
}
