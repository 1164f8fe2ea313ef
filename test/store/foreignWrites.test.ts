import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.js';
import { refusalOf } from '../support/refusal.js';
import { contents, listen, openStore, rename, storePath, titles } from '../support/stores.js';
import { addTask, idFor } from './addTask.js';

const sql = await initSqlJs();

/** Runs SQL on the file as another SQLite client does, in its place. */
function write(path: string, statements: string): void {
  const database = new sql.Database(readFileSync(path));
  database.run(statements);
  writeFileSync(path, database.export());
  database.close();
}

/** What a script of seed 000's users writes. */
const insert = (number: number, title: string) =>
  `INSERT INTO tasks (id, title, status, created_at, updated_at)
   VALUES ('${idFor(number)}', '${title}', 'pending', '2025-12-31', '2025-12-31');`;

const numbers = (store: Store) =>
  Object.fromEntries(
    store
      .all<{ title: string; number: number }>('SELECT title, number FROM tasks')
      .map((row) => [row.title, row.number]),
  );

describe('a row that another SQLite client writes', () => {
  test('is noticed, numbered and kept', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await store.checkpoint();
    const heard = listen(store);
    write(path, insert(0xf1, 'Foreign'));
    store.refresh();
    expect(heard).toEqual(['reloaded']);
    expect(numbers(store)).toEqual({ 'Task 1': 1, Foreign: 2 });
    store.refresh();
    expect(heard).toHaveLength(1);
    await addTask(store, 3);
    await store.checkpoint();
    expect(numbers(await openStore(path))).toEqual({ 'Task 1': 1, Foreign: 2, 'Task 3': 3 });
  });

  test('is kept by a commit and by a checkpoint that did not know of it', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    write(path, insert(0xf1, 'Before a commit'));
    await addTask(store, 5);
    write(path, insert(0xf2, 'Before a checkpoint'));
    await store.checkpoint();
    expect(titles(await openStore(path)).sort()).toEqual([
      'Before a checkpoint',
      'Before a commit',
      'Task 1',
      'Task 5',
    ]);
  });

  test('stands beside what the journal holds and the file did not: both are there, with different numbers', async () => {
    const path = storePath();
    const store = await openStore(path);
    await store.initialise();
    await addTask(store, 1);
    await addTask(store, 2);
    // The other client sees an empty table and so takes number 1.
    write(path, insert(0xf1, 'Foreign A') + insert(0xf2, 'Foreign B'));
    const reader = await openStore(path);
    expect(numbers(reader)).toEqual({ 'Task 1': 1, 'Task 2': 2, 'Foreign A': 3, 'Foreign B': 4 });
    store.refresh();
    expect(numbers(store)).toEqual(numbers(reader));
    await store.commit('tester', 'next', (transaction) => transaction.insert('meta', { key: 'k', value: 'v' }));
    expect(numbers(await openStore(path))).toEqual(numbers(reader));
  });

  test('keeps its other columns when the journal changes one of them', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await store.checkpoint();
    await rename(store, 1, 'Ours');
    write(path, `UPDATE tasks SET assignee = 'theirs' WHERE id = '${idFor(1)}'`);
    const merged = { title: 'Ours', assignee: 'theirs' };
    expect((await openStore(path)).get('SELECT title, assignee FROM tasks')).toEqual(merged);
    await addTask(store, 2);
    expect(store.get('SELECT title, assignee FROM tasks WHERE number = 1')).toEqual(merged);
  });

  test('is deleted there and gone here, also when the journal changed it', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await addTask(store, 2);
    await store.checkpoint();
    await rename(store, 1, 'Changed');
    write(path, `DELETE FROM tasks WHERE id = '${idFor(1)}'`);
    store.refresh();
    expect(titles(store)).toEqual(['Task 2']);
    await addTask(store, 3);
    expect(titles(await openStore(path))).toEqual(['Task 2', 'Task 3']);
  });

  test('is seen the same by two stores, and both go on', async () => {
    const path = storePath();
    const [one, other] = [await openStore(path), await openStore(path)];
    await addTask(one, 1);
    other.refresh();
    write(path, insert(0xf1, 'Foreign'));
    await addTask(other, 5);
    await addTask(one, 6);
    other.refresh();
    expect(contents(one)).toEqual(contents(other));
    expect(contents(await openStore(path))).toEqual(contents(one));
    expect(titles(one)).toHaveLength(4);
  });

  test('may use the older names: dependencies, file references and feedback', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await store.checkpoint();
    write(
      path,
      `${insert(0xf1, 'Foreign')}
       INSERT INTO dependencies (task_id, depends_on) VALUES ('${idFor(0xf1)}', '${idFor(1)}');
       INSERT INTO file_refs (task_id, file_path, line_start) VALUES ('${idFor(0xf1)}', 'src/a.ts', 3);
       UPDATE tasks SET feedback_quality = 4 WHERE id = '${idFor(1)}';`,
    );
    store.refresh();
    expect(store.get('SELECT type FROM dependencies')).toEqual({ type: 'completion' });
    expect(store.get('SELECT uid FROM file_refs')?.uid).toMatch(/^[0-9a-f]{8}$/);
    expect(store.get('SELECT quality_score FROM task_feedback')).toEqual({ quality_score: 4 });
  });

  test('with the file left in WAL mode is read all the same', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await store.checkpoint();
    const image = readFileSync(path);
    writeFileSync(path, image.fill(2, 18, 20));
    store.refresh();
    await addTask(store, 2);
    expect(titles(await openStore(path))).toEqual(['Task 1', 'Task 2']);
  });
});

