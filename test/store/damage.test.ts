import { copyFileSync, cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.js';
import { refusalOf } from '../support/refusal.js';
import { contents, copyStore, journalOf, listen, openStore, rename, storePath, titles } from '../support/stores.js';
import { addTask } from './addTask.js';

/** A store with an image of two tasks and a journal of three small transactions beyond it; its states after each of them. */
async function smallStore(): Promise<{ path: string; store: Store; states: string[]; ends: number[] }> {
  const path = storePath();
  const store = await openStore(path);
  await addTask(store, 1);
  await addTask(store, 2);
  await store.checkpoint();
  const states = [state(store)];
  const ends = [readFileSync(journalOf(path)).length];
  for (const title of ['One', 'Two', 'Three']) {
    await rename(store, 1, title);
    states.push(state(store));
    ends.push(readFileSync(journalOf(path)).length);
  }
  return { path, store, states, ends };
}

const state = (store: Store) => JSON.stringify(contents(store));

/** Every tenth number from `first`, every single one from `middle`, up to `last`. */
function closely(first: number, middle: number, last: number): number[] {
  const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return numbers.filter((number) => number >= middle || (number - first) % 10 === 0);
}

/** The damaged copy of a store as it opens; `damage` gets the journal's bytes. */
async function openDamaged(path: string, damage: (journal: Buffer) => Buffer): Promise<{ store: Store; copy: string }> {
  const copy = copyStore(path);
  writeFileSync(journalOf(copy), damage(readFileSync(journalOf(copy))));
  return { store: await openStore(copy), copy };
}

describe('a journal that was cut at any byte', () => {
  test('holds every whole transaction, and goes on after them', async () => {
    const { path, states, ends } = await smallStore();
    for (const length of closely(ends[1]!, ends[2]!, ends[3]!)) {
      const { store, copy } = await openDamaged(path, (journal) => journal.subarray(0, length));
      const whole = ends.filter((end) => end <= length).length - 1;
      expect(store.problem).toBeUndefined();
      expect(state(store), `cut at ${length}`).toBe(states[whole]);
      if (length % 20 === 0) {
        await rename(store, 2, 'After the cut');
        expect(state(await openStore(copy))).toBe(state(store));
      }
      store.close();
    }
  });
});

describe('a journal with one changed byte', () => {
  test('is STORE_CORRUPT, read up to the damage, and left as it is', async () => {
    const { path, states, ends } = await smallStore();
    for (const at of closely(0, ends[2]!, ends[3]! - 1)) {
      const { store, copy } = await openDamaged(path, (journal) => {
        journal[at]! ^= 1 << (at % 8);
        return journal;
      });
      const before = readFileSync(journalOf(copy));
      expect(store.problem?.code, `byte ${at}`).toBe('STORE_CORRUPT');
      expect(state(store)).toBe(states[Math.max(0, ends.filter((end) => end <= at).length - 1)]);
      if (at % 20 === 0) {
        expect((await refusalOf(addTask(store, 3))).code).toBe('STORE_CORRUPT');
        expect((await refusalOf(store.checkpoint())).code).toBe('STORE_CORRUPT');
        await store.checkpointIfDue();
      }
      expect(readFileSync(journalOf(copy))).toEqual(before);
      store.close();
    }
  });

  test('while a store is open turns it read-only, until it is repaired', async () => {
    const { path, store, states } = await smallStore();
    const whole = readFileSync(journalOf(path));
    const heard = listen(store);
    const damaged = Buffer.concat([whole, Buffer.from('rubbish that no writer leaves behind\n')]);
    writeFileSync(journalOf(path), damaged);
    store.refresh();
    expect([store.problem?.code, state(store)]).toEqual(['STORE_CORRUPT', states[3]]);
    expect((await refusalOf(addTask(store, 3))).code).toBe('STORE_CORRUPT');
    store.refresh();
    expect(heard).toEqual(['reloaded']);
    writeFileSync(journalOf(path), whole);
    await addTask(store, 3);
    expect([store.problem, titles(store)]).toEqual([undefined, ['Three', 'Task 2', 'Task 3']]);
  });
});

describe('image and journal that do not belong together', () => {
  test('of two stores are not mixed', async () => {
    const [one, two] = [await smallStore(), await smallStore()];
    copyFileSync(journalOf(one.path), journalOf(two.path));
    const mixed = await openStore(two.path);
    expect(mixed.problem?.code).toBe('STORE_CORRUPT');
    expect(state(mixed)).toBe(two.states[0]);
  });

  test('of two times are not mixed: an older journal would hide what is written to it', async () => {
    const { path, store } = await smallStore();
    const old = readFileSync(journalOf(path));
    await store.checkpoint();
    await addTask(store, 3);
    await store.checkpoint();
    writeFileSync(journalOf(path), old);
    const mixed = await openStore(path);
    expect(mixed.problem?.code).toBe('STORE_CORRUPT');
    expect((await refusalOf(addTask(mixed, 4))).code).toBe('STORE_CORRUPT');
  });

  test('an older image goes on with the journal that repeats what it lacks', async () => {
    const { path, store, states } = await smallStore();
    const old = readFileSync(path);
    await store.checkpoint();
    writeFileSync(path, old);
    const reopened = await openStore(path);
    expect([reopened.problem, state(reopened)]).toEqual([undefined, states[3]]);
    await addTask(reopened, 3);
    expect(titles(await openStore(path))).toEqual(['Three', 'Task 2', 'Task 3']);
  });

  test('an image that is older than what the journal repeats is refused', async () => {
    const { path, store } = await smallStore();
    const old = readFileSync(path);
    for (let number = 3; number < 120; number += 1) await addTask(store, number, 'x'.repeat(400));
    await store.checkpoint();
    writeFileSync(path, old);
    expect((await refusalOf(openStore(path))).code).toBe('STORE_CORRUPT');
  });

  test('of two histories after the same beginning are not mixed', async () => {
    const { path, store } = await smallStore();
    const copy = copyStore(path);
    const other = await openStore(copy);
    await addTask(other, 3, 'In the other history');
    await other.checkpoint();
    await addTask(store, 3);
    await addTask(store, 4);
    writeFileSync(path, readFileSync(copy));
    const mixed = await openStore(path);
    expect([mixed.problem?.code, titles(mixed).at(-1)]).toEqual(['STORE_CORRUPT', 'In the other history']);
  });

  test('a copy of a store, as people and git make them, is a store', async () => {
    const { path, states } = await smallStore();
    const copy = storePath();
    cpSync(dirname(path), dirname(copy), { recursive: true });
    const store = await openStore(copy);
    expect([store.problem, state(store)]).toEqual([undefined, states[3]]);
    await addTask(store, 3);
    expect(titles(await openStore(copy))).toEqual(['Three', 'Task 2', 'Task 3']);
    expect(state(await openStore(path))).toBe(states[3]);
  });
});

describe('a database file', () => {
  test.each([
    ['of rubbish', () => Buffer.from('this is not a database, whatever its name says'.repeat(99))],
    ['with a damaged first page', (image: Buffer) => image.fill(0x5a, 0, 100)],
    ['with damaged pages', (image: Buffer) => image.fill(0x5a, 4096)],
    ['that was cut in half', (image: Buffer) => image.subarray(0, image.length / 2)],
  ])('%s is STORE_CORRUPT and left as it is', async (_what, damage) => {
    const { path } = await smallStore();
    const damaged = damage(readFileSync(path));
    writeFileSync(path, damaged);
    const problem = await openStore(path).then(
      async (store) =>
        store.problem ?? (await refusalOf(addTask(store, 3).then(() => store.all('SELECT * FROM tasks')))),
      (error: unknown) => error,
    );
    expect(problem).toHaveProperty('code', 'STORE_CORRUPT');
    expect(readFileSync(path)).toEqual(damaged);
  });

  test('that is empty is no store', async () => {
    const { path } = await smallStore();
    truncateSync(path, 0);
    expect((await refusalOf(openStore(path))).code).toBe('STORE_CORRUPT');
  });

  test.each([0, 1, 77])('of another program (its version %i) is not touched', async (version) => {
    const path = storePath();
    await (await openStore(path)).initialise();
    const sql = await initSqlJs();
    const other = new sql.Database();
    other.run(`CREATE TABLE places (url TEXT); PRAGMA user_version = ${version}`);
    writeFileSync(path, other.export());
    const error = await refusalOf(openStore(path));
    expect([error.code, error.message]).toEqual(['STORE_CORRUPT', expect.stringContaining('another program')]);
  });

  test('of a newer version is read and not written', async () => {
    const { path } = await smallStore();
    const sql = await initSqlJs();
    const newer = new sql.Database(readFileSync(path));
    newer.run('ALTER TABLE tasks ADD COLUMN mood TEXT; PRAGMA user_version = 99');
    writeFileSync(path, newer.export());
    const [image, journal] = [readFileSync(path), readFileSync(journalOf(path))];
    const store = await openStore(path);
    expect(store.problem?.code).toBe('SCHEMA_TOO_NEW');
    expect(store.problem?.message).toContain('update');
    expect(titles(store)).toEqual(['Three', 'Task 2']);
    expect((await refusalOf(addTask(store, 3))).code).toBe('SCHEMA_TOO_NEW');
    await store.checkpointIfDue();
    expect([readFileSync(path), readFileSync(journalOf(path))]).toEqual([image, journal]);
  });
});
