import type { Row } from '../../store/record.js';
import type { Transaction } from '../../store/transaction.js';
import type { Clock, Ids, StoreFolder } from '../ports.js';

/** What happened, without anybody's words. */
export interface TelemetryEvent {
  readonly type: 'task_created' | 'task_completed' | 'criteria_validated';
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

const FOLDER = 'telemetry';
/** So many days are kept, and so many characters of one. */
const DAYS = 30;
const LARGEST = 1024 * 1024;
const HOUR = 3_600_000;

/** Counts of what happens, in files beside the store and nowhere else. Whoever calls has made sure that it is wanted. */
export class Telemetry {
  readonly #folder: StoreFolder;
  readonly #clock: Clock;
  readonly #session: string;

  constructor({ folder, clock, ids }: { folder: StoreFolder; clock: Clock; ids: Ids }) {
    this.#folder = folder;
    this.#clock = clock;
    this.#session = (ids.next() + ids.next()).slice(0, 12);
  }

  /** Adds events to the file of the day and renews its counts; what is too much for a day is left out. */
  record(events: readonly TelemetryEvent[]): void {
    if (events.length === 0) return;
    const timestamp = this.#clock.now();
    const day = timestamp.slice(0, 10).replaceAll('-', '');
    const name = `${FOLDER}/events_${day}.jsonl`;
    try {
      const before = this.#folder.read(name);
      if (before === undefined) this.#dropOldest();
      let room = LARGEST - (before?.length ?? 0);
      const lines = events
        .map(
          ({ type, data }) => `${JSON.stringify({ event_type: type, timestamp, session_id: this.#session, data })}\n`,
        )
        .filter((line) => {
          room -= line.length;
          return room >= 0;
        });
      if (lines.length === 0) return;
      this.#folder.append(name, lines.join(''));
      this.#folder.write(`${FOLDER}/summary_${day}.json`, `${JSON.stringify(counts(this.#folder.read(name) ?? ''))}\n`);
    } catch {
      // What is counted is worth less than what was done: a folder that cannot be written stops nobody.
    }
  }

  #dropOldest(): void {
    const names = this.#folder.list(FOLDER).filter((name) => name.startsWith('events_'));
    for (const name of names.slice(0, Math.max(0, names.length - DAYS + 1))) {
      this.#folder.remove(`${FOLDER}/${name}`);
      this.#folder.remove(`${FOLDER}/${name.replace(/^events_(.*)\.jsonl$/, 'summary_$1.json')}`);
    }
  }
}

/** The events of a transaction: tasks that are new, and those that it completed. */
export function eventsOf(transaction: Transaction): TelemetryEvent[] {
  const { changes } = transaction;
  // What is put back was there before.
  const restored = new Set(
    changes.filter(({ table, after }) => table === 'trash' && after === null).map(({ key }) => key[0]),
  );
  const edges = changes.filter(({ table, before }) => table === 'dependencies' && before === null);
  return changes
    .filter(({ table, key }) => table === 'tasks' && !restored.has(key[0] ?? null))
    .flatMap(({ key, before, after }): TelemetryEvent[] => {
      const id = String(key[0]);
      if (before === null && after !== null)
        return [{ type: 'task_created', data: created(id, after, edges.filter((edge) => edge.key[0] === id).length) }];
      if (after?.status !== 'completed' || before === null) return [];
      const row = transaction.get('SELECT * FROM tasks WHERE id = ?', [id]) ?? {};
      return [{ type: 'task_completed', data: completed(id, row, transaction.at) }];
    });
}

function created(task_id: string, row: Row, dependencies: number): TelemetryEvent['data'] {
  return {
    task_id,
    priority: row.priority ?? null,
    has_description: row.description != null || row.sealed != null,
    has_criteria: row.success_criteria != null,
    has_deadline: row.deadline != null,
    has_estimate: row.estimated_hours != null,
    has_assignee: row.assignee != null,
    dependencies,
  };
}

function completed(task_id: string, row: Row, at: string): TelemetryEvent['data'] {
  const open = (Date.parse(at) - Date.parse(String(row.created_at))) / HOUR;
  return {
    task_id,
    hours_open: Number.isFinite(open) ? Math.round(open * 100) / 100 : null,
    has_summary: row.completion_summary != null || String(row.sealed ?? '').includes('completion_summary'),
    estimated_hours: row.estimated_hours ?? null,
    actual_hours: row.actual_hours ?? null,
  };
}

/** How often each event stands in a file, and in how many sessions. A line that its writer did not finish is left out. */
function counts(text: string): { events: Record<string, number>; sessions: number } {
  const events: Record<string, number> = {};
  const sessions = new Set<string>();
  for (const line of text.split('\n')) {
    const match = /^\{"event_type":"(\w+)".*?"session_id":"([0-9a-f]+)".*\}$/.exec(line);
    if (!match?.[1] || !match[2]) continue;
    events[match[1]] = (events[match[1]] ?? 0) + 1;
    sessions.add(match[2]);
  }
  return { events, sessions: sessions.size };
}
