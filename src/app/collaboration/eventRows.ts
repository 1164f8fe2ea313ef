import { parseProgress } from '../../core/collaboration/progressText.js';
import { OrchestratorError } from '../../core/model/errors.js';
import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../../store/record.js';
import { openRow } from '../../store/sealing/sealedRows.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import type { Ids } from '../ports.js';
import type { EventType, EventView, ParticipantView } from './collaborationInputs.js';

/** What goes into the table of events. */
export interface NewEvent {
  readonly task: TaskId;
  readonly type: EventType;
  readonly text: string;
  /** Names the entry, so that a repetition enters nothing twice. */
  readonly request?: string | undefined;
}

/**
 * Enters an event in the actor's name. One that was entered under the same request already is given back instead.
 * Throws CONFLICT where that one said something else.
 */
export function insertEvent(transaction: Transaction, ids: Ids, event: NewEvent): { event: EventView; isNew: boolean } {
  const { task, type, text } = event;
  const request = event.request === undefined ? undefined : `${type}:${event.request}`;
  if (request !== undefined) {
    const row = transaction.get('SELECT * FROM collaboration_events WHERE task_id = ? AND request_id = ?', [
      task,
      request,
    ]);
    if (row) {
      // A transaction reads ciphertext.
      if (transaction.vault.isOn) transaction.vault.requireKey();
      const before = openRow(transaction.vault, row);
      return { event: answeredBefore(before, transaction.actor, text, event.request as string), isNew: false };
    }
  }
  const uid = newUid(transaction, ids);
  transaction.insert('collaboration_events', {
    uid,
    task_id: task,
    agent_id: transaction.actor,
    event_type: type,
    content: text,
    created_at: transaction.at,
    ...(request !== undefined && { request_id: request }),
  });
  return { event: viewOf({ uid, type, agent: transaction.actor, at: transaction.at, text }), isNew: true };
}

function answeredBefore(row: Row, actor: string, text: string, request: string): EventView {
  const before = eventOf(row);
  if (before.agent === actor && before.text === text) return before;
  throw new OrchestratorError(
    'CONFLICT',
    `The request “${request}” was made already, with another text. Nothing was entered; give this one a name of its own.`,
    { request, event: before.id },
  );
}

/** Everything shared on a task, in its order. */
export function readShared(store: RowReader, task: TaskId): EventView[] {
  const rows = store.all("SELECT * FROM collaboration_events WHERE task_id = ? AND event_type != 'note' ORDER BY seq", [
    task,
  ]);
  return rows.map(eventOf);
}

/** An agent's own notes on a task, in their order. */
export function readNotes(store: RowReader, task: TaskId, agent: string): EventView[] {
  const rows = store.all(
    "SELECT * FROM collaboration_events WHERE task_id = ? AND agent_id = ? AND event_type = 'note' ORDER BY seq",
    [task, agent],
  );
  return rows.map(eventOf);
}

/** Who joined a task, in that order. */
export function readParticipants(store: RowReader, task: TaskId): ParticipantView[] {
  const rows = store.all<{ agent: string; at: string }>(
    'SELECT agent_id AS agent, joined_at AS at FROM participants WHERE task_id = ? ORDER BY joined_at, agent_id',
    [task],
  );
  return rows.map(({ agent, at }) => ({ agent, joinedAt: isoTime(at) }));
}

/** A time as SQLite's `CURRENT_TIMESTAMP` writes it for rows of other programs, or ours, as UTC ISO 8601. */
export function isoTime(text: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}.000Z` : text;
}

function eventOf(row: Row): EventView {
  return viewOf({
    uid: String(row.uid),
    type: String(row.event_type),
    agent: String(row.agent_id),
    at: isoTime(String(row.created_at)),
    text: String(row.content),
  });
}

function viewOf({ uid, ...event }: Omit<EventView, 'id' | 'percent'> & { uid: string }): EventView {
  const percent = event.type === 'progress' ? percentOf(event.text) : undefined;
  return { id: uid, ...event, ...(percent !== undefined && { percent }) };
}

function percentOf(text: string): number | undefined {
  try {
    return parseProgress(text).percent;
  } catch {
    // Another program's text: it says more than 100 %.
    return undefined;
  }
}

function newUid(transaction: Transaction, ids: Ids): string {
  for (;;) {
    const uid = ids.next();
    if (!transaction.get('SELECT 1 FROM collaboration_events WHERE uid = ?', [uid])) return uid;
  }
}
