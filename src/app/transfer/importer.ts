import { acyclicEdges } from '../../core/transfer/acyclicEdges.js';
import { contentHash, idFrom } from '../../core/transfer/contentHash.js';
import type { ExternalTask } from '../../core/transfer/externalTask.js';
import type { Readings } from '../../core/transfer/readings.js';
import type { Row, Value } from '../../store/record.js';
import { NEXT_NUMBER } from '../../store/schema.js';
import { openRow } from '../../store/sealing/sealedRows.js';
import type { Transaction } from '../../store/transaction.js';
import type { Ids } from '../ports.js';
import { changeTask } from '../tasks/changeTask.js';
import type { ImportOptions, ImportReport } from './importInputs.js';
import { findKnown, isUsed, type Known } from './knownTasks.js';
import { fieldsOf, hashesOf, type Imported, mergeFields } from './mergeFields.js';
import { placeName } from './placeNames.js';
import { type Edges, resolveEdges } from './resolveEdges.js';

interface Importing {
  readonly transaction: Transaction;
  readonly readings: Readings;
  readonly source: string;
  readonly ids: Ids;
  readonly options: Pick<ImportOptions, 'prefer'>;
  /** Told how far it is. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

type Counts = Pick<
  ImportReport,
  'created' | 'updated' | 'unchanged' | 'deletedHere' | 'dependencies' | 'tasks' | 'conflicts'
>;

/**
 * Makes the tasks of a file this store's, or brings them up to date: what is new is created; of what was imported before,
 * the fields and edges that changed in the file and not here are changed; what was deleted here stays deleted.
 */
export function importTasks(importing: Importing): Counts {
  const { transaction, readings, source, ids } = importing;
  const newId = (taken: ReadonlySet<string>) => {
    for (;;) {
      const id = ids.next();
      if (!taken.has(id) && !isUsed(transaction, id)) return id;
    }
  };
  const known = findKnown(transaction, readings.tasks, source, newId);
  const edges = resolveEdges(transaction, readings, source, known);
  const run = new ImportRun(importing, edges);
  readings.tasks.forEach((task, at) => {
    run.take(known.get(task.externalId) as Known);
    importing.onProgress?.(at + 1, readings.tasks.length);
  });
  return run.finish();
}

class ImportRun {
  readonly #importing: Importing;
  readonly #edges: ReadonlyMap<string, Edges>;
  readonly #tasks: string[] = [];
  readonly #conflicts: { task: string; field: string }[] = [];
  /** Dependencies to be added once all tasks are there. */
  readonly #dependencies: { from: string; to: string; type: string; condition?: string; where: string }[] = [];
  /** What the file calls the tasks, by their ids here. */
  readonly #names = new Map<string, string>();
  #nextNumber: number;
  #created = 0;
  #updated = 0;
  #unchanged = 0;
  #deleted = 0;

  constructor(importing: Importing, edges: ReadonlyMap<string, Edges>) {
    this.#importing = importing;
    this.#edges = edges;
    this.#nextNumber = importing.transaction.get<{ number: number }>(`SELECT ${NEXT_NUMBER} AS number`)?.number ?? 1;
  }

  take(known: Known): void {
    if (known.situation === 'deleted') {
      this.#deleted += 1;
      return;
    }
    const edges = this.#edges.get(known.external.externalId) as Edges;
    if (edges.left.length > 0) {
      const custom = { ...known.external.custom, edges_left_out: edges.left };
      this.#take({ ...known, external: { ...known.external, custom } }, edges);
    } else this.#take(known, edges);
  }

  #take(known: Known, edges: Edges): void {
    this.#names.set(known.id, known.external.externalId);
    const columns: Row = { ...known.external.columns, ...(edges.parent !== undefined && { parent_id: edges.parent }) };
    const fields = fieldsOf(columns, known.external.custom);
    const events = known.external.events.map((event) => contentHash(JSON.stringify(event)));
    const content: Imported = { fields: hashesOf(fields), edges: edges.names };
    const hash = contentHash(JSON.stringify([content, events]));
    if (known.situation === 'new') this.#create(known, columns, edges);
    else if (known.hash === hash) {
      this.#unchanged += 1;
      return;
    } else this.#update(known, fields, edges);
    this.#addTalk(known);
    this.#remember(known, content, hash);
  }

