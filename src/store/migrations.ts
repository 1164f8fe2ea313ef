import type { Database } from './database.js';
import { SCHEMA_3, SCHEMA_4, SCHEMA_5 } from './schema.js';

/** A step from one version of the schema to the next. Forward only; it adds, and removes nothing. */
export interface Migration {
  /** The version that it leads to. */
  readonly version: number;
  /** What it does, for the person who is asked. */
  readonly description: string;
  readonly sql: string;
}

const MIGRATIONS: readonly Migration[] = [
  {
    version: 2,
    description: 'claims remember the branch and the worktree that they were made in; ready tasks are found faster',
    sql: `
      ALTER TABLE tasks ADD COLUMN claim_branch TEXT;
      ALTER TABLE tasks ADD COLUMN claim_worktree TEXT;
      CREATE INDEX IF NOT EXISTS idx_task_open ON tasks (id, status);`,
  },
  {
    version: 3,
    description:
      'agents, messages and notifications that each agent reads for itself, tracked time, the archive, the origin of imported tasks, encrypted fields',
    sql: `
      ALTER TABLE tasks ADD COLUMN archived_at TEXT;
      ALTER TABLE tasks ADD COLUMN sealed TEXT;
      ALTER TABLE notifications ADD COLUMN sender TEXT;
      ALTER TABLE notifications ADD COLUMN priority TEXT;
      ${SCHEMA_3}`,
  },
  { version: 4, description: 'analyses of complexity and effort', sql: SCHEMA_4 },
  { version: 5, description: 'runs of code and commits of tasks', sql: SCHEMA_5 },
];

/** The steps that lead from `version` to the present schema, in their order. */
export function pendingMigrations(version: number): readonly Migration[] {
  return MIGRATIONS.filter((migration) => migration.version > version);
}

export function schemaVersion(database: Database): number {
  return database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

/** Brings a database in memory to the present schema: all of it or nothing. */
export function migrate(database: Database): void {
  const pending = pendingMigrations(schemaVersion(database));
  if (pending.length === 0) return;
  database.exec('SAVEPOINT migration');
  try {
    for (const { sql, version } of pending) database.exec(`${sql}; PRAGMA user_version = ${version};`);
    database.exec('RELEASE migration');
  } catch (error) {
    database.exec('ROLLBACK TO migration; RELEASE migration');
    throw error;
  }
}
