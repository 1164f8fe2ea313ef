import { idFrom } from '../../core/transfer/contentHash.js';
import { type FidelityNote, Readings } from '../../core/transfer/readings.js';
import { Database } from '../database.js';
import type { Engine } from '../engine/engine.js';
import { setMetaValue } from '../image.js';
import type { Row, Value } from '../record.js';
import { SCHEMA, SCHEMA_VERSION } from '../schema.js';
import { columnsOf } from './oldStore.js';
import { convertTalk, type OldEvent } from './oldTalk.js';
import { convertTasks } from './oldTasks.js';

/** A store of tm 2.x in the present schema. */
export interface Conversion {
  readonly database: Database;
  readonly notes: readonly FidelityNote[];
  /** How many rows of each old table were read. */
  readonly read: Readonly<Record<string, number>>;
}

/** What the steps of a conversion share. */
export interface Converting {
  readonly old: Database;
  readonly now: string;
  readonly readings: Readings;
  /** Ids here by the ids there: the same, unless those could be none here. */
  readonly ids: Map<string, string>;
  rows(table: string): readonly Row[];
  insert(table: string, row: Readonly<Record<string, Value | undefined>>): void;
  /** Rows that no table here has a place for. */
  keepAside(name: string, rows: readonly Row[]): void;
}

/** Tables that have a counterpart here; every other one is kept aside as it is. */
const CONVERTED = new Set([
  'tasks',
  'dependencies',
  'notifications',
  'participants',
  'collaboration_events',
  'agents',
  'agent_messages',
  'phases',
]);

/** Under this name in `meta` are the rows of tables that have no counterpart here, as JSON. */
export const ASIDE = 'tm2.';

/**
 * Builds the present schema's database from one of tm 2.x: what has a column goes there, everything else goes into custom
 * fields or is kept in `meta`. `events` are what earlier versions kept in files. The same input gives the same rows.
 */
export function convertOldStore(engine: Engine, old: Database, now: string, events: readonly OldEvent[]): Conversion {
  const database = new Database(engine);
  database.exec(`${SCHEMA}PRAGMA user_version = ${SCHEMA_VERSION};`);
  const readings = new Readings();
  const aside = new Map<string, Row[]>();
  const read: Record<string, number> = {};
  const converting: Converting = {
    old,
    now,
    readings,
    ids: new Map(),
    rows: (table) => {
      const rows = columnsOf(old, table).length === 0 ? [] : old.all(`SELECT * FROM "${table}" ORDER BY rowid`);
      if (rows.length > 0) read[table] = rows.length;
      return rows;
    },
    insert: (table, row) => {
      const given = Object.entries(row).filter((entry): entry is [string, Value] => entry[1] !== undefined);
      const columns = given.map(([column]) => column);
      database.run(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        given.map(([, value]) => value),
      );
    },
    keepAside: (name, rows) => {
      if (rows.length > 0) aside.set(name, [...(aside.get(name) ?? []), ...rows]);
    },
  };
  database.together(() => {
    convertTasks(converting);
    convertTalk(converting, events);
    for (const table of otherTables(old)) {
      converting.keepAside(table, converting.rows(table));
      if (aside.has(table)) readings.note(table, `no table here: its rows are kept in meta as ${ASIDE}${table}`, table);
    }
    for (const [name, rows] of aside) setMetaValue(database, `${ASIDE}${name}`, JSON.stringify(rows));
    // The same each time it is read, so that nothing looks new that is not.
    setMetaValue(database, 'store_id', `tm2-${idFrom(JSON.stringify([...converting.ids.keys()]))}`);
    const last = database.get<{ number: number | null }>('SELECT max(number) AS number FROM tasks')?.number;
    if (last) setMetaValue(database, 'last_number', last);
  });
  return { database, notes: readings.notes, read };
}

function otherTables(old: Database): string[] {
  return old
    .all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .map(({ name }) => name)
    .filter((name) => !CONVERTED.has(name) && /^\w+$/.test(name));
}
