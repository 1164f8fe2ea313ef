import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import { listBackups } from '../../src/store/backups.js';
import { backUpStore, migrateStore, restoreStore } from '../../src/store/maintenance.js';
import { SCHEMA_VERSION } from '../../src/store/schema.js';
import type { Step } from '../../src/store/steps.js';
import { refusalOf } from '../support/refusal.js';
import { contents, journalOf, listen, openStore, rename, storeOptions, storePath, titles } from '../support/stores.js';
import { addTask } from './addTask.js';

const sql = await initSqlJs();

/** Copies a store of an older version out of the fixtures. */
async function olderStore(version: number): Promise<string> {
  const path = storePath();
  await cp(join(import.meta.dirname, `../fixtures/stores/schema-${version}`), dirname(path), { recursive: true });
  return path;
}

const onDisk = (path: string) => [readFileSync(path), readFileSync(journalOf(path))];

/** Tables, columns and indexes, without the way in which they were written down. */
function schemaOf(bytes: Uint8Array): unknown {
  const database = new sql.Database(bytes);
  const rows = (statement: string) => database.exec(statement)[0]?.values ?? [];
  const names = rows("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2");
  const tables = names
    .filter(([type]) => type === 'table')
    .map(([, name]) => [name, rows(`PRAGMA table_info(${name})`)]);
  const version = rows('PRAGMA user_version');
  database.close();
  return { names, tables, version };
}

async function freshSchema(): Promise<unknown> {
  const path = storePath();
  await (await openStore(path)).initialise();
  return schemaOf(readFileSync(path));
}

describe('a store of an older schema', () => {
  test.each([1, 2, 3, 4])('version %i is read whole, journal and all, and not written', async (version) => {
    const path = await olderStore(version);
    const before = onDisk(path);
    const store = await openStore(path);
    expect(store.problem?.code).toBe('SCHEMA_TOO_OLD');
    expect(store.problem?.message).toContain('tm migrate');
    expect(titles(store)).toEqual([
      'Write the grammar down',
      'Skip empty lines',
      'Name the line of an error',
      'Only in the journal',
      ...(version > 1 ? ['Only in the second journal'] : []),
      ...(version > 2 ? ['Only in the third journal'] : []),
      ...(version > 3 ? ['Only in the fourth journal'] : []),
    ]);
    expect(store.get('SELECT archived_at FROM tasks LIMIT 1')).toEqual({ archived_at: null });
    expect(store.get('SELECT count(*) AS n FROM task_analyses')).toEqual({ n: version > 3 ? 2 : 0 });
    expect(store.get('SELECT count(*) AS n FROM code_executions')).toEqual({ n: 0 });
    expect(store.get('SELECT count(*) AS n FROM git_commits')).toEqual({ n: 0 });
    expect((await refusalOf(addTask(store, 9))).code).toBe('SCHEMA_TOO_OLD');
    await store.checkpointIfDue();
    expect(onDisk(path)).toEqual(before);
  });

  test.each([1, 2, 3, 4])(
    'version %i is brought up to date after a backup; an open window takes that up',
    async (version) => {
      const path = await olderStore(version);
      const window = await openStore(path);
      const [kept, heard] = [contents(window), listen(window)];
      const rehearsal = await migrateStore(storeOptions(path), { dryRun: true });
      expect(rehearsal.backup).toBeUndefined();
      expect(rehearsal.steps.map((step) => step.version)).toEqual(
        Array.from({ length: SCHEMA_VERSION - version }, (_, at) => version + 1 + at),
      );
      expect(existsSync(join(dirname(path), 'backups'))).toBe(false);
      const { backup, steps } = await migrateStore(storeOptions(path));
      expect(steps.at(-1)?.version).toBe(SCHEMA_VERSION);
      window.refresh();
      expect([heard, window.problem]).toEqual([['reloaded'], undefined]);
      expect(contents(window)).toEqual(kept);
      await addTask(window, 9);
      await window.checkpoint();
      expect(schemaOf(readFileSync(path))).toEqual(await freshSchema());
      // The backup is the old store, with what was in its journal.
      const old = storePath();
      mkdirSync(dirname(old), { recursive: true });
      writeFileSync(old, readFileSync(backup ?? ''));
      const reopened = await openStore(old);
      expect([reopened.problem?.code, contents(reopened)]).toEqual(['SCHEMA_TOO_OLD', kept]);
    },
  );

  test('with a damaged journal is read as far as it goes', async () => {
    const path = await olderStore(1);
    const journal = readFileSync(journalOf(path));
    journal[journal.length - 100] = 0;
    writeFileSync(journalOf(path), journal);
    const store = await openStore(path);
    expect([store.problem?.code, titles(store).length]).toEqual(['STORE_CORRUPT', 4]);
    expect(store.get('SELECT claim_branch FROM tasks LIMIT 1')).toEqual({ claim_branch: null });
    expect((await refusalOf(migrateStore(storeOptions(path)))).code).toBe('STORE_CORRUPT');
  });

  test('is not migrated twice, and one of the present schema not at all', async () => {
    const path = await olderStore(1);
    await migrateStore(storeOptions(path));
    expect(await migrateStore(storeOptions(path))).toMatchObject({ backup: undefined, steps: [] });
    expect(listBackups(path)).toHaveLength(1);
  });
});

