import type { Status } from '../../../core/model/status.js';
import { taskName } from '../../../core/model/taskId.js';
import { isClosed } from '../../../core/model/workState.js';
import { acyclicEdges } from '../../../core/transfer/acyclicEdges.js';
import { contentHash } from '../../../core/transfer/contentHash.js';
import type { Row } from '../../../store/record.js';
import { openRow } from '../../../store/sealing/sealedRows.js';
import type { RowReader, Transaction } from '../../../store/transaction.js';
import { insertDependency } from '../../dependencies/dependencies.js';
import type { Plan } from '../../plan.js';
import type { References } from '../../references/references.js';
import { changeTask } from '../../tasks/changeTask.js';
import { freshTask } from '../../tasks/newTask.js';
import { applyChange } from '../../tasks/taskChange.js';
import { hashesOf, mergeFields } from '../../transfer/mergeFields.js';
import type { PrdGiven, PrdTaskChange } from './prdInputs.js';
import { type KeptTask, type MatchItem, matchItems } from './prdMatches.js';
import { COLUMNS, CRITERIA, comparableFields, type WantedTask } from './prdTasks.js';

interface Applying {
  readonly transaction: Transaction;
  readonly plan: Plan;
  readonly references: References;
  readonly source: string;
  readonly project: string;
  readonly wanted: readonly WantedTask[];
  readonly options: Pick<PrdGiven, 'path' | 'only' | 'cancelRemoved' | 'prefer'>;
}

interface KeptRow {
  readonly key: string;
  readonly id: string;
  readonly kept: KeptTask;
  /** The task's row; undefined where it was deleted. */
  readonly row: Row | undefined;
}

export interface Applied {
  readonly changes: PrdTaskChange[];
  readonly notes: string[];
}

/**
 * Brings the tasks of a document up to date within a transaction: creates what is new, changes what was edited in the
 * document and not here, and says the rest.
 */
export function applyPrd(applying: Applying): Applied {
  return new PrdApplication(applying).run();
}

class PrdApplication {
  readonly #given: Applying;
  readonly #rows: readonly KeptRow[];
  readonly #byKey: ReadonlyMap<string, KeptRow>;
  readonly #only: ReadonlySet<string> | undefined;
  readonly #matches: ReadonlyMap<string, MatchItem>;
  /** Task ids by the keys of the document as it is now. */
  readonly #ids = new Map<string, string>();
  /** The keys that a document has now for those of the last time. */
  readonly #keys = new Map<string, string>();
  readonly #notes: string[] = [];
  readonly #edges: { from: string; to: string; key: string; owner: string }[] = [];
  /** What is kept of each task at the end. */
  readonly #content = new Map<string, { id: string; kept: KeptTask; before: KeptRow | undefined }>();

