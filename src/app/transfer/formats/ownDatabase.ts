import { type FidelityNote, Readings } from '../../../core/transfer/readings.js';
import type { Row } from '../../../store/record.js';
import type { RowReader } from '../../../store/transaction.js';
import { readOwnRow } from './ownRows.js';

/** The tasks of another store of this tool, or of one of tm 2.x in the present schema; `notes` say what that cost. */
export function readOwnDatabase(rows: RowReader, notes: readonly FidelityNote[] = []): Readings {
  const readings = new Readings();
  readings.take(notes);
  const dependencies = byTask(
    rows.all('SELECT task_id, depends_on AS id, type, condition FROM dependencies ORDER BY id'),
  );
  const links = byTask(rows.all('SELECT task_id, target_id AS target, type FROM links ORDER BY 1, 2, 3'));
  const places = byTask(
    rows.all(
      'SELECT task_id, file_path AS path, line_start AS line, line_end AS endLine, context FROM file_refs ORDER BY id',
    ),
  );
  const events = byTask(
    rows.all(
      'SELECT task_id, agent_id AS agent, event_type AS type, content, created_at AS at FROM collaboration_events ORDER BY seq',
    ),
  );
  const participants = byTask(
    rows.all('SELECT task_id, agent_id AS agent, joined_at AS at FROM participants ORDER BY 1, 2'),
  );
  for (const { number, ...task } of rows.all('SELECT * FROM tasks ORDER BY number')) {
    const id = String(task.id);
    const lists = {
      links: links.get(id),
      file_refs: places.get(id),
      events: events.get(id),
      participants: participants.get(id),
    };
    readOwnRow({ ...task, number, dependencies: dependencies.get(id) ?? [], ...lists }, `task ${id}`, readings);
    if (task.sealed != null)
      readings.note('sealed', 'encrypted fields: their key is the other store’s, they are left out', id);
  }
  for (const table of ['notifications', 'time_entries', 'agents', 'trash']) {
    const count = rows.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n ?? 0;
    for (let at = 0; at < count; at += 1)
      readings.note(table, 'not tasks: left out; “tm migrate” and a lossless export bring them over', table);
  }
  return readings;
}

function byTask(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const { task_id, ...row } of rows) {
    const list = found.get(String(task_id));
    if (list) list.push(row);
    else found.set(String(task_id), [row]);
  }
  return found;
}
