import { type Options, stringify } from 'csv-stringify/sync';
import { plain } from '../../core/model/plainText.js';
import { STATUSES } from '../../core/model/status.js';
import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../../store/record.js';
import { ownedRows, taskPages } from '../../store/repositories/exportRows.js';
import type { RowReader } from '../../store/transaction.js';

/** Which tasks are exported, and when. */
export interface Exporting {
  readonly store: RowReader;
  /** In their order; undefined: all, by number. */
  readonly ids?: readonly TaskId[];
  /** UTC ISO 8601. */
  readonly now: string;
}

/** A piece of the text: whole lines, the last one without its line feed; and how many tasks are in it. */
export interface Piece {
  readonly text: string;
  readonly tasks: number;
}

/** A JSON array, indented by two: each task with its columns and edges. */
export function* exportJson(exporting: Exporting): Generator<Piece> {
  let first = true;
  for (const tasks of pagesWithEdges(exporting)) {
    const text = tasks.map((task) => indented(task)).join(',\n');
    yield { text: first ? `[\n${text}` : `,\n${text}`, tasks: tasks.length };
    first = false;
  }
  yield { text: first ? '[]' : ']', tasks: 0 };
}

/** One task a line. */
export function* exportJsonLines(exporting: Exporting): Generator<Piece> {
  for (const tasks of pagesWithEdges(exporting))
    yield { text: tasks.map((task) => JSON.stringify(task)).join('\n'), tasks: tasks.length };
}

const CSV_COLUMNS = [
  'id',
  'number',
  'title',
  'status',
  'priority',
  'type',
  'assignee',
  'tags',
  'parent',
  'project',
  'milestone',
  'due',
  'not_before',
  'estimated_hours',
  'actual_hours',
  'depends_on',
  'files',
  'created_at',
  'created_by',
  'updated_at',
  'completed_at',
  'description',
] as const;

/** A header and a row for each task, as `tm import` reads it; the status is the one that is stored. */
export function* exportCsv(exporting: Exporting): Generator<Piece> {
  const options: Options = { record_delimiter: 'unix' };
  yield { text: CSV_COLUMNS.join(','), tasks: 0 };
  for (const page of pages(exporting)) {
    const dependencies = ownedRows(exporting.store, 'depends_on', 'dependencies', idsOf(page));
    const places = ownedRows(exporting.store, 'file_path, line_start, line_end', 'file_refs', idsOf(page));
    const rows = page.map((task) => {
      const others: Readonly<Record<string, unknown>> = {
        tags: listOf(task.tags).join(' '),
        parent: task.parent_id,
        due: task.deadline,
        depends_on: (dependencies.get(String(task.id)) ?? []).map((row) => row.depends_on).join(' '),
        files: (places.get(String(task.id)) ?? [])
          .map((row) => [row.file_path, row.line_start, row.line_end].filter((part) => part != null).join(':'))
          .join(' '),
      };
      return CSV_COLUMNS.map((column) => (column in others ? others[column] : task[column]));
    });
    yield { text: stringify(rows, options).replace(/\n$/, ''), tasks: page.length };
  }
}

/** `id`, title, status and assignee with tabs between them, as tm 2.x wrote it. */
export function* exportTsv(exporting: Exporting): Generator<Piece> {
  for (const page of pages(exporting)) {
    const lines = page.map(({ id, title, shown_status, assignee }) =>
      [id, plain(String(title)), shown_status, assignee == null ? 'None' : plain(String(assignee))].join('\t'),
    );
    yield { text: lines.join('\n'), tasks: page.length };
  }
}

/** The tasks under a heading for each status, as tm 2.x wrote it. */
export function* exportMarkdown(exporting: Exporting): Generator<Piece> {
  yield { text: `# Task Orchestrator Export\n\nGenerated: ${exporting.now}\n`, tasks: 0 };
  for (const status of STATUSES) {
    let heading = `## ${titleCase(status)} Tasks\n\n`;
    for (const page of taskPages(exporting.store, exporting.ids, status)) {
      yield { text: heading + page.map(markdownItem).join('\n'), tasks: page.length };
      heading = '';
    }
    if (heading === '') yield { text: '', tasks: 0 };
  }
}

function markdownItem({ id, title, description, assignee, priority }: Row): string {
  const lines = [`- **[${id}]** ${plain(String(title))}`];
  if (description) lines.push(`  - Description: ${String(description).replace(/\r?\n/g, '\n    ')}`);
  if (assignee) lines.push(`  - Assignee: ${plain(String(assignee))}`);
  if (priority && priority !== 'medium') lines.push(`  - Priority: ${priority}`);
  return lines.join('\n');
}

/** As Python's `title()` does it: `in_progress` becomes `In_Progress`. */
function titleCase(status: string): string {
  return status.replace(/(^|_)[a-z]/g, (start) => start.toUpperCase());
}

function pages({ store, ids }: Exporting): Generator<Row[]> {
  return taskPages(store, ids);
}

function* pagesWithEdges(exporting: Exporting): Generator<Record<string, unknown>[]> {
  const { store } = exporting;
  for (const page of pages(exporting)) {
    const ids = idsOf(page);
    const dependencies = ownedRows(store, 'depends_on, type, condition', 'dependencies', ids);
    const links = ownedRows(store, 'target_id AS target, type', 'links', ids);
    const places = ownedRows(store, 'file_path AS path, line_start AS line, line_end, context', 'file_refs', ids);
    yield page.map((task) => {
      const id = String(task.id);
      return jsonTask(task, dependencies.get(id) ?? [], links.get(id) ?? [], places.get(id) ?? []);
    });
  }
}

/** The columns of tm 2.x in their order, then those that are new, then the edges. */
function jsonTask(task: Row, dependencies: readonly Row[], links: readonly Row[], places: readonly Row[]) {
  const { shown_status, status, tags, custom, sealed: _sealed, ...others } = task;
  // The status keeps its place among the columns.
  const columns = Object.fromEntries(
    Object.keys(task)
      .filter((column) => column in others || column === 'status')
      .map((column) => [column, column === 'status' ? shown_status : task[column]]),
  );
  const typed = dependencies.filter(({ type }) => type !== 'completion');
  return {
    ...columns,
    stored_status: status,
    tags: listOf(tags),
    custom: objectOf(custom),
    dependencies: dependencies.map((row) => row.depends_on),
    ...(typed.length > 0 && {
      dependency_types: Object.fromEntries(
        typed.map(({ depends_on, type, condition }) => [depends_on, { type, ...(condition != null && { condition }) }]),
      ),
    }),
    ...(links.length > 0 && { links }),
    ...(places.length > 0 && { file_refs: places.map(present) }),
  };
}

function indented(task: unknown): string {
  return JSON.stringify(task, null, 2).replace(/^/gm, '  ');
}

function present(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function idsOf(page: readonly Row[]): TaskId[] {
  return page.map(({ id }) => String(id));
}

function listOf(value: unknown): readonly string[] {
  const list = parse(value);
  if (Array.isArray(list)) return list.map(String);
  return typeof value === 'string' && value !== '' ? value.split(',').map((tag) => tag.trim()) : [];
}

function objectOf(value: unknown): unknown {
  const object = parse(value);
  return typeof object === 'object' && object !== null ? object : {};
}

function parse(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
}