describe('while another client is in the middle of a write', () => {
  const hot = Buffer.from('d9d505f920a163d7', 'hex');

  test('commits go to the journal, the file is left alone, and afterwards both are there', async () => {
    const path = storePath();
    const store = await openStore(path, { lockTimeout: 100 });
    await addTask(store, 1);
    await store.checkpoint();
    const image = readFileSync(path);
    writeFileSync(`${path}-journal`, hot);
    await addTask(store, 2);
    expect((await refusalOf(store.checkpoint())).code).toBe('STORE_LOCKED');
    expect(readFileSync(path)).toEqual(image);
    write(path, insert(0xf1, 'Foreign'));
    unlinkSync(`${path}-journal`);
    await store.checkpoint();
    expect(titles(await openStore(path)).sort()).toEqual(['Foreign', 'Task 1', 'Task 2']);
  });

  test('a store that opens waits for a moment, then says so', async () => {
    const path = storePath();
    const store = await openStore(path);
    await store.initialise();
    writeFileSync(`${path}-journal`, hot);
    expect((await refusalOf(openStore(path, { lockTimeout: 100 }))).code).toBe('STORE_LOCKED');
    // A rollback journal that was kept but is not in use says nothing.
    writeFileSync(`${path}-journal`, Buffer.alloc(512));
    expect((await openStore(path)).problem).toBeUndefined();
  });

  test('a commit that needs the file waits until the write is over', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await store.checkpoint();
    write(path, insert(0xf1, 'Foreign'));
    store.refresh();
    writeFileSync(`${path}-journal`, hot);
    const commit = addTask(store, 5);
    const opening = openStore(path);
    setTimeout(() => unlinkSync(`${path}-journal`), 200);
    await Promise.all([commit, opening]);
    expect(titles(store)).toEqual(['Task 1', 'Foreign', 'Task 5']);
  });

  test('a write that wants to begin just as the file is replaced is refused, and works the next time', async () => {
    const path = storePath();
    let tried: unknown;
    const store = await openStore(path, {
      onStep: (step) => {
        if (step === 'image.swapping') tried = spawnSync('sqlite3', [path, insert(0xf1, 'Foreign')]).stderr?.toString();
      },
    });
    await addTask(store, 1);
    await store.checkpoint();
    expect(tried).toMatch(/unable to open database file/);
    expect(spawnSync('sqlite3', [path, insert(0xf1, 'Foreign')]).status).toBe(0);
    await store.checkpoint();
    expect(titles(await openStore(path)).sort()).toEqual(['Foreign', 'Task 1']);
    expect(readdirSync(dirname(path)).sort()).toEqual(['tasks.db', 'tasks.journal']);
  });

  test('a transaction that it has begun and not committed is not cut off', async () => {
    const path = storePath();
    const store = await openStore(path, { lockTimeout: 100 });
    await addTask(store, 1);
    await store.checkpoint();
    const client = spawn('sqlite3', [path]);
    client.stdin.write(`BEGIN IMMEDIATE; ${insert(0xf1, 'Foreign')} SELECT 'begun';\n`);
    await once(client.stdout, 'data');
    // A rollback journal is there and not yet hot, for as long as the client likes.
    utimesSync(`${path}-journal`, new Date(), new Date(Date.now() - 60_000));
    await addTask(store, 2);
    expect((await refusalOf(store.checkpoint())).code).toBe('STORE_LOCKED');
    client.stdin.end('COMMIT;\n');
    await once(client, 'close');
    await store.checkpoint();
    expect(titles(await openStore(path)).sort()).toEqual(['Foreign', 'Task 1', 'Task 2']);
  });

  test('a client that only has the lock, and no journal yet, keeps the file', async () => {
    const path = storePath();
    const store = await openStore(path, { lockTimeout: 100 });
    await addTask(store, 1);
    await store.checkpoint();
    const client = spawn('sqlite3', [path]);
    client.stdin.write(`BEGIN IMMEDIATE; SELECT 'begun';\n`);
    await once(client.stdout, 'data');
    await addTask(store, 2);
    expect((await refusalOf(store.checkpoint())).code).toBe('STORE_LOCKED');
    client.stdin.end(`${insert(0xf1, 'Foreign')} COMMIT;\n`);
    await once(client, 'close');
    await store.checkpoint();
    expect(titles(await openStore(path)).sort()).toEqual(['Foreign', 'Task 1', 'Task 2']);
  });

  test('what a process that died left in the way is removed by the next one', async () => {
    const path = storePath();
    const store = await openStore(path, { lockTimeout: 100 });
    await addTask(store, 1);
    for (const file of ['-journal', '-wal']) symlinkSync('nowhere/at-all', `${path}${file}`);
    expect(titles(await openStore(path))).toEqual(['Task 1']);
    await store.checkpoint();
    expect(readdirSync(dirname(path)).sort()).toEqual(['tasks.db', 'tasks.journal']);
  });

  test('a write-ahead log that is not merged is not overlooked', async () => {
    const path = storePath();
    mkdirSync(dirname(path), { recursive: true });
    await (await openStore(path)).initialise();
    writeFileSync(`${path}-wal`, 'frames');
    expect((await refusalOf(openStore(path, { lockTimeout: 100 }))).code).toBe('STORE_LOCKED');
  });
});
