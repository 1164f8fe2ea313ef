import { StoreError } from '../../core/model/errors.js';
import { parseToken, type SealedPlace, type Token } from '../../core/sealing/token.js';
import type { Row, Value } from '../record.js';
import { TABLES, type TableName } from '../schema.js';
import { HIDDEN, type Vault } from './vault.js';

/** What people write at length about a task: encrypted together, in its column `sealed`. */
export const SEALED_FIELDS = [
  'description',
  'context',
  'impact_notes',
  'completion_summary',
  'feedback_notes',
] as const;

/** The other columns of people's words: each holds its own ciphertext. */
const SEALED_COLUMNS: Partial<Readonly<Record<TableName, readonly string[]>>> = {
  collaboration_events: ['content'],
  notifications: ['message'],
  time_entries: ['note'],
  file_refs: ['context'],
  task_analyses: ['result'],
  code_executions: ['code', 'output', 'error'],
};

/** Notifications that are put together from names and states only: they stay readable. */
const PLAIN_NOTICES: ReadonlySet<Value> = new Set(['unblocked', 'reblocked', 'claim_expired']);

export const SEALED_TABLES = Object.keys(SEALED_COLUMNS) as TableName[];

/** The columns of a row that hold texts to be encrypted. */
export function sealedColumns(table: TableName, row: Row): readonly string[] {
  if (table === 'notifications' && PLAIN_NOTICES.has(row.type ?? null)) return [];
  return SEALED_COLUMNS[table] ?? [];
}

/** The columns as they are written: texts as ciphertext. Throws PERMISSION_DENIED where a text is to be kept without the key. */
export function sealColumns(vault: Vault, table: TableName, columns: Row, current: Row | undefined): Row {
  if (table === 'tasks') return sealTask(vault, columns, current);
  const row = { ...current, ...columns };
  const sealed: Record<string, Value> = {};
  for (const column of sealedColumns(table, row)) {
    const [text, before] = [columns[column], current?.[column]];
    if (typeof text !== 'string') continue;
    const place = placeOf(table, row, column);
    sealed[column] = sealText(vault, text, place, typeof before === 'string' ? before : undefined);
  }
  return { ...columns, ...sealed };
}

/** A row as it is shown: with its texts, or what can be said of them without the key. */
export function openRow<T extends Row>(vault: Vault, row: T): T {
  const opened: Record<string, Value> = {};
  for (const [column, value] of Object.entries(row)) {
    const token = typeof value === 'string' ? parseToken(value) : undefined;
    if (!token) continue;
    if (column === 'sealed') {
      opened.sealed = null;
      for (const [field, text] of Object.entries(readFields(vault, token, row)))
        if (row[field] == null && field in row) opened[field] = text;
    } else opened[column] = shown(vault, token, row);
  }
  return Object.keys(opened).length > 0 ? { ...row, ...opened } : row;
}

/** What the trash keeps of a task, as JSON: with its texts. */
export function openTrashed(vault: Vault, rows: string): string {
  return mapTrashed(rows, (_, row) => openRow(vault, row));
}

/** The same with its texts as ciphertext. Throws PERMISSION_DENIED without the key. */
export function sealTrashed(vault: Vault, rows: string): string {
  return mapTrashed(rows, (table, row) => sealColumns(vault, table, row, undefined));
}

function mapTrashed(rows: string, change: (table: TableName, row: Row) => Row): string {
  const { task, owned, ...others } = JSON.parse(rows) as TrashedRows;
  const changed = owned.map(({ table, row }) => ({ table, row: change(table, row) }));
  return JSON.stringify({ task: change('tasks', task), owned: changed, ...others });
}

interface TrashedRows {
  readonly task: Row;
  readonly owned: readonly { readonly table: TableName; readonly row: Row }[];
}

/**
 * Some columns of a row as they were written, before they were encrypted: `sealed` as the fields in it. As they are where
 * they cannot be read.
 */
export function unsealColumns(vault: Vault, columns: Row): Row {
  if (vault.state !== 'open') return columns;
  const { sealed, ...others } = columns;
  const read = Object.entries(others).map(([column, value]): [string, Value] => {
    const token = typeof value === 'string' ? parseToken(value) : undefined;
    return [column, (token && vault.read(token)) ?? value];
  });
  const plain = Object.fromEntries(read);
  if (sealed === undefined) return plain;
  const token = typeof sealed === 'string' ? parseToken(sealed) : undefined;
  const fields = token ? vault.read(token) : '{}';
  return fields === undefined ? { ...plain, sealed } : { ...plain, ...(JSON.parse(fields) as Row) };
}

