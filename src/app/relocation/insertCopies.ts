import type { TaskId } from '../../core/model/taskId.js';
import { checksumOf } from '../../store/checksum.js';
import type { Row, Value } from '../../store/record.js';
import { reaches } from '../../store/repositories/taskRows.js';
import { TABLES, type TableName } from '../../store/schema.js';
import type { Transaction } from '../../store/transaction.js';
import { NO_CLAIM } from '../claims/lease.js';
import type { Ids } from '../ports.js';
import { newId, takeNumber } from '../tasks/newTask.js';
import type { OwnRows } from './ownRows.js';

/** Where a task is in the store that it was brought to. */
export interface Copy {
  readonly from: TaskId;
  readonly to: TaskId;
  /** The same copy was there from before. */
  readonly already: boolean;
}

/**
 * Inserts copies of tasks that another store holds; `origin` names it. An id is kept where it is free. What was copied
 * before and has not changed since is not copied again.
 */
export function insertCopies(transaction: Transaction, ids: Ids, rows: readonly OwnRows[], origin: string): Copy[] {
  const source = `store:${origin}`;
  const copies = rows.map((own) => place(transaction, ids, own, source));
  const targetOf = new Map(copies.map((copy) => [copy.from, copy]));
  const pairs = rows.flatMap((own, index) => (copies[index] ? [{ own, copy: copies[index] }] : []));
  for (const { own, copy } of pairs) if (!copy.already) insertRows(transaction, ids, own, copy, source);
  // Parents and edges last: now every task that they name is there. Between copies from before they may have been
  // arranged otherwise since.
  for (const { own, copy } of pairs) {
    const other = (id: Value | undefined) => {
      const found = targetOf.get(String(id));
      return found && !(found.already && copy.already) ? found.to : undefined;
    };
    const parent = other(own.task.parent_id);
    if (parent !== undefined && !copy.already) transaction.update('tasks', [copy.to], { parent_id: parent });
    for (const edge of own.dependencies) insertEdge(transaction, copy.to, other(edge.depends_on), edge);
    for (const link of own.links) insertLink(transaction, copy.to, other(link.target_id), link);
  }
  return copies;
}

function place(transaction: Transaction, ids: Ids, own: OwnRows, source: string): Copy {
  const from = String(own.task.id);
  const known = transaction.get<{ task_id: string; content_hash: string }>(
    `SELECT task_id, content_hash FROM imported JOIN tasks ON tasks.id = task_id WHERE source = ? AND external_id = ?`,
    [source, from],
  );
  if (known?.content_hash === hashOf(own)) return { from, to: known.task_id, already: true };
  const taken = transaction.get('SELECT 1 FROM tasks WHERE id = ?1 UNION SELECT 1 FROM trash WHERE task_id = ?1', [
    from,
  ]);
  return { from, to: taken ? newId(transaction, ids) : from, already: false };
}

function insertRows(transaction: Transaction, ids: Ids, own: OwnRows, { from, to }: Copy, source: string): void {
  transaction.insert('tasks', {
    ...withoutNull({ ...own.task, ...NO_CLAIM, parent_id: null, number: null }),
    id: to,
    number: takeNumber(transaction),
    updated_at: transaction.at,
    updated_by: transaction.actor,
  });
  for (const [table, rows] of Object.entries(own.owned) as [keyof OwnRows['owned'], readonly Row[]][])
    for (const row of rows) transaction.insert(table, ownedRow(transaction, ids, table, row, to));
  const key = [source, from];
  const origin = { task_id: to, content_hash: hashOf(own), imported_at: transaction.at };
  if (transaction.get('SELECT 1 FROM imported WHERE source = ? AND external_id = ?', key))
    transaction.update('imported', key, origin);
  else transaction.insert('imported', { source, external_id: from, ...origin });
}

/** A row under its new task, with another key of its own where that one is taken. */
function ownedRow(transaction: Transaction, ids: Ids, table: TableName, row: Row, task: TaskId): Row {
  const { id: _id, seq: _seq, ...columns } = row;
  const moved = { ...withoutNull(columns), task_id: task };
  if (!('uid' in moved)) return moved;
  const taken = (uid: Value) => transaction.get(`SELECT 1 FROM ${table} WHERE ${TABLES[table].key[0]} = ?`, [uid]);
  let uid = (moved as Row).uid ?? null;
  while (taken(uid)) uid = ids.next();
  return { ...moved, uid };
}

function insertEdge(transaction: Transaction, task: TaskId, dependsOn: TaskId | undefined, edge: Row): void {
  if (dependsOn === undefined) return;
  const there = transaction.get('SELECT 1 FROM dependencies WHERE task_id = ? AND depends_on = ?', [task, dependsOn]);
  if (there || reaches(transaction, 'dependencies', dependsOn, task)) return;
  const { id: _id, ...columns } = edge;
  transaction.insert('dependencies', { ...withoutNull(columns), task_id: task, depends_on: dependsOn });
}

function insertLink(transaction: Transaction, task: TaskId, target: TaskId | undefined, link: Row): void {
  if (target === undefined) return;
  const key = [task, target, link.type ?? null];
  if (transaction.get('SELECT 1 FROM links WHERE task_id = ? AND target_id = ? AND type = ?', key)) return;
  transaction.insert('links', { ...withoutNull(link), task_id: task, target_id: target });
}

/** Of what a copy is made from; a lease is not copied, and says nothing. */
function hashOf({ task, owned }: OwnRows): string {
  const {
    updated_at: _at,
    updated_by: _by,
    version: _version,
    claim_version: _lease,
    ...fields
  } = { ...task, ...NO_CLAIM };
  return checksumOf([fields, owned]);
}

function withoutNull(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
