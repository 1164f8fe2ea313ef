import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import type { TaskId } from '../../core/model/taskId.js';
import { Readings } from '../../core/transfer/readings.js';
import type { Row } from '../../store/record.js';
import { LOSSLESS_TABLES, type LosslessTable, openTrash, tablePages } from '../../store/repositories/exportRows.js';
import { SCHEMA_VERSION, TABLES } from '../../store/schema.js';
import { openRow, sealTrashed } from '../../store/sealing/sealedRows.js';
import type { Transaction } from '../../store/transaction.js';
import type { Exporting, Piece } from './exporter.js';
import { isObject, parseJson, parseLines } from './formats/jsonText.js';
import { setMeta } from './importer.js';
import type { ImportReport } from './importInputs.js';
import { type SourceFile, textOf } from './importSource.js';

const FORMAT = 'task-orchestrator';
/** Columns that name tasks: a row goes with them. */
const TASKS = ['task_id', 'depends_on', 'target_id'];

/** Every row of every table that belongs to tasks, as one JSON object, a row a line. */
export function* exportLossless(exporting: Exporting): Generator<Piece> {
  const head = { format: FORMAT, version: SCHEMA_VERSION, exported_at: exporting.now };
  yield { text: `${JSON.stringify(head).slice(0, -1)}, "tables": {`, tasks: 0 };
  const tables = Object.keys(LOSSLESS_TABLES) as LosslessTable[];
  for (const table of tables) {
    yield { text: `${JSON.stringify(table)}: [`, tasks: 0 };
    let first = true;
    for (const page of chosenPages(exporting, table)) {
      const lines = page.map((row) => JSON.stringify(row)).join(',\n');
      yield { text: first ? lines : `,\n${lines}`, tasks: table === 'tasks' ? page.length : 0 };
      first = false;
    }
    yield { text: table === tables.at(-1) ? ']' : '],', tasks: 0 };
  }
  yield { text: '}}', tasks: 0 };
}

/** The same as JSON lines, `{"table": …, "row": …}` after a first line that says what it is. */
export function* exportLosslessLines(exporting: Exporting): Generator<Piece> {
  yield { text: JSON.stringify({ format: FORMAT, version: SCHEMA_VERSION, exported_at: exporting.now }), tasks: 0 };
  for (const table of Object.keys(LOSSLESS_TABLES) as LosslessTable[]) {
    for (const page of chosenPages(exporting, table)) {
      const text = page.map((row) => JSON.stringify({ table, row })).join('\n');
      yield { text, tasks: table === 'tasks' ? page.length : 0 };
    }
  }
}

function* chosenPages({ store, ids }: Exporting, table: LosslessTable): Generator<Row[]> {
  const wanted = ids && new Set(ids);
  // Of a part of the store there is no trash, and who is registered is not part of a task.
  if (wanted && (table === 'trash' || table === 'agents')) return;
  const notices = wanted && table === 'notification_reads' ? noticesOf(store, wanted) : undefined;
  for (const page of tablePages(store, table)) {
    const rows = page.filter((row) => {
      if (!wanted) return true;
      if (notices) return notices.has(String(row.notification_id));
      if (table === 'tasks') return wanted.has(String(row.id));
      return TASKS.every((column) => !(column in row) || (row[column] != null && wanted.has(String(row[column]))));
    });
    const whole = table === 'tasks' && wanted ? rows.map((row) => withoutStrangeParent(row, wanted)) : rows;
    if (whole.length > 0) yield whole;
  }
}

function noticesOf(store: Exporting['store'], tasks: ReadonlySet<TaskId>): ReadonlySet<string> {
  const rows = store.all('SELECT id, task_id FROM notifications WHERE task_id IS NOT NULL');
  return new Set(rows.filter((row) => tasks.has(String(row.task_id))).map((row) => String(row.id)));
}

function withoutStrangeParent(row: Row, tasks: ReadonlySet<TaskId>): Row {
  return row.parent_id != null && !tasks.has(String(row.parent_id)) ? { ...row, parent_id: null } : row;
}

/** The rows of a lossless export, by their tables. */
export type LosslessRows = ReadonlyMap<LosslessTable, readonly Row[]>;