/** Two states of a row's changed columns, without what differs only in how it was encrypted. */
export function unsealChange(
  vault: Vault,
  before: Row | null,
  after: Row | null,
): { before: Row | null; after: Row | null } {
  const [old, now] = [before && unsealColumns(vault, before), after && unsealColumns(vault, after)];
  if (!old || !now) return { before: old, after: now };
  const columns = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (column) => (old[column] ?? null) !== (now[column] ?? null),
  );
  const pick = (row: Row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  return { before: pick(old), after: pick(now) };
}

export function placeOf(table: TableName, row: Row, field: string): SealedPlace {
  const task = String(row.task_id ?? '');
  return { row: `${task}/${TABLES[table].key.map((column) => row[column] ?? '').join('+')}`, field };
}

export function placeOfTask(id: Value | undefined, fields: Row): SealedPlace {
  return { row: String(id ?? ''), field: Object.keys(fields).sort().join('+') };
}

function sealTask(vault: Vault, columns: Row, current: Row | undefined): Row {
  const given = SEALED_FIELDS.filter((field) => columns[field] !== undefined);
  const start = columns.sealed === undefined ? current?.sealed : columns.sealed;
  const id = columns.id ?? current?.id;
  const token = typeof start === 'string' ? parseToken(start) : undefined;
  const texts = given.filter((field) => columns[field] !== null);
  const isMoved = token !== undefined && token.row !== id;
  // Nothing to encrypt, and nothing to take out of what is: no key is needed.
  const removes = token !== undefined && given.some((field) => token.field.split('+').includes(field));
  if (texts.length === 0 && !isMoved && (!removes || columns.sealed !== undefined)) return columns;
  vault.requireKey();
  const known = token ? readWhole(vault, token) : {};
  const merged: Record<string, Value> = { ...known };
  for (const field of given)
    if (columns[field] !== null || columns.sealed === undefined) merged[field] = columns[field] ?? null;
  const fields = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  const emptied = Object.fromEntries(given.map((field) => [field, null]));
  if (!isMoved && token && sameFields(known, fields)) return { ...columns, ...emptied, sealed: start ?? null };
  const sealed = Object.keys(fields).length === 0 ? null : vault.seal(JSON.stringify(fields), placeOfTask(id, fields));
  return { ...columns, ...emptied, sealed };
}

/** A token that is in its place already is kept, as is one that holds the same text. */
function sealText(vault: Vault, text: string, place: SealedPlace, before: string | undefined): string {
  const token = parseToken(text);
  if (token && token.row === place.row && token.field === place.field) {
    if (vault.state !== 'open' || vault.read(token) !== undefined) return text;
  }
  const plain = (token && vault.state === 'open' ? vault.read(token) : undefined) ?? text;
  vault.requireKey();
  const kept = before === undefined ? undefined : parseToken(before);
  if (kept && before !== undefined && kept.row === place.row && vault.read(kept) === plain) return before;
  return vault.seal(plain, place);
}

/** The fields of a token that is not damaged. Otherwise what is in it would be lost, so this throws. */
function readWhole(vault: Vault, token: Token): Row {
  const text = vault.read(token);
  if (text !== undefined) return JSON.parse(text) as Row;
  throw damaged(token);
}

function readFields(vault: Vault, token: Token, row: Row): Row {
  const text = row.id === undefined || row.id === token.row ? vault.read(token) : undefined;
  if (text !== undefined) return JSON.parse(text) as Row;
  return Object.fromEntries(token.field.split('+').map((field) => [field, hidden(vault)]));
}

function shown(vault: Vault, token: Token, row: Row): string {
  return (isAtHome(token, row) ? vault.read(token) : undefined) ?? hidden(vault);
}

function hidden(vault: Vault): string {
  const { state } = vault;
  return state === 'no key' || state === 'wrong key' ? HIDDEN[state] : HIDDEN.damaged;
}

/** False for a text that was put into another row, as far as the columns that were read tell. */
function isAtHome({ row: place }: Token, row: Row): boolean {
  const [task, key] = place.split('/');
  if (row.task_id !== undefined && String(row.task_id ?? '') !== task) return false;
  return key === undefined || typeof row.uid !== 'string' || row.uid === key;
}

function sameFields(a: Row, b: Row): boolean {
  const [one, two] = [Object.keys(a), Object.keys(b)];
  return one.length === two.length && one.every((field) => a[field] === b[field]);
}

/** Says so of a text that the right key does not open. */
export function damaged(token: Token): StoreError {
  const [task] = token.row.split('/');
  return new StoreError(
    'STORE_CORRUPT',
    `An encrypted text of ${task ? `task ${task}` : 'a message'} (${token.field}) is damaged: the key is right and does not open it. Nothing was changed; “tm encryption status” lists what is damaged.`,
    { row: token.row, field: token.field },
  );
}
