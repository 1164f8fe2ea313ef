import { contentHash, idFrom } from '../../core/transfer/contentHash.js';
import type { Row, Value } from '../record.js';
import type { Converting } from './convert.js';
import { readOldTime } from './oldText.js';

/** Something that versions before 2.9 kept in a file beside the database. */
export interface OldEvent {
  readonly task: string;
  readonly agent: string;
  /** `update`, `discovery`, `sync`, `progress`, or `note` for what only its writer sees. */
  readonly type: string;
  readonly content: string;
  /** As it was written there; undefined where the file does not say. */
  readonly at?: string;
}

/** What agents said and are to be told: events, participants, notifications, messages, and the agents themselves. */
export function convertTalk(converting: Converting, events: readonly OldEvent[]): void {
  const orphans = (table: string, rows: readonly Row[]) => {
    converting.keepAside(`orphaned_${table}`, rows);
    for (const row of rows)
      converting.readings.note(table, 'of a task that was deleted: kept aside in meta', String(row.task_id));
  };
  const participants = splitOrphans(converting, converting.rows('participants'));
  for (const { task, row } of participants.found) {
    const joined = timeOr(converting, row.joined_at);
    converting.insert('participants', { task_id: task, agent_id: row.agent_id, joined_at: joined });
  }
  orphans('participants', participants.orphans);
  const told = splitOrphans(converting, converting.rows('collaboration_events'));
  for (const { task, row } of told.found) insertEvent(converting, task, row, `event ${row.seq}`);
  orphans('collaboration_events', told.orphans);
  convertFiles(converting, events);
  const agents = convertAgents(converting);
  convertNotifications(converting, agents);
  convertMessages(converting, agents);
}

function convertFiles(converting: Converting, events: readonly OldEvent[]): void {
  const { ids, readings } = converting;
  const lost: Row[] = [];
  events.forEach(({ task, agent, type, content, at }, index) => {
    const row = { task_id: task, agent_id: agent, event_type: type, content, created_at: at ?? null, request_id: null };
    const id = ids.get(task);
    if (id !== undefined) insertEvent(converting, id, row, `file ${index} ${task} ${agent}`);
    else {
      lost.push(row);
      readings.note('files', 'notes and contexts of a task that was deleted: kept aside in meta', task);
    }
  });
  converting.keepAside('orphaned_files', lost);
}

function insertEvent(converting: Converting, task: string, row: Row, name: string): void {
  converting.insert('collaboration_events', {
    task_id: task,
    agent_id: row.agent_id == null ? 'unknown' : String(row.agent_id),
    event_type: row.event_type == null ? 'update' : String(row.event_type),
    content: row.content == null ? '' : String(row.content),
    request_id: row.request_id ?? null,
    created_at: timeOr(converting, row.created_at),
    uid: idFrom(`${name} ${contentHash(String(row.content))}`),
  });
}

/** Those that registered themselves. Returns everybody who is known, registered or not. */
function convertAgents(converting: Converting): ReadonlySet<string> {
  const known = new Set<string>();
  for (const row of converting.rows('agents')) {
    const { id, name, type, capabilities, status, registered_at, last_heartbeat, metadata } = row;
    known.add(String(id));
    const registered = timeOr(converting, registered_at);
    converting.insert('agents', {
      id: String(id),
      name: String(name ?? id),
      type: type == null || type === '' ? 'general' : String(type),
      capabilities: isJsonList(capabilities) ? String(capabilities) : JSON.stringify(words(capabilities)),
      status: String(status ?? 'active'),
      registered_at: registered,
      updated_at: readOldTime(last_heartbeat) ?? registered,
    });
    if (metadata != null) converting.keepAside('agents', [row]);
  }
  const { old } = converting;
  const named = (sql: string) => {
    for (const { who } of old.all<{ who: string }>(sql)) if (who) known.add(String(who));
  };
  named('SELECT DISTINCT assignee AS who FROM tasks WHERE assignee IS NOT NULL');
  if (converting.rows('participants').length > 0) named('SELECT DISTINCT agent_id AS who FROM participants');
  if (converting.rows('collaboration_events').length > 0)
    named('SELECT DISTINCT agent_id AS who FROM collaboration_events');
  return known;
}

/** tm 2.x had one mark for all: what was read is read by whom it was for, or by everybody who was known. */
function convertNotifications(converting: Converting, agents: ReadonlySet<string>): void {
  const { ids, readings, insert } = converting;
  for (const row of converting.rows('notifications')) {
    const id = contentHash(`notification ${row.id}`);
    const task = row.task_id == null ? undefined : ids.get(String(row.task_id));
    if (row.task_id != null && task === undefined) {
      readings.note('notifications', 'about a task that was deleted: kept without the task', String(row.task_id));
    }
    const at = timeOr(converting, row.created_at);
    insert('notifications', {
      id,
      task_id: task ?? null,
      type: String(row.type ?? 'info'),
      target_agent: row.agent_id ?? null,
      message: String(row.message ?? ''),
      created_at: at,
      acknowledged: row.read ? 1 : 0,
    });
    if (!row.read) continue;
    for (const agent of row.agent_id == null ? agents : [String(row.agent_id)])
      insert('notification_reads', { notification_id: id, agent_id: agent, read_at: at });
  }
}

function convertMessages(converting: Converting, agents: ReadonlySet<string>): void {
  for (const row of converting.rows('agent_messages')) {
    const id = contentHash(`message ${row.id}`);
    const at = timeOr(converting, row.created_at);
    const read = row.status === 'read' || row.status === 'acknowledged' || row.read_at != null;
    converting.insert('notifications', {
      id,
      type: 'message',
      target_agent: row.to_agent ?? null,
      message: String(row.content ?? ''),
      created_at: at,
      acknowledged: row.status === 'acknowledged' ? 1 : 0,
      sender: row.from_agent ?? null,
      priority: row.priority ?? null,
    });
    if (row.metadata != null) converting.keepAside('agent_messages', [row]);
    if (!read) continue;
    for (const agent of row.to_agent == null ? agents : [String(row.to_agent)])
      converting.insert('notification_reads', {
        notification_id: id,
        agent_id: agent,
        read_at: readOldTime(row.read_at) ?? at,
      });
  }
}

function splitOrphans({ ids }: Converting, rows: readonly Row[]) {
  const found: { task: string; row: Row }[] = [];
  const orphans: Row[] = [];
  for (const row of rows) {
    const task = ids.get(String(row.task_id));
    if (task === undefined) orphans.push(row);
    else found.push({ task, row });
  }
  return { found, orphans };
}

function timeOr({ now, readings }: Converting, value: Value | undefined): string {
  const time = readOldTime(value);
  if (time === undefined && value != null)
    readings.note('times', 'cannot be read: the time of the migration instead', String(value));
  return time ?? now;
}

function isJsonList(value: Value | undefined): boolean {
  try {
    return Array.isArray(JSON.parse(String(value)));
  } catch {
    return false;
  }
}

function words(value: Value | undefined): string[] {
  return String(value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