  constructor(given: Applying) {
    this.#given = given;
    this.#rows = readKept(given);
    this.#byKey = new Map(this.#rows.map((row) => [row.key, row]));
    this.#only = given.options.only && new Set(given.options.only);
    const before = new Map(this.#rows.map(({ kept: { prd } }) => [prd.item, { ...prd, key: prd.item }]));
    const now = new Map(given.wanted.map(({ item }) => [item.key, item]));
    this.#matches = matchItems([...before.values()], [...now.values()]);
  }

  run(): Applied {
    const { wanted } = this.#given;
    const used = new Set<KeptRow>();
    const byPart = new Map(this.#rows.map((row) => [`${row.kept.prd.item}/${row.kept.prd.role}`, row]));
    const pairs = wanted.map((one) => {
      const match = this.#matches.get(one.item.key);
      const row = match && byPart.get(`${match.key}/${one.task.role}`);
      if (row) {
        used.add(row);
        this.#keys.set(row.key, one.task.key);
        if (row.row) this.#ids.set(one.task.key, row.id);
      }
      return { one, row };
    });
    const changes = pairs.map(({ one, row }) => this.#take(one, row));
    this.#applyEdges(changes);
    for (const [key, { id, kept, before }] of this.#content) this.#remember(key, id, kept, before);
    const left = this.#rows.filter((row) => !used.has(row));
    left.sort((a, b) => Number(a.row?.number ?? 0) - Number(b.row?.number ?? 0));
    for (const row of left) changes.push(...this.#leave(row));
    return { changes, notes: this.#notes };
  }

  #take(one: WantedTask, row: KeptRow | undefined): PrdTaskChange {
    const { task, item } = one;
    const renamedFrom = row && row.kept.prd.title !== item.title ? row.kept.prd.title : undefined;
    const base = {
      key: task.key,
      itemKey: item.key,
      itemId: task.itemId,
      role: task.role,
      title: task.title,
      line: task.line,
      endLine: task.endLine,
      moved: false,
      skipped: !this.#isChosen(item.key, task.itemId),
      fields: [],
      editedHere: [],
      conflicts: [],
      ...(one.parentKey !== undefined && { parentKey: one.parentKey }),
      ...(renamedFrom !== undefined && { renamedFrom }),
    };
    if (!row) {
      if (!base.skipped) this.#create(one);
      return { ...base, change: 'added' };
    }
    if (!row.row) return { ...base, change: 'deletedHere', skipped: true };
    const named = { ...base, task: row.id, name: taskName(Number(row.row.number)) };
    const { columns, fields, editedHere, conflicts } = this.#compare(one, row, row.row);
    const edges = one.edges.filter((key) => !this.#baseEdges(row).includes(key));
    const gone = this.#baseEdges(row).filter((key) => !one.edges.includes(key));
    const changed = [...fields, ...(edges.length + gone.length > 0 ? ['dependencies'] : [])];
    const change = changed.length > 0 ? 'changed' : editedHere.length > 0 ? 'editedHere' : 'unchanged';
    const diff = { fields: changed, editedHere, conflicts, change } as const;
    if (base.skipped) return { ...named, ...diff };
    changeTask(this.#given.transaction, row.id, columns);
    for (const key of gone) this.#removeEdge(row.id, key);
    const { moved, reference } = this.#moveReference(one, row);
    this.#keep(
      one,
      row.id,
      row,
      reference,
      this.#baseEdges(row).filter((key) => !gone.includes(key)),
    );
    for (const key of edges) this.#addEdge(task.key, row.id, key);
    return { ...named, ...diff, moved };
  }

  #compare(one: WantedTask, { kept }: KeptRow, row: Row) {
    const theirs = comparableFields(this.#columnsOf(one), one.criteria);
    const present = parseCriteria(row.success_criteria);
    const ours = comparableFields(
      Object.fromEntries(COLUMNS.map((column) => [column, row[column] ?? null])),
      present.map(({ criterion }) => criterion),
    );
    for (const field of ours.keys()) if (!theirs.has(field) && kept.fields[field] === undefined) ours.delete(field);
    const base = kept.fields;
    const merge = mergeFields({ theirs, ours, base, prefer: this.#given.options.prefer });
    const { [CRITERIA]: criteria, ...plain } = merge.columns as Row & { criteria?: unknown };
    const fields = Object.keys(merge.columns).map(fieldName);
    const columns: Row =
      criteria === undefined
        ? plain
        : { ...plain, success_criteria: mergedCriteria(present, criteria as readonly string[] | null) };
    const now = hashesOf(ours);
    const edited = [...new Set([...Object.keys(now), ...Object.keys(base)])].filter(
      (field) => now[field] !== base[field],
    );
    return {
      columns,
      fields,
      editedHere: edited.filter((field) => !(field in merge.columns)).map(fieldName),
      conflicts: merge.conflicts.map(fieldName),
    };
  }

  #create(one: WantedTask): void {
    const { transaction, plan } = this.#given;
    const fresh = freshTask(transaction, plan.world.ids);
    const { id } = fresh;
    this.#ids.set(one.task.key, id);
    transaction.insert('tasks', {
      ...this.#columnsOf(one),
      ...fresh,
      ...(one.criteria.length > 0 && { success_criteria: mergedCriteria([], one.criteria) }),
    });
    this.#keep(one, id, undefined, this.#insertReference(one, id), []);
    for (const key of one.edges) this.#addEdge(one.task.key, id, key);
  }

  #columnsOf({ columns, parentKey }: WantedTask): Row {
    const parent = parentKey === undefined ? undefined : this.#ids.get(parentKey);
    return parent === undefined ? columns : { ...columns, parent_id: parent };
  }

  #insertReference({ task }: WantedTask, id: string): string | undefined {
    const { transaction, references, options } = this.#given;
    if (options.path === undefined) return undefined;
    return references.insert(transaction, id, placeOf(options.path, task));
  }

  /** Follows the lines of the item, unless somebody removed the reference. */
  #moveReference({ task }: WantedTask, { kept }: KeptRow): { moved: boolean; reference: string | undefined } {
    const { transaction, references, options } = this.#given;
    const { reference } = kept.prd;
    if (reference === undefined || options.path === undefined) return { moved: false, reference };
    return { moved: references.move(transaction, reference, placeOf(options.path, task)), reference };
  }

  #keep(
    one: WantedTask,
    id: string,
    before: KeptRow | undefined,
    reference: string | undefined,
    edges: readonly string[],
  ): void {
    const { item, task } = one;
    const fields = hashesOf(comparableFields(this.#columnsOf(one), one.criteria));
    const { project } = this.#given;
    const prd = {
      project,
      item: item.key,
      kind: item.kind,
      role: task.role,
      title: item.title,
      path: item.path,
      body: item.body,
    };
    this.#content.set(task.key, {
      id,
      before,
      kept: { fields, edges, prd: { ...prd, ...(reference && { reference }) } },
    });
  }

  #baseEdges({ kept }: KeptRow): string[] {
    return kept.edges.map((key) => this.#keys.get(key) ?? key);
  }

  #addEdge(owner: string, from: string, key: string): void {
    this.#edges.push({ owner, from, to: '', key });
  }

  #removeEdge(from: string, key: string): void {
    const { transaction } = this.#given;
    const to = this.#ids.get(key) ?? this.#byKey.get(key)?.id;
    if (to !== undefined) transaction.delete('dependencies', [from, to]);
  }

  /** Once all tasks are there. What would close a cycle with what people made here is left out, and said. */
  #applyEdges(changes: readonly PrdTaskChange[]): void {
    const { transaction } = this.#given;
    const added = this.#edges.flatMap((edge) => {
      const to = this.#ids.get(edge.key);
      return to === undefined || to === edge.from ? [] : { ...edge, to };
    });
    const present =
      added.length > 0
        ? transaction.all<{ from: string; to: string }>(
            'SELECT task_id AS "from", depends_on AS "to" FROM dependencies',
          )
        : [];
    const { kept, left } = acyclicEdges(present, added);
    for (const { owner, from, to, key } of kept) {
      insertDependency(transaction, from, to);
      const content = this.#content.get(owner);
      if (content)
        this.#content.set(owner, { ...content, kept: { ...content.kept, edges: [...content.kept.edges, key] } });
    }
    const title = (key: string) => changes.find((change) => change.key === key)?.title ?? key;
    for (const { edge } of left)
      this.#notes.push(
        `“${title(edge.owner)}” cannot wait for “${title(edge.key)}”: that would close a cycle with the dependencies that are here.`,
      );
  }

  #remember(key: string, id: string, kept: KeptTask, before: KeptRow | undefined): void {
    const { transaction, source } = this.#given;
    const content = JSON.stringify({ ...kept, edges: [...kept.edges].sort() });
    const row = { content, content_hash: contentHash(content) };
    if (before && before.key === key) {
      const same = transaction.get('SELECT 1 FROM imported WHERE source = ? AND external_id = ? AND content_hash = ?', [
        source,
        key,
        row.content_hash,
      ]);
      if (!same) transaction.update('imported', [source, key], { ...row, imported_at: transaction.at });
      return;
    }
    if (before) transaction.delete('imported', [source, before.key]);
    transaction.insert('imported', { source, external_id: key, task_id: id, ...row, imported_at: transaction.at });
  }

  /** A task whose item is gone: it stays, unless it was asked to be cancelled. One that is closed is not worth a word. */
  #leave({ key, id, kept: { prd }, row }: KeptRow): PrdTaskChange[] {
    if (!row || isClosed(row.status as Status)) return [];
    const { transaction, plan, references, options, source } = this.#given;
    const chosen = this.#isChosen(prd.item, prd.item);
    const cancelled = options.cancelRemoved && chosen;
    if (cancelled)
      applyChange(transaction, plan, references, id, {
        status: 'cancelled',
        reason: `No longer in ${source.replace(/^prd:/, '')}`,
      });
    return [
      {
        key,
        itemKey: prd.item,
        itemId: prd.item,
        role: prd.role,
        title: String(row.title),
        change: cancelled ? 'cancelled' : 'removed',
        task: id,
        name: taskName(Number(row.number)),
        fields: [],
        editedHere: [],
        conflicts: [],
        moved: false,
        skipped: !chosen,
        ...(prd.role !== 'feature' && { parentKey: `${prd.item}/feature` }),
      },
    ];
  }

  #isChosen(key: string, id: string): boolean {
    return !this.#only || this.#only.has(key) || this.#only.has(id);
  }
}

