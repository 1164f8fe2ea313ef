import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import type { ImportInput } from '../../../src/app/transfer/importInputs.js';
import type { ImportSource, SourceFile } from '../../../src/app/transfer/importSource.js';
import { Imports } from '../../../src/app/transfer/imports.js';
import { makeOldStore } from '../../fixtures/oldStores.js';
import { testEngine } from '../../support/engine.js';
import { storePath } from '../../support/stores.js';
import { openPlan, TestClock } from './openPlan.js';

// Local times of tm 2.x are read in the machine's zone.
process.env.TZ = 'UTC';

const peers = join(import.meta.dirname, '../../fixtures/peers');

function sourceOf(path: string): ImportSource {
  const name = basename(path);
  if (!statSync(path).isDirectory()) return { name, folder: false, files: [{ path: name, bytes: readFileSync(path) }] };
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file): SourceFile => ({ path: file, bytes: readFileSync(join(path, file)) }));
  return { name, folder: true, files };
}

/** Ids count up from a fixed one, times stand still: the same rows each time. */
async function emptyPlan(): Promise<Orchestrator> {
  let id = 0;
  const ids = { next: () => (++id).toString(16).padStart(8, '0') };
  return openPlan(storePath(), { ids, clock: new TestClock() });
}

function seed002(): ImportSource {
  const database = new sql.Database();
  database.run(`
    CREATE TABLE tasks (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, description TEXT,
      status TEXT NOT NULL DEFAULT 'pending', priority INTEGER DEFAULT 0, dependencies TEXT DEFAULT '[]',
      tags TEXT DEFAULT '[]', code_language TEXT, execution_environment TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP,
      updated_at TEXT DEFAULT CURRENT_TIMESTAMP, completed_at TEXT);
    CREATE TABLE code_executions (id INTEGER PRIMARY KEY AUTOINCREMENT, task_id INTEGER NOT NULL, language TEXT NOT NULL,
      code TEXT NOT NULL, output TEXT, error TEXT, exit_code INTEGER, execution_time REAL,
      timestamp TEXT DEFAULT CURRENT_TIMESTAMP, FOREIGN KEY (task_id) REFERENCES tasks(id));
    CREATE TABLE git_commits (id INTEGER PRIMARY KEY AUTOINCREMENT, task_id INTEGER NOT NULL, commit_hash TEXT NOT NULL,
      commit_message TEXT, author TEXT, timestamp TEXT DEFAULT CURRENT_TIMESTAMP, FOREIGN KEY (task_id) REFERENCES tasks(id));
    INSERT INTO tasks (title, description, status, priority, dependencies, tags, code_language, created_at, updated_at, completed_at)
    VALUES ('Parser', 'Reads it', 'completed', 4, '[]', '["api","core"]', 'python', '2025-07-01 10:00:00', '2025-07-01 11:00:00', '2025-07-01T11:00:00.000Z'),
      ('Printer', NULL, 'blocked', 1, '[1, 77]', '[]', NULL, '2025-07-01 10:05:00', '2025-07-01 10:05:00', NULL),
      ('Untitled Task', NULL, 'pending', 9, '[2]', '[]', NULL, '2025-07-01 10:06:00', '2025-07-01 10:06:00', NULL);
    INSERT INTO code_executions (task_id, language, code, output, exit_code, execution_time, timestamp)
    VALUES (1, 'python', 'print(1 + 1)', '2', 0, 0.5, '2025-07-01 10:30:00');
    INSERT INTO git_commits (task_id, commit_hash, commit_message, author, timestamp)
    VALUES (1, 'abc123', 'Parse', 'ann', '2025-07-01 10:40:00');`);
  const bytes = database.export();
  database.close();
  return { name: 'tasks.db', folder: false, files: [{ path: 'tasks.db', bytes }] };
}

const sql = await initSqlJs();

function oldStore(): ImportSource {
  const path = storePath();
  makeOldStore(path, '2.9.0');
  return { name: 'old/tasks.db', folder: false, files: [{ path: 'tasks.db', bytes: readFileSync(path) }] };
}

/** What an import left, without the columns that are empty. */
function contentOf({ plan }: Orchestrator): Record<string, unknown[]> {
  const tables = ['tasks', 'dependencies', 'links', 'file_refs', 'collaboration_events', 'participants', 'imported'];
  return Object.fromEntries(
    tables.map((table) => [
      table,
      plan.store
        .all(`SELECT * FROM ${table} ORDER BY ${table === 'tasks' ? 'number' : '1, 2, 3'}`)
        .map(({ content: _content, content_hash: _hash, uid: _uid, anchor: _anchor, ...row }) =>
          Object.fromEntries(
            Object.entries(table === 'collaboration_events' ? { ...row, content: _content } : row).filter(
              ([column, value]) => value !== null && !['version', 'claim_version'].includes(column),
            ),
          ),
        ),
    ]),
  );
}

interface Case {
  readonly name: string;
  readonly source: () => ImportSource;
  readonly format: string;
  readonly input?: ImportInput;
}

const peer = (name: string) => () => sourceOf(join(peers, name));

const CASES: readonly Case[] = [
  { name: 'beads', source: peer('issues.jsonl'), format: 'beads' },
  { name: 'taskmaster-tagged', source: peer('taskmaster-tagged.json'), format: 'taskmaster' },
  { name: 'taskmaster-old', source: peer('taskmaster-old.json'), format: 'taskmaster' },
  { name: 'backlog', source: peer('backlog'), format: 'backlog' },
  { name: 'taskwarrior', source: peer('taskwarrior.json'), format: 'taskwarrior' },
  { name: 'markdown', source: peer('TODO.md'), format: 'markdown' },
  { name: 'markdown-headings', source: peer('TODO.md'), format: 'markdown', input: { headings: 'parent' } },
  { name: 'csv', source: peer('sheet.csv'), format: 'csv', input: { map: ['title=Name,priority=Prio'] } },
  { name: 'seed002', source: seed002, format: 'seed002' },
  { name: 'tm2', source: oldStore, format: 'tm' },
];

describe.each(CASES)('$name', ({ name, source, format, input = {} }) => {
  test('is known by its content and becomes what the golden file says; twice changes nothing', async () => {
    const plan = await emptyPlan();
    const imports = new Imports(plan.plan, () => testEngine());
    const rehearsal = await imports.import(source(), { ...input, dryRun: true });
    expect(plan.plan.store.all('SELECT 1 FROM tasks')).toEqual([]);
    const first = await imports.import(source(), input);
    expect(first).toMatchObject({ format, created: first.read, updated: 0, unchanged: 0, conflicts: [] });
    expect({ ...rehearsal, dryRun: false, tasks: [] }).toEqual({ ...first, tasks: [] });
    const content = contentOf(plan);
    const golden = JSON.stringify({ report: first, ...content }, null, 1).replace(
      /"imported_at":[^,}]*/g,
      '"imported_at": "…"',
    );
    await expect(`${golden}\n`).toMatchFileSnapshot(join(peers, 'golden', `${name}.txt`));
    const head = plan.plan.store.head;
    const second = await imports.import(source(), input);
    expect(second).toMatchObject({ created: 0, updated: 0, unchanged: first.read, dependencies: 0, tasks: [] });
    expect(contentOf(plan)).toEqual(content);
    expect(plan.plan.store.head).toBe(head);
  });
});
