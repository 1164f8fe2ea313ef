import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.js';
import { contents, listen, openStore, rename, storePath, titles } from '../support/stores.js';
import { addTask } from './addTask.js';
import { Worker } from './workers.js';

/** Two stores on one file, as a window and a `tm` have it. */
async function two(): Promise<{ path: string; one: Store; other: Store }> {
  const path = storePath();
  const one = await openStore(path);
  return { path, one, other: await openStore(path) };
}

describe('two stores on one file', () => {
  test('see each other’s commits, each transaction told once', async () => {
    const { one, other } = await two();
    const [heardByOne, heardByOther] = [listen(one), listen(other)];
    await addTask(one, 1);
    other.refresh();
    expect(titles(other)).toEqual(['Task 1']);
    await addTask(other, 2);
    await rename(other, 1, 'Renamed');
    one.refresh();
    one.refresh();
    expect(titles(one)).toEqual(['Renamed', 'Task 2']);
    expect(contents(one)).toEqual(contents(other));
    expect(heardByOne).toEqual([1, 2, 3]);
    expect(heardByOther).toEqual(['reloaded', 2, 3]);
  });

  test('a commit runs on the newest state without a refresh before it', async () => {
    const { one, other } = await two();
    await addTask(one, 1);
    const seen = await other.commit('tester', 'look', (transaction) => transaction.all('SELECT title FROM tasks'));
    expect(seen).toEqual([{ title: 'Task 1' }]);
  });

  test('writing in turns lose nothing and agree on everything', async () => {
    const { path, one, other } = await two();
    await Promise.all(Array.from({ length: 40 }, (_, number) => addTask(number % 2 === 0 ? one : other, number + 1)));
    for (const store of [one, other]) store.refresh();
    expect(one.head).toBe(40);
    expect(titles(one)).toHaveLength(40);
    expect(contents(one)).toEqual(contents(other));
    expect(contents(await openStore(path))).toEqual(contents(one));
  });

  test('a checkpoint by one lets the other read on without reading anything anew', async () => {
    const { one, other } = await two();
    await addTask(one, 1);
    other.refresh();
    const heard = listen(other);
    await one.checkpoint();
    other.refresh();
    await addTask(one, 2);
    await one.checkpoint();
    await addTask(one, 3);
    other.refresh();
    await one.checkpoint();
    await addTask(other, 4);
    expect(heard).toEqual([2, 3, 4]);
    one.refresh();
    expect(contents(one)).toEqual(contents(other));
  });

  test('one that missed several checkpoints follows all the same', async () => {
    const { one, other } = await two();
    await addTask(one, 1);
    other.refresh();
    const heard = listen(other);
    for (let number = 2; number <= 6; number += 1) {
      await addTask(one, number);
      await one.checkpoint();
    }
    await addTask(one, 7);
    other.refresh();
    expect(heard).toEqual([2, 3, 4, 5, 6, 7]);
    await addTask(other, 8);
    one.refresh();
    expect(contents(one)).toEqual(contents(other));
  });

  test('one that missed more than the journal repeats starts anew and misses nothing', async () => {
    const { one, other } = await two();
    await addTask(one, 1);
    other.refresh();
    const heard = listen(other);
    for (let number = 2; number <= 240; number += 1) {
      await addTask(one, number, `Task ${number} ${'x'.repeat(200)}`);
      if (number % 120 === 0) await one.checkpoint();
    }
    other.refresh();
    expect(heard).toEqual(['reloaded']);
    expect(contents(one)).toEqual(contents(other));
  });

  test('one opened before the store was made takes it up', async () => {
    const { one, other } = await two();
    await one.initialise();
    await addTask(other, 1);
    one.refresh();
    expect(titles(one)).toEqual(['Task 1']);
    expect(contents(one)).toEqual(contents(other));
  });
});

describe('several processes', () => {
  test('writing at once, with checkpoints between, lose nothing; a window among them sees it all', async () => {
    const path = storePath();
    const window = await openStore(path);
    const workers = [0, 1, 2, 3].map((index) => new Worker('add', path, index * 100 + 1, 25, index * 3));
    let running = true;
    const ends = Promise.all(workers.map((worker) => worker.done())).finally(() => {
      running = false;
    });
    let own = 1000;
    while (running) {
      own += 1;
      await addTask(window, own);
      await new Promise((done) => setTimeout(done, 5));
      window.refresh();
    }
    const acknowledged = (await ends).flat().map(Number);
    window.refresh();
    const expected = [...acknowledged, ...Array.from({ length: own - 1000 }, (_, at) => 1001 + at)];
    expect(acknowledged).toHaveLength(100);
    expect(titles(window)).toEqual(expected.sort((a, b) => a - b).map((number) => `Task ${number}`));
    expect(window.head).toBe(expected.length);
    expect(contents(await openStore(path))).toEqual(contents(window));
    await window.checkpoint();
    expect(contents(await openStore(path))).toEqual(contents(window));
  });

  test('that are killed at any moment lose nothing that they acknowledged', async () => {
    const path = storePath();
    const acknowledged = new Set<number>();
    for (let kill = 0; kill < 30; kill += 1) {
      const first = kill * 1000 + 1;
      const worker = new Worker('add', path, first, 1000, 3);
      await worker.wrote(1 + (kill % 5));
      await new Promise((done) => setTimeout(done, (kill * 7) % 11));
      await worker.kill();
      for (const line of worker.lines) acknowledged.add(Number(line));
      const store = await openStore(path);
      expect(store.problem).toBeUndefined();
      const there = new Set(store.all<{ number: number }>('SELECT number FROM tasks').map((row) => row.number));
      expect([...acknowledged].filter((number) => !there.has(number))).toEqual([]);
      // At most the one commit that was not acknowledged any more.
      const ofThis = [...there].filter((number) => number >= first).length;
      expect(ofThis - worker.lines.length).toBeLessThanOrEqual(1);
      expect(store.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      for (const number of there) acknowledged.add(number);
      store.close();
    }
    const store = await openStore(path);
    await store.checkpoint();
    expect(store.head).toBe(acknowledged.size);
    expect(contents(await openStore(path))).toEqual(contents(store));
  });
});

test.runIf(hasSqlite())('sqlite3 opens what a checkpoint wrote', async () => {
  const path = storePath();
  const store = await openStore(path);
  for (let number = 1; number <= 3; number += 1) await addTask(store, number);
  await store.checkpoint();
  const ask = (sql: string) => execFileSync('sqlite3', [path, sql], { encoding: 'utf8' }).trim();
  expect(ask('PRAGMA integrity_check')).toBe('ok');
  expect(ask('SELECT title FROM tasks ORDER BY number').split('\n')).toEqual(titles(store));
});

function hasSqlite(): boolean {
  try {
    return execFileSync('sqlite3', ['--version']).length > 0;
  } catch {
    return false;
  }
}
