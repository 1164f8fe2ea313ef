import { taskName } from '../../../core/model/taskId.js';
import type { Row } from '../../../store/record.js';
import { openRow } from '../../../store/sealing/sealedRows.js';
import type { RowReader } from '../../../store/transaction.js';

/** The tasks of a document as text, by number: what is compared before and after. */
export function outlineOf(reader: RowReader, source: string): string {
  const rows = reader.all<Row>(
    'SELECT tasks.* FROM imported JOIN tasks ON tasks.id = task_id WHERE source = ? ORDER BY number',
    [source],
  );
  return rows.map((row) => linesOf(reader, openRow(reader.vault, row)).join('\n')).join('\n\n');
}

function linesOf(reader: RowReader, row: Row): string[] {
  const number = Number(row.number);
  const waits = reader.all<{ number: number; title: string }>(
    'SELECT number, title FROM dependencies JOIN tasks ON tasks.id = depends_on WHERE task_id = ? ORDER BY number',
    [row.id ?? null],
  );
  const places = reader.all<{ path: string; first: number | null; last: number | null }>(
    'SELECT file_path AS path, line_start AS first, line_end AS last FROM file_refs WHERE task_id = ? ORDER BY uid',
    [row.id ?? null],
  );
  const criteria =
    typeof row.success_criteria === 'string'
      ? (JSON.parse(row.success_criteria) as { criterion: string; done?: boolean }[])
      : [];
  const facts = ['status', 'priority', 'type', 'assignee', 'milestone', 'project'].flatMap((column) =>
    row[column] == null ? [] : `${column}: ${row[column]}`,
  );
  return [
    `${taskName(number)}  ${row.title}`,
    `    ${facts.join(' · ')}`,
    ...(row.estimated_hours == null ? [] : [`    estimate: ${row.estimated_hours} h`]),
    ...(typeof row.tags === 'string' ? [`    tags: ${(JSON.parse(row.tags) as string[]).join(', ')}`] : []),
    ...(typeof row.description === 'string' ? row.description.split('\n').map((line) => `    ${line}`) : []),
    ...criteria.map(({ criterion, done }) => `    [${done ? 'x' : ' '}] ${criterion}`),
    ...waits.map((other) => `    depends on ${taskName(other.number)}  ${other.title}`),
    ...places.map(
      ({ path, first, last }) => `    ${path}${first === null ? '' : `:${first}${last === null ? '' : `-${last}`}`}`,
    ),
  ];
}
