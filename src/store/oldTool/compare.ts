import { DESCRIPTION_REST } from '../../core/transfer/longText.js';
import type { Database } from '../database.js';
import type { Row, Value } from '../record.js';
import { ASIDE } from './convert.js';
import { columnsOf } from './oldStore.js';
import { readOldDescription, readOldTime } from './oldText.js';

/** One thing that was counted or compared, there and here. */
export interface Comparison {
  readonly what: string;
  readonly there: number;
  /** As many as were found again here, be it in columns, in custom fields or kept aside. */
  readonly here: number;
  /** Of those that were not, the first few. */
  readonly missing: readonly string[];
}

const EXAMPLES = 5;
const TIMES = new Set(['created_at', 'updated_at', 'completed_at', 'deadline']);

/** Looks for every row and every value of a database of tm 2.x in the converted one. Written without the conversion. */
export function compareStores(old: Database, present: Database): Comparison[] {
  const aside = (name: string): Row[] => {
    const value = present.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', [`${ASIDE}${name}`])?.value;
    return value === undefined ? [] : (JSON.parse(value) as Row[]);
  };
  const here = tasksByOldId(present);
  const results = [compareTasks(old, present, here)];
  const idOf = (id: Value | undefined) => here.get(String(id))?.id;
  const check = (table: string, found: (row: Row) => boolean) => {
    if (columnsOf(old, table).length === 0) return;
    const rows = old.all(`SELECT * FROM "${table}"`);
    const missing = rows.filter((row) => !found(row));
    results.push(
      summary(
        table,
        rows.length,
        missing.map((row) => JSON.stringify(row)),
      ),
    );
  };
  const holds = (table: string, where: string, values: readonly (Value | undefined)[]) =>
    present.get(
      `SELECT 1 FROM ${table} WHERE ${where}`,
      values.map((value) => value ?? null),
    ) !== undefined;
  const isAside = (name: string, row: Row) =>
    aside(name).some((other) => JSON.stringify(other) === JSON.stringify(row));
  check('dependencies', (row) => {
    const ends = [idOf(row.task_id), idOf(row.depends_on)];
    return holds('dependencies', 'task_id = ? AND depends_on = ?', ends) || isAside('dangling_dependencies', row);
  });
  check('participants', (row) => {
    const ends = [idOf(row.task_id), row.agent_id];
    return holds('participants', 'task_id = ? AND agent_id = ?', ends) || isAside('orphaned_participants', row);
  });
  check('collaboration_events', (row) => {
    const values = [idOf(row.task_id), row.agent_id, row.event_type, row.content];
    const found = holds(
      'collaboration_events',
      'task_id = ? AND agent_id = ? AND event_type = ? AND content = ?',
      values,
    );
    return found || isAside('orphaned_collaboration_events', row);
  });
  check('notifications', (row) =>
    holds('notifications', 'type = ? AND message = ? AND target_agent IS ?', [row.type, row.message, row.agent_id]),
  );
  check('agents', (row) => holds('agents', 'id = ? AND name = ?', [row.id, row.name]));
  check('agent_messages', (row) =>
    holds('notifications', 'sender IS ? AND target_agent IS ? AND message = ?', [
      row.from_agent,
      row.to_agent,
      row.content,
    ]),
  );
  for (const table of [
    'phases',
    'phase_dependencies',
    'phase_gates',
    'agent_workload',
    'agent_metrics',
    'agent_task_history',
  ])
    check(table, (row) => isAside(table, row));
  return results;
}

interface Found {
  readonly id: Value;
  readonly row: Row;
  readonly custom: Readonly<Record<string, unknown>>;
}

function tasksByOldId(present: Database): ReadonlyMap<string, Found> {
  return new Map(
    present.all('SELECT * FROM tasks').map((row) => {
      const custom = (row.custom == null ? {} : JSON.parse(String(row.custom))) as Record<string, unknown>;
      return [String(custom.tm2_id ?? row.id), { id: row.id ?? null, row, custom }];
    }),
  );
}

function compareTasks(old: Database, present: Database, here: ReadonlyMap<string, Found>): Comparison {
  const missing: string[] = [];
  const rows = old.all('SELECT * FROM tasks');
  for (const row of rows) {
    const found = here.get(String(row.id));
    const lost = found
      ? Object.keys(row).filter(
          (column) => row[column] != null && !isThere(present, found, column, row[column] as Value),
        )
      : ['it'];
    if (lost.length > 0) missing.push(`${row.id}: ${lost.join(', ')}`);
  }
  return summary('tasks with every value', rows.length, missing);
}

function isThere(present: Database, found: Found, column: string, value: Value): boolean {
  const { row, custom } = found;
  if (String(row[column]) === String(value) || custom[column] === value) return true;
  if (column === 'id') return custom.tm2_id === value;
  if (column === 'title') return custom.title_full === value || custom.tm2_title === value;
  if (column === 'priority') return custom.tm2_priority === value || (value === '' && row.priority === 'medium');
  // Waiting follows from the dependencies here.
  if (column === 'status') return custom.tm2_status === value || (value === 'blocked' && row.status === 'pending');
  if (TIMES.has(column)) return value === '' || readOldTime(value) === row[column];
  if (column === 'success_criteria') return sameCriteria(String(value), String(row.success_criteria));
  if (column === 'description') return isDescriptionThere(present, found, String(value));
  return value === '';
}

/** The words, each file and each `key:value` of a description. */
function isDescriptionThere(present: Database, { row, custom, id }: Found, value: string): boolean {
  const { text, places, meta } = readOldDescription(value);
  const found = new Set(
    present
      .all('SELECT file_path, line_start, line_end FROM file_refs WHERE task_id = ?', [id])
      .map((place) => `${place.file_path}:${place.line_start ?? ''}:${place.line_end ?? ''}`),
  );
  return (
    `${row.description ?? ''}${custom[DESCRIPTION_REST] ?? ''}` === text &&
    places.every(({ path, line, endLine }) => found.has(`${path}:${line ?? ''}:${endLine ?? ''}`)) &&
    Object.entries(meta).every(([key, word]) => custom[key] === word)
  );
}

function sameCriteria(there: string, here: string): boolean {
  const read = (text: string) => {
    try {
      return (JSON.parse(text) as { criterion: string; measurable?: unknown }[]).map(
        ({ criterion, measurable }) => `${criterion}\0${measurable ?? ''}`,
      );
    } catch {
      return [text];
    }
  };
  return JSON.stringify(read(there)) === JSON.stringify(read(here));
}

function summary(what: string, there: number, missing: readonly string[]): Comparison {
  return { what, there, here: there - missing.length, missing: missing.slice(0, EXAMPLES) };
}
