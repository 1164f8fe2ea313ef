import type { ExternalTask } from '../../core/transfer/externalTask.js';
import type { Row } from '../../store/record.js';
import type { Transaction } from '../../store/transaction.js';
import type { Imported } from './mergeFields.js';

/** A task of a file, and which one it is here. */
export interface Known {
  readonly external: ExternalTask;
  readonly id: string;
  readonly situation: 'new' | 'here' | 'deleted';
  /** What it was last imported with; undefined for a new one, and for one that was never imported but is here. */
  readonly base?: Imported;
  readonly hash?: string;
  /** True where it was exported from here and nobody changed it since: the file's values count. */
  readonly untouched: boolean;
}

/** Looks each task of a file up: by where it was imported from, or, in an export of this store, by its id. */
export function findKnown(
  transaction: Transaction,
  tasks: readonly ExternalTask[],
  source: string,
  newId: (taken: ReadonlySet<string>) => string,
): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  const taken = new Set<string>();
  for (const external of tasks) {
    const found = imported(transaction, source, external) ?? exportedFromHere(transaction, external);
    if (found) taken.add(found.id);
    if (found) known.set(external.externalId, found);
  }
  for (const external of tasks) {
    if (known.has(external.externalId)) continue;
    const { preferredId } = external;
    const free = preferredId !== undefined && !taken.has(preferredId) && !isUsed(transaction, preferredId);
    const id = free ? preferredId : newId(taken);
    taken.add(id);
    known.set(external.externalId, { external, id, situation: 'new', untouched: false });
  }
  return known;
}

export function isUsed(transaction: Transaction, id: string): boolean {
  return (
    transaction.get('SELECT 1 FROM tasks WHERE id = ?1 UNION ALL SELECT 1 FROM trash WHERE task_id = ?1', [id]) !==
    undefined
  );
}

function imported(transaction: Transaction, source: string, external: ExternalTask): Known | undefined {
  const row = transaction.get<{ task_id: string; content_hash: string; content: string | null }>(
    'SELECT task_id, content_hash, content FROM imported WHERE source = ? AND external_id = ?',
    [source, external.externalId],
  );
  if (!row) return undefined;
  const here = transaction.get('SELECT 1 FROM tasks WHERE id = ?', [row.task_id]) !== undefined;
  const base = row.content === null ? undefined : (JSON.parse(row.content) as Imported);
  return {
    external,
    id: row.task_id,
    situation: here ? 'here' : 'deleted',
    ...(base && { base }),
    hash: row.content_hash,
    untouched: false,
  };
}

/** The same id and the same moment of creation: the same task. */
function exportedFromHere(transaction: Transaction, external: ExternalTask): Known | undefined {
  const { preferredId: id, birth } = external;
  if (id === undefined) return undefined;
  const task = transaction.get('SELECT created_at, updated_at FROM tasks WHERE id = ?', [id]);
  if (task) {
    if (!isSame(task, birth)) return undefined;
    return { external, id, situation: 'here', untouched: task.updated_at === birth.updated_at };
  }
  const trashed = transaction.get<{ created_at: string; updated_at: string }>(
    `SELECT json_extract(rows, '$.task.created_at') AS created_at FROM trash WHERE task_id = ?`,
    [id],
  );
  return trashed && isSame(trashed, birth) ? { external, id, situation: 'deleted', untouched: false } : undefined;
}

function isSame(row: Row, birth: Readonly<Row>): boolean {
  return row.created_at != null && row.created_at === birth.created_at;
}
