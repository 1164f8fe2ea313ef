import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAULTS, type Fault, type FaultName, faultyStore, healthyStore } from '../../fixtures/faults.js';
import { titles } from '../../support/stores.js';
import { codesOf, findingsOf, openRepaired, repairChecked, snapshot, wordsOf } from './support.js';

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
  'schema of a newer version',
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
