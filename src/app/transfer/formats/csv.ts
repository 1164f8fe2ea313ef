import { CsvError, parse } from 'csv-parse/sync';
import { InvalidInputError } from '../../../core/model/errors.js';
import { Readings } from '../../../core/transfer/readings.js';
import { TaskReading } from '../../../core/transfer/taskReading.js';
import { type SourceFile, textOf } from '../importSource.js';
import { nameWithout } from './namelessIds.js';

/** What a column of a CSV file can be, with the names by which one is known without being told. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'key', 'issue key', 'issue id', 'task id'],
  title: ['title', 'summary', 'name', 'task', 'task name', 'subject'],
  description: ['description', 'body', 'details', 'notes'],
  status: ['status', 'state'],
  priority: ['priority'],
  type: ['type', 'issue type'],
  assignee: ['assignee', 'assigned to', 'owner'],
  tags: ['tags', 'labels'],
  parent: ['parent', 'parent id'],
  project: ['project'],
  milestone: ['milestone', 'sprint'],
  due: ['due', 'due date', 'deadline'],
  not_before: ['not before', 'not_before', 'start date'],
  estimated_hours: ['estimated_hours', 'estimate', 'estimated hours'],
  actual_hours: ['actual_hours', 'actual hours', 'time spent'],
  depends_on: ['depends_on', 'depends on', 'dependencies', 'blocked by'],
  files: ['files', 'file_refs'],
  created_at: ['created_at', 'created', 'created at'],
  updated_at: ['updated_at', 'updated', 'updated at'],
  completed_at: ['completed_at', 'completed', 'resolved', 'completed at'],
  created_by: ['created_by', 'reporter', 'author', 'created by'],
  number: ['number'],
};

/** Which column of a file is which field: `{title: 'Name'}`. */
export type ColumnMap = Readonly<Record<string, string>>;

/** Reads `title=Name,assignee=Owner`. Throws INVALID_INPUT naming the field that there is not. */
export function readColumnMap(words: readonly string[]): ColumnMap {
  const pairs = words.flatMap((word) => word.split(',')).filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [field = '', column = ''] = pair.split(/=(.*)/s).map((part) => part.trim());
      if (!Object.hasOwn(FIELDS, field) || column === '') {
        const known = Object.keys(FIELDS).join(', ');
        throw new InvalidInputError('map', `--map ${pair}: write FIELD=COLUMN, where FIELD is one of ${known}.`);
      }
      return [field, column];
    }),
  );
}

/** Rows with a header, separated by commas, semicolons or tabs. All mistakes of all rows are collected. */
export function readCsv(file: SourceFile, map: ColumnMap = {}): Readings {
  const text = textOf(file);
  const readings = new Readings();
  const [header = [], ...rows] = parseRows(text, file.path);
  const columns = columnsOf(header, map);
  const taken = new Set(columns.values());
  rows.forEach((cells, at) => {
    // Rows count as a spreadsheet shows them: the header is the first.
    const where = `row ${at + 2}`;
    if (cells.every((cell) => cell.trim() === '')) return;
    if (cells.length !== header.length)
      readings.refuse(where, 'row', `has ${cells.length} values, the header has ${header.length}.`);
    const value = (field: string) => {
      const column = columns.get(field);
      return column === undefined ? '' : (cells[column] ?? '').trim();
    };
    const task = new TaskReading(readings, value('id') || nameWithout(value('title'), readings), where, {
      strict: true,
    });
    readRow(task, value);
    header.forEach((name, column) => {
      if (!taken.has(column) && name.trim() !== '') task.keep(name.trim(), (cells[column] ?? '').trim());
    });
    task.finish(value('id'));
  });
  return readings;
}

function readRow(task: TaskReading, value: (field: string) => string): void {
  task.title(value('title'));
  task.description(value('description'));
  task.status(value('status'), { open: 'pending', todo: 'pending', to_do: 'pending', closed: 'completed' });
  task.priority(value('priority'));
  for (const field of ['type', 'assignee', 'project', 'milestone']) task.word(field, value(field));
  task.tags(value('tags').split(/[,;\s]+/));
  task.parent(value('parent'));
  for (const other of value('depends_on').split(/[,;\s]+/)) task.dependsOn(other);
  for (const place of value('files').split(/[,;\s]+/)) task.place(place);
  task.time('deadline', value('due'));
  for (const field of ['not_before', 'created_at', 'updated_at', 'completed_at']) task.time(field, value(field));
  for (const field of ['estimated_hours', 'actual_hours']) task.hours(field, value(field));
  task.number('number', value('number'));
  task.put('created_by', value('created_by') || null);
}

function parseRows(text: string, path: string): string[][] {
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].sort((a, b) => first.split(b).length - first.split(a).length)[0];
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: false, bom: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InvalidInputError('file', `${path} is not valid CSV: ${error.message}. Nothing was imported.`);
  }
}

/** Which field stands in which column. Throws INVALID_INPUT where a mapped column is not there, and without a title. */
function columnsOf(header: readonly string[], map: ColumnMap): ReadonlyMap<string, number> {
  const names = header.map((name) => name.trim().toLowerCase());
  const columns = new Map<string, number>();
  const there = `There are ${header.map((name) => `“${name.trim()}”`).join(', ')}.`;
  for (const [field, column] of Object.entries(map)) {
    const at = names.indexOf(column.toLowerCase());
    if (at < 0) throw new InvalidInputError('map', `--map ${field}=${column}: there is no such column. ${there}`);
    columns.set(field, at);
  }
  const mapped = new Set(columns.values());
  for (const [field, known] of Object.entries(FIELDS)) {
    if (columns.has(field)) continue;
    const at = known.map((name) => names.indexOf(name)).find((index) => index >= 0 && !mapped.has(index));
    if (at !== undefined) columns.set(field, at);
  }
  if (!columns.has('title'))
    throw new InvalidInputError('map', `No column is the title; say which, as --map title=COLUMN. ${there}`);
  return columns;
}