/** Reads a lossless export in either form. Throws INVALID_INPUT listing the mistakes, SCHEMA_TOO_NEW. */
export function readLossless(file: SourceFile): LosslessRows {
  const text = textOf(file);
  const readings = new Readings();
  const firstLine = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n'));
  const rows = new Map<LosslessTable, Row[]>();
  const add = (where: string, table: unknown, row: unknown) => {
    if (typeof table !== 'string' || !Object.hasOwn(LOSSLESS_TABLES, table))
      readings.refuse(where, 'table', `“${String(table)}” is no table of an export.`);
    else if (!isObject(row) || !Object.values(row).every(isValue))
      readings.refuse(where, table, 'a row is an object of texts, numbers and nulls.');
    else if (!TABLES[table as LosslessTable].key.every((column) => row[column] != null))
      readings.refuse(where, table, `a row needs ${TABLES[table as LosslessTable].key.join(', ')}.`);
    else {
      const list = rows.get(table as LosslessTable);
      if (list) list.push(row as Row);
      else rows.set(table as LosslessTable, [row as Row]);
    }
  };
  if (isCompleteJson(firstLine)) {
    const [head, ...lines] = parseLines(text, readings);
    requireVersion(head?.value.version, file.path);
    for (const { line, value } of lines) add(`line ${line}`, value.table, value.row);
  } else {
    const whole = parseJson(text, file.path);
    if (!isObject(whole) || !isObject(whole.tables))
      throw new InvalidInputError('file', `${file.path} is no lossless export: it has no “tables”.`);
    requireVersion(whole.version, file.path);
    for (const [table, list] of Object.entries(whole.tables)) {
      if (Array.isArray(list)) for (const [at, row] of list.entries()) add(`${table} ${at + 1}`, table, row);
      else readings.refuse(table, table, 'is no list of rows.');
    }
  }
  refuseMistakes(readings, file.path);
  return rows;
}

/** Adds the rows that are not here. One that is here with other values stays, unless the file is preferred. */
export function importLossless(
  transaction: Transaction,
  rows: LosslessRows,
  prefer: 'here' | 'file',
): Pick<
  ImportReport,
  'read' | 'created' | 'updated' | 'unchanged' | 'deletedHere' | 'dependencies' | 'tasks' | 'conflicts'