  finish(): Counts {
    const dependencies = this.#addDependencies();
    const { transaction } = this.#importing;
    const last = transaction.get<{ n: number | null }>('SELECT max(number) AS n FROM tasks')?.n;
    if (this.#created > 0 && last) setMeta(transaction, 'last_number', String(last));
    return {
      created: this.#created,
      updated: this.#updated,
      unchanged: this.#unchanged,
      deletedHere: this.#deleted,
      dependencies,
      tasks: this.#tasks,
      conflicts: this.#conflicts,
    };
  }

  #create({ id, external }: Known, columns: Row, edges: Edges): void {
    const { transaction } = this.#importing;
    const { birth, custom } = external;
    transaction.insert('tasks', {
      type: 'task',
      ...columns,
      id,
      number: this.#numberFor(birth.number),
      ...(Object.keys(custom).length > 0 && { custom: JSON.stringify(custom) }),
      created_by: birth.created_by ?? transaction.actor,
      created_at: birth.created_at ?? transaction.at,
      updated_at: birth.updated_at ?? birth.created_at ?? transaction.at,
      ...(birth.updated_by != null && { updated_by: birth.updated_by }),
    });
    this.#created += 1;
    this.#tasks.push(id);
    this.#applyEdges(id, external, edges.names, []);
  }

  #update({ id, external, base, untouched }: Known, theirs: ReadonlyMap<string, string>, edges: Edges): void {
    const { transaction, options } = this.#importing;
    const row = openRow(transaction.vault, transaction.get('SELECT * FROM tasks WHERE id = ?', [id]) as Row);
    const custom = (typeof row.custom === 'string' ? JSON.parse(row.custom) : {}) as Record<string, unknown>;
    const ours = fieldsOf(comparable(row), custom);
    // An export of this store that nobody changed here since is its own base, as far as it says something: a table of a
    // few columns takes nothing away.
    const said = new Map([...ours].filter(([field]) => theirs.has(field)));
    const fields = base?.fields ?? (untouched ? hashesOf(said) : undefined);
    const merge = mergeFields({ theirs, ours, base: fields, prefer: options.prefer });
    for (const field of merge.conflicts) this.#conflicts.push({ task: id, field });
    const merged = { ...custom };
    for (const [key, value] of merge.custom) {
      if (value === undefined) delete merged[key];
      else merged[key] = value;
    }
    const before = transaction.changes.length;
    changeTask(transaction, id, {
      ...merge.columns,
      ...(merge.custom.size > 0 && { custom: Object.keys(merged).length === 0 ? null : JSON.stringify(merged) }),
    });
    const here = new Set(presentEdges(transaction, id));
    const present = base?.edges ?? edges.names.filter((name) => here.has(name));
    this.#applyEdges(id, external, edges.names, present);
    if (transaction.changes.length === before) this.#unchanged += 1;
    else {
      this.#updated += 1;
      this.#tasks.push(id);
    }
  }

  /** Adds the edges that are new in the file, and takes those away that are gone from it. */
  #applyEdges(id: string, external: ExternalTask, theirs: readonly string[], base: readonly string[]): void {
    const { transaction } = this.#importing;
    const [now, before] = [new Set(theirs), new Set(base)];
    for (const name of base) {
      if (now.has(name)) continue;
      const [kind, to = '', type = ''] = JSON.parse(name) as [string, string?, string?];
      if (kind === 'depends') transaction.delete('dependencies', [id, to]);
      else if (kind === 'link') transaction.delete('links', [id, to, type]);
      else if (kind === 'place') removePlace(transaction, id, name);
    }
    for (const name of theirs) {
      if (before.has(name)) continue;
      const [kind, to = '', type = '', condition] = JSON.parse(name) as [string, string?, string?, string?];
      if (kind === 'depends')
        this.#dependencies.push({ from: id, to, type, ...(condition && { condition }), where: external.where });
      else if (kind === 'link')
        addRow(transaction, 'links', { task_id: id, target_id: to, type, created_at: transaction.at });
    }
    for (const place of external.places) {
      const { path: file_path, line, endLine, context } = place;
      if (before.has(placeName(place)) || hasPlace(transaction, id, placeName(place))) continue;
      const uid = this.#importing.ids.next();
      const lines = {
        ...(line !== undefined && { line_start: line }),
        ...(endLine !== undefined && { line_end: endLine }),
      };
      addRow(transaction, 'file_refs', { uid, task_id: id, file_path, ...lines, ...(context && { context }) });
    }
  }

  /** Said once, however often it is imported: the request's name follows from what was said. */
  #addTalk({ id, external }: Known): void {
    const { transaction, source } = this.#importing;
    for (const event of external.events) {
      const request_id = `import ${contentHash(JSON.stringify([source, event]))}`;
      const row = {
        agent_id: event.agent,
        event_type: event.type,
        content: event.content,
        created_at: event.at || transaction.at,
      };
      const said = transaction.all(
        `SELECT uid, task_id, request_id, content FROM collaboration_events
         WHERE task_id = ? AND (request_id = ? OR (agent_id = ? AND event_type = ? AND created_at = ?))`,
        [id, request_id, row.agent_id, row.event_type, row.created_at],
      );
      const isSame = (one: Row) =>
        one.request_id === request_id || openRow(transaction.vault, one).content === row.content;
      if (said.some(isSame)) continue;
      const uid = this.#freeUid(`${id} ${request_id}`);
      transaction.insert('collaboration_events', { uid, task_id: id, ...row, request_id });
    }
    for (const { agent, at } of external.participants)
      addRow(transaction, 'participants', { task_id: id, agent_id: agent, joined_at: at || transaction.at });
  }

  #freeUid(words: string): string {
    const { transaction } = this.#importing;
    for (let attempt = 0; ; attempt += 1) {
      const uid = idFrom(words, attempt);
      if (!transaction.get('SELECT 1 FROM collaboration_events WHERE uid = ?', [uid])) return uid;
    }
  }

  #remember({ id, external, hash: before }: Known, content: Imported, hash: string): void {
    const { transaction, source } = this.#importing;
    const key = [source, external.externalId];
    const row = { content_hash: hash, content: JSON.stringify(content) };
    if (before === undefined)
      transaction.insert('imported', {
        source,
        external_id: external.externalId,
        task_id: id,
        ...row,
        imported_at: transaction.at,
      });
    else transaction.update('imported', key, { ...row, imported_at: transaction.at });
  }

  /** A dependency that would close a cycle is left out, and said. */
  #addDependencies(): number {
    const { transaction, readings } = this.#importing;
    const present = transaction.all<{ from: string; to: string }>(
      'SELECT task_id AS "from", depends_on AS "to" FROM dependencies',
    );
    const { kept, left } = acyclicEdges(this.#dependencies.length > 0 ? present : [], this.#dependencies);
    for (const { edge, path } of left)
      readings.note(
        'dependencies',
        'would close a cycle: left out',
        `${edge.where} (${path.map((id) => this.#names.get(id) ?? id).join(' → ')})`,
      );
    let added = 0;
    for (const { from, to, type, condition } of kept) {
      const row = { task_id: from, depends_on: to, type, created_at: transaction.at, ...(condition && { condition }) };
      if (addRow(transaction, 'dependencies', row)) added += 1;
    }
    return added;
  }

  #numberFor(wanted: Value | undefined): number {
    const { transaction } = this.#importing;
    if (typeof wanted === 'number' && wanted > 0) {
      const used = transaction.get(
        'SELECT 1 FROM tasks WHERE number = ?1 UNION ALL SELECT 1 FROM trash WHERE number = ?1',
        [wanted],
      );
      if (!used) {
        this.#nextNumber = Math.max(this.#nextNumber, wanted + 1);
        return wanted;
      }
    }
    this.#nextNumber += 1;
    return this.#nextNumber - 1;
  }
}