/** The projects in which a document made tasks, by name. */
export function readProjects(reader: RowReader, source: string): string[] {
  const rows = reader.all<{ project: string }>(
    `SELECT DISTINCT json_extract(content, '$.prd.project') AS project FROM imported
     WHERE source = ? AND json_valid(content) AND project IS NOT NULL ORDER BY project`,
    [source],
  );
  return rows.map(({ project }) => project);
}

function readKept({ transaction, source, project }: Applying): KeptRow[] {
  const rows = transaction.all<{ key: string; id: string; content: string | null }>(
    'SELECT external_id AS key, task_id AS id, content FROM imported WHERE source = ? ORDER BY external_id',
    [source],
  );
  return rows.flatMap(({ key, id, content }) => {
    const kept = content === null ? undefined : (JSON.parse(content) as Partial<KeptTask>);
    if (kept?.prd?.project !== project) return [];
    const row = transaction.get<Row>('SELECT * FROM tasks WHERE id = ?', [id]);
    return { key, id, kept: kept as KeptTask, row: row && openRow(transaction.vault, row) };
  });
}

interface Criterion {
  readonly criterion: string;
  readonly done?: boolean;
}

function parseCriteria(column: Row[string] | undefined): readonly Criterion[] {
  return typeof column === 'string' ? (JSON.parse(column) as Criterion[]) : [];
}

/** The criteria of the document, those that are here already with their ticks. */
function mergedCriteria(present: readonly Criterion[], texts: readonly string[] | null): string | null {
  if (texts === null || texts.length === 0) return null;
  const known = new Map(present.map((one) => [one.criterion, one]));
  return JSON.stringify(texts.map((criterion) => known.get(criterion) ?? { criterion, done: false }));
}

function placeOf(path: string, { line, endLine }: WantedTask['task']) {
  return { path, line, ...(endLine > line && { endLine }) };
}

/** Fields as people call them. */
function fieldName(column: string): string {
  return { estimated_hours: 'estimate', parent_id: 'parent', [CRITERIA]: 'criteria' }[column] ?? column;
}