describe('a backup', () => {
  test('holds what only the journal has, as one SQLite file', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await store.checkpoint();
    await addTask(store, 2);
    const { backup } = await backUpStore(storeOptions(path));
    expect(listBackups(path).map((one) => one.path)).toEqual([backup]);
    const database = new sql.Database(readFileSync(backup ?? ''));
    expect(database.exec('PRAGMA integrity_check')[0]?.values).toEqual([['ok']]);
    expect(database.exec('SELECT title FROM tasks ORDER BY number')[0]?.values.flat()).toEqual(['Task 1', 'Task 2']);
    database.close();
  });

  test('of no store is refused', async () => {
    expect((await refusalOf(backUpStore(storeOptions(storePath())))).code).toBe('NOT_FOUND');
  });

  test('is put back whole; what was there is backed up, numbers are not used again and open windows follow', async () => {
    const path = storePath();
    const [store, window] = [await openStore(path), await openStore(path)];
    await addTask(store, 1);
    const { backup } = await backUpStore(storeOptions(path));
    await addTask(store, 2);
    await rename(store, 1, 'Renamed');
    window.refresh();
    const before = contents(window);
    const { backup: second } = await restoreStore(storeOptions(path), backup ?? '', 'ann');
    window.refresh();
    expect(titles(window)).toEqual(['Task 1']);
    expect(window.head).toBe(3);
    await addTask(store, 3);
    window.refresh();
    expect([titles(window), contents(store)]).toEqual([['Task 1', 'Task 3'], contents(window)]);
    expect(window.get("SELECT changed_by FROM audit_log WHERE action = 'store.restore'")).toEqual({
      changed_by: 'ann',
    });
    await restoreStore(storeOptions(path), second ?? '', 'ann');
    window.refresh();
    expect(contents(window).tasks).toEqual(before.tasks);
    expect(contents(await openStore(path))).toEqual(contents(window));
  });

  test('is put in the place of a damaged store, whose bytes are kept', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    const { backup } = await backUpStore(storeOptions(path));
    store.close();
    const rubbish = Buffer.from('not a database '.repeat(100));
    for (const file of [path, journalOf(path)]) writeFileSync(file, rubbish);
    const { backup: kept } = await restoreStore(storeOptions(path), backup ?? '', 'ann');
    expect(readFileSync(kept ?? '')).toEqual(rubbish);
    expect(readFileSync((kept ?? '').replace(/db$/, 'journal'))).toEqual(rubbish);
    const reopened = await openStore(path);
    expect([reopened.problem, titles(reopened)]).toEqual([undefined, ['Task 1']]);
    await addTask(reopened, 2);
    expect(titles(await openStore(path))).toEqual(['Task 1', 'Task 2']);
  });

  test('of a longer history is put back or not at all, wherever the process ends', async () => {
    const longer = await openStore(storePath());
    for (const number of [1, 2, 3, 4]) await addTask(longer, number);
    const { backup } = await backUpStore(storeOptions(longer.path));
    for (const step of ['image.synced', 'image.renamed', 'journal.synced', 'journal.renamed'] as const) {
      const path = storePath();
      const [store, window] = [await openStore(path), await openStore(path)];
      await addTask(store, 9, 'Short');
      window.refresh();
      const die = (at: Step) => {
        if (at === step) throw new Error('the end');
      };
      await expect(restoreStore({ ...storeOptions(path), onStep: die }, backup ?? '', 'ann')).rejects.toThrow(
        'the end',
      );
      const expected = step === 'image.synced' ? ['Short'] : titles(longer);
      for (const one of [window, await openStore(path)]) {
        one.refresh();
        const heard = listen(one);
        one.refresh();
        expect([one.problem, titles(one), heard], step).toEqual([undefined, expected, []]);
      }
      await addTask(window, 12);
      expect(titles(await openStore(path))).toEqual([...expected, 'Task 12']);
    }
  });

  test('that is none is refused and nothing is changed', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    const before = onDisk(path);
    const other = new sql.Database();
    other.run('CREATE TABLE places (url TEXT)');
    const file = join(dirname(path), 'other.db');
    for (const bytes of [other.export(), Buffer.from('rubbish'), Buffer.alloc(0)]) {
      writeFileSync(file, bytes);
      expect((await refusalOf(restoreStore(storeOptions(path), file, 'ann'))).code).toBe('STORE_CORRUPT');
    }
    expect(onDisk(path)).toEqual(before);
    expect(readdirSync(dirname(path)).sort()).toEqual(['other.db', 'tasks.db', 'tasks.journal']);
  });
});