/** The columns of a row that an import can set. */
function comparable(row: Row): Row {
  const { id, number, custom, created_at, created_by, updated_at, updated_by, version, sealed, phase_id, ...others } =
    row;
  return Object.fromEntries(Object.entries(others).filter(([column]) => !column.startsWith('claim')));
}

function presentEdges(transaction: Transaction, id: string): string[] {
  const dependencies = transaction.all('SELECT depends_on, type, condition FROM dependencies WHERE task_id = ?', [id]);
  const links = transaction.all('SELECT target_id, type FROM links WHERE task_id = ?', [id]);
  return [
    ...dependencies.map(({ depends_on, type, condition }) =>
      JSON.stringify(['depends', depends_on, type, ...(condition ? [condition] : [])]),
    ),
    ...links.map(({ target_id, type }) => JSON.stringify(['link', target_id, type])),
    ...placesOf(transaction, id).map(({ name }) => name),
  ];
}

function placesOf(transaction: Transaction, id: string): { readonly uid: string; readonly name: string }[] {
  return transaction
    .all('SELECT uid, file_path, line_start, line_end FROM file_refs WHERE task_id = ?', [id])
    .map(({ uid, file_path, line_start, line_end }) => ({
      uid: String(uid),
      name: JSON.stringify(['place', file_path, line_start ?? null, line_end ?? null]),
    }));
}

function hasPlace(transaction: Transaction, id: string, name: string): boolean {
  return placesOf(transaction, id).some((place) => place.name === name);
}

function removePlace(transaction: Transaction, id: string, name: string): void {
  for (const place of placesOf(transaction, id)) if (place.name === name) transaction.delete('file_refs', [place.uid]);
}

/** False where the row is there already. */
function addRow(
  transaction: Transaction,
  table: 'links' | 'file_refs' | 'participants' | 'dependencies',
  row: Row,
): boolean {
  const keys = {
    links: ['task_id', 'target_id', 'type'],
    file_refs: ['uid'],
    participants: ['task_id', 'agent_id'],
    dependencies: ['task_id', 'depends_on'],
  }[table];
  const where = keys.map((column) => `${column} = ?`).join(' AND ');
  if (
    transaction.get(
      `SELECT 1 FROM ${table} WHERE ${where}`,
      keys.map((column) => row[column] ?? null),
    )
  )
    return false;
  transaction.insert(table, row);
  return true;
}

export function setMeta(transaction: Transaction, key: string, value: string): void {
  if (transaction.get('SELECT 1 FROM meta WHERE key = ?', [key])) transaction.update('meta', [key], { value });
  else transaction.insert('meta', { key, value });
}
