import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import { FAULTS, type Fault, type FaultName, faultyStore, healthyStore, lineStart } from '../../fixtures/faults.js';
import { copyStore, journalOf, openStore, storePath, titles } from '../../support/stores.js';
import { addTask } from '../addTask.js';
import { Worker } from '../workers.js';
import { codesOf, findingsOf, openRepaired, repairChecked, snapshot, wordsOf } from './support.js';

const sql = await initSqlJs();

const ALL = ['Renamed', 'Task 2', 'Task 3', 'Task 4'];

/** The tasks that the repaired store has, by number. */
const KEPT: Partial<Record<FaultName, readonly string[]>> = {
  'torn last line': ['Renamed', 'Task 2', 'Task 3'],
  // The rename, transaction 5, is the record that was hit.
  'flipped byte in the middle': ['Task 1', 'Task 2', 'Task 3', 'Task 4'],
  'missing journal': ['Task 1', 'Task 2'],
  'zero-byte journal': ['Task 1', 'Task 2'],
  // Nothing is left of transactions 1 to 3: the journal alone knows of these.
  'missing database': ['Task 3', 'Task 4'],
  'zero-byte database': ['Task 3', 'Task 4'],
  'database of an older generation': ['Task 1', 'Task 2'],
  'journal of an older generation': [...ALL, 'Task 5'],
  'database and journal of two stores': ['Task 1', 'Task 2'],
  'database and journal of two branches': [...ALL, 'Task 9'],
  'duplicate sequence': [...ALL, 'Task 10'],
  'git conflict markers': [...ALL, 'Task 9'],
};

/** What no repair ends. */
const LEFT: readonly FaultName[] = [
  'lock held by a live process',
  'database of another program',
  'database of another program with tables of the same names',
  'database that another program is writing to',
  'schema of a newer version',
  'journal of a newer version',
  'value that its column does not admit',
  'folder that Syncthing synchronises',
];

describe('a healthy store', () => {
  test('has no findings, and is left as it is', async () => {
    const path = await healthyStore();
    const before = snapshot(dirname(path));
    expect(await findingsOf(path)).toEqual([]);
    expect(await repairChecked(path)).toMatchObject({ fixed: [], backup: undefined });
    expect(snapshot(dirname(path))).toEqual(before);
  });

  test('may have links left where a checkpoint was ended', async () => {
    const path = await healthyStore();
    symlinkSync('nowhere/at-all', `${path}-journal`);
    expect(codesOf(await findingsOf(path))).toEqual(['TEMPORARY_LEFT']);
    await repairChecked(path);
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('tasks.db'))).toEqual(['tasks.db']);
  });

  test('may be new, or just checkpointed', async () => {
    const path = storePath();
    const store = await openStore(path);
    await store.initialise();
    expect(await findingsOf(path)).toEqual([]);
    await addTask(store, 1);
    expect(await findingsOf(path)).toEqual([]);
    await store.checkpoint();
    expect(await findingsOf(path)).toEqual([]);
  });

  test('may have been left by a process that died between image and journal', async () => {
    const path = await healthyStore();
    const journal = readFileSync(journalOf(path));
    await (await openStore(path)).checkpoint();
    writeFileSync(journalOf(path), journal);
    expect(await findingsOf(path)).toEqual([]);
  });

  test('may have been copied, and be written by another SQLite client', async () => {
    const path = copyStore(await healthyStore());
    expect(await findingsOf(path)).toEqual([]);
    const database = new sql.Database(readFileSync(path));
    database.run("INSERT INTO tasks (id, title) VALUES ('cafe0001', 'Foreign'); DELETE FROM tasks WHERE number = 1");
    database.run('DELETE FROM dependencies');
    writeFileSync(path, database.export());
    expect(await findingsOf(path)).toEqual([]);
  });

  test('may have entries that other ones preceded, as two writers at once leave them', async () => {
    const path = await healthyStore();
    const journal = readFileSync(journalOf(path));
    const [fourth, fifth] = [1, 2].map((line) => journal.subarray(lineStart(path, line), lineStart(path, line + 1)));
    writeFileSync(journalOf(path), Buffer.concat([journal, fifth!, fourth!]));
    expect(await findingsOf(path)).toEqual([]);
    expect((await openStore(path)).problem).toBeUndefined();
  });

  test('being written to by others all the time has no findings', async () => {
    const path = await healthyStore();
    const writer = new Worker('add', path, 100, 10_000, 5);
    await writer.wrote(1);
    for (let look = 0; look < 10; look += 1) {
      expect((await findingsOf(path)).filter(({ code }) => code !== 'LOCK_HELD')).toEqual([]);
    }
    expect(writer.lines.length).toBeGreaterThan(1);
  });
});

describe.each(Object.entries<Fault>(FAULTS) as [FaultName, Fault][])('%s', (name, { codes, words }) => {
  test('is found, in words a person can act on, and nothing is written', async () => {
    const path = await faultyStore(name);
    const before = snapshot(dirname(path));
    const findings = await findingsOf(path);
    expect(codesOf(findings)).toEqual(codes);
    for (const word of words) expect(wordsOf(findings)).toContain(word);
    for (const { fix, advice } of findings) expect(fix ?? advice).toMatch(/^[A-Z].*\.$/);
    expect(snapshot(dirname(path))).toEqual(before);
  });

  test.skipIf(LEFT.includes(name))('is repaired, after a backup', async () => {
    const path = await faultyStore(name);
    const found = await findingsOf(path);
    const { after, fixed, backup } = await repairChecked(path);
    expect(after.findings).toEqual([]);
    expect(fixed).toEqual(found);
    expect(basename(backup!)).toMatch(/^\d{8}T\d{6}Z-before-doctor(-\d+)?$/);
    const store = await openRepaired(path);
    expect(titles(store)).toEqual(KEPT[name] ?? ALL);
    expect(readdirSync(dirname(path)).sort()).toEqual(['backups', 'tasks.db', 'tasks.journal']);
  });

  test.runIf(LEFT.includes(name))('is left to the person', async () => {
    const path = await faultyStore(name);
    const before = snapshot(dirname(path));
    const { after, fixed, backup } = await repairChecked(path);
    expect([fixed, backup]).toEqual([[], undefined]);
    expect(codesOf(after.findings)).toEqual(codes);
    expect(snapshot(dirname(path))).toEqual(before);
  });
});