> & {
  readonly rows: Record<string, number>;
  readonly notes: Readings['notes'];
} {
  const readings = new Readings();
  const added: Record<string, number> = {};
  const conflicts: { task: string; field: string }[] = [];
  const [changed, deleted] = [new Set<string>(), new Set<string>()];
  const columns = new Map<LosslessTable, ReadonlySet<string>>();
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const table of Object.keys(LOSSLESS_TABLES) as LosslessTable[]) {
    columns.set(
      table,
      new Set(
        transaction.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`).map((row) => row.name),
      ),
    );
    for (const given of rows.get(table) ?? []) {
      const row = knownColumns(given, columns.get(table) as ReadonlySet<string>, table);
      const key = TABLES[table].key.map((column) => row[column] ?? null);
      const stored = transaction.get(
        `SELECT * FROM ${table} WHERE ${TABLES[table].key.map((column) => `${column} = ?`).join(' AND ')}`,
        key,
      );
      const here = stored && readable(transaction, table, stored);
      if (!here && table !== 'trash' && table !== 'imported' && isDeleted(transaction, table, row)) {
        if (table === 'tasks') deleted.add(String(row.id));
        continue;
      }
      if (!here) {
        if (table === 'trash' && transaction.get('SELECT 1 FROM tasks WHERE id = ?', [row.task_id ?? null])) continue;
        transaction.insert(
          table,
          table === 'tasks' ? numbered(transaction, row, readings) : sealed(transaction, table, row),
        );
        added[table] = (added[table] ?? 0) + 1;
        if (table !== 'tasks') continue;
        counts.created += 1;
        changed.add(String(row.id));
        continue;
      }
      if (table === 'tasks' && here.created_at !== row.created_at)
        throw new OrchestratorError(
          'CONFLICT',
          `Task ${row.id} here is another one than in the file. Nothing was imported.`,
        );
      const differing = Object.keys(row).filter((column) => (row[column] ?? null) !== (here[column] ?? null));
      const fields = differing.filter(
        (column) => table !== 'tasks' || !['version', 'number', 'updated_at', 'updated_by'].includes(column),
      );
      if (table === 'tasks' && fields.length === 0) counts.unchanged += 1;
      if (fields.length === 0) continue;
      const task = String(row[TABLES[table].task ?? ''] ?? key.join('/'));
      for (const field of fields) conflicts.push({ task, field: table === 'tasks' ? field : `${table}.${field}` });
      if (prefer === 'file')
        transaction.update(
          table,
          key,
          sealed(transaction, table, Object.fromEntries(fields.map((field) => [field, row[field] ?? null]))),
        );
      if (table === 'tasks') counts[prefer === 'file' ? 'updated' : 'unchanged'] += 1;
      if (table === 'tasks' && prefer === 'file') changed.add(task);
    }
  }
  const last = transaction.get<{ n: number | null }>('SELECT max(number) AS n FROM tasks')?.n;
  if (counts.created > 0 && last) setMeta(transaction, 'last_number', String(last));
  return {
    read: rows.get('tasks')?.length ?? 0,
    ...counts,
    deletedHere: deleted.size,
    dependencies: added.dependencies ?? 0,
    tasks: [...changed],
    conflicts,
    rows: added,
    notes: readings.notes,
  };
}

/** A row of this store as a file has it: with its texts. */
function readable({ vault }: Transaction, table: LosslessTable, row: Row): Row {
  if (!vault.isOn) return row;
  return table === 'trash' ? openTrash({ vault }, row) : openRow(vault, row);
}

/** What the transaction does not encrypt by itself: the texts of deleted tasks. */
function sealed({ vault }: Transaction, table: LosslessTable, row: Row): Row {
  if (!vault.isOn || table !== 'trash' || typeof row.rows !== 'string') return row;
  return { ...row, rows: sealTrashed(vault, row.rows) };
}

/** True for a row of a task that was deleted here, or that is nowhere. */
function isDeleted(transaction: Transaction, table: LosslessTable, row: Row): boolean {
  if (table === 'tasks')
    return transaction.get('SELECT 1 FROM trash WHERE task_id = ?', [row.id ?? null]) !== undefined;
  const named = TASKS.filter((column) => row[column] != null).map((column) => row[column] ?? null);
  return named.some((id) => !transaction.get('SELECT 1 FROM tasks WHERE id = ?', [id]));
}

function numbered(transaction: Transaction, row: Row, readings: Readings): Row {
  const taken = transaction.get(
    'SELECT 1 FROM tasks WHERE number = ?1 UNION ALL SELECT 1 FROM trash WHERE number = ?1',
    [row.number ?? null],
  );
  if (!taken && row.number != null) return row;
  const number = transaction.get<{ n: number }>(
    'SELECT 1 + max(coalesce((SELECT max(number) FROM tasks), 0), coalesce((SELECT max(number) FROM trash), 0)) AS n',
  )?.n;
  readings.note('number', 'taken by another task here: a new number', String(row.id));
  return { ...row, number: number ?? 1 };
}

function knownColumns(row: Row, columns: ReadonlySet<string>, table: string): Row {
  const strange = Object.keys(row).find((column) => !columns.has(column));
  if (strange === undefined) return row;
  throw new InvalidInputError(
    'file',
    `${table} has no column “${strange}”: the file is of another version. Nothing was imported.`,
  );
}

function requireVersion(version: unknown, path: string): void {
  if (typeof version === 'number' && version <= SCHEMA_VERSION) return;
  throw new OrchestratorError(
    'SCHEMA_TOO_NEW',
    `${path} was exported by a newer version (schema ${String(version)}, this one knows ${SCHEMA_VERSION}). Nothing was imported; update first.`,
  );
}

const SHOWN = 50;

/** Throws INVALID_INPUT listing every mistake that was found. */
export function refuseMistakes({ errors }: Readings, path: string): void {
  if (errors.length === 0) return;
  const lines = errors.slice(0, SHOWN).map(({ where, field, message }) => `  ${where}: ${field}: ${message}`);
  if (errors.length > SHOWN) lines.push(`  … and ${errors.length - SHOWN} more`);
  const count = errors.length === 1 ? 'one mistake' : `${errors.length} mistakes`;
  throw new InvalidInputError('file', `${path} has ${count}; nothing was imported.\n${lines.join('\n')}`, { errors });
}

function isValue(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function isCompleteJson(line: string): boolean {
  try {
    return isObject(JSON.parse(line)) && !line.includes('"tables"');
  } catch {
    return false;
  }
}
