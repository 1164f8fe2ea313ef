import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../../src/store/journalLine.js';
import type { Store } from '../../../src/store/store.js';
import {
  checkpoint,
  FAULTS,
  faultyStore,
  flip,
  healthyStore,
  journalledStore,
  lineStart,
} from '../../fixtures/faults.js';
import { checkAsync } from '../../support/check.js';
import { contents, copyStore, journalOf, openStore, rename, titles } from '../../support/stores.js';
import { addTask } from '../addTask.js';
import { codesOf, findingsOf, keepBackup, openRepaired, repairChecked, wordsOf } from './support.js';

const sql = await initSqlJs();

/** The changes that stand in a store's audit log, as they were made. */
function audited(store: Store): unknown[] {
  return store.all(
    "SELECT changed_at, changed_by, action, row_table, row_key FROM audit_log WHERE action NOT LIKE 'doctor%' ORDER BY changed_at",
  );
}

const audit = (record: JournalEntry['record']) =>
  record.changes.map(({ table, key }) => ({
    changed_at: record.at,
    changed_by: record.actor,
    action: record.action,
    row_table: table,
    row_key: JSON.stringify(key),
  }));

/** The records of a journal by their lines; whatever a line's place and order. */
function recordsOf(path: string): JournalEntry['record'][] {
  return readFileSync(journalOf(path), 'utf8')
    .split('\n')
    .slice(1, -1)
    .map((line) => (JSON.parse(line.slice(18)) as JournalEntry).record);
}

describe('any byte of the journal', () => {
  test('may be another one, and no record but the one it is in is lost', async () => {
    const original = await healthyStore();
    const records = recordsOf(original);
    const starts = [1, 2, 3, 4].map((line) => lineStart(original, line));
    const size = statSync(journalOf(original)).size;
    await checkAsync(
      fc.asyncProperty(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const path = copyStore(original);
        flip(path, at, bit);
        expect(codesOf(await findingsOf(path))).not.toEqual([]);
        const { after } = await repairChecked(path);
        expect(codesOf(after.findings)).toEqual([]);
        const store = await openStore(path);
        expect(store.problem).toBeUndefined();
        const kept = records.filter((_, index) => at < starts[index]! || at >= starts[index + 1]!);
        expect(audited(store)).toEqual(expect.arrayContaining(kept.flatMap(audit)));
        store.close();
        rmSync(dirname(dirname(path)), { recursive: true });
      }),
      40,
    );
  });

  test('may be cut out or put in, and the diagnosis and the repair do not fail', async () => {
    const original = await healthyStore();
    const size = statSync(journalOf(original)).size;
    const at = fc.integer({ min: 0, max: size });
    await checkAsync(
      fc.asyncProperty(at, fc.nat(200), fc.uint8Array({ maxLength: 60 }), async (from, length, inserted) => {
        const path = copyStore(original);
        const journal = readFileSync(journalOf(path));
        writeFileSync(
          journalOf(path),
          Buffer.concat([journal.subarray(0, from), inserted, journal.subarray(from + length)]),
        );
        const { after } = await repairChecked(path);
        expect(codesOf(after.findings)).toEqual([]);
        const store = await openStore(path);
        expect(titles(store).slice(1, 2)).toEqual(['Task 2']);
        store.close();
        rmSync(dirname(dirname(path)), { recursive: true });
      }),
      25,
    );
  });
});

describe('records that lost their place', () => {
  test('are applied again with their actor, time and action, under numbers that were not used', async () => {
    const path = await faultyStore('git conflict markers');
    const { fixed } = await repairChecked(path);
    expect(wordsOf(fixed)).toContain('as transaction 7.');
    const store = await openRepaired(path);
    expect(store.all("SELECT seq, changed_by, action FROM audit_log WHERE task_id = '00000009'")).toEqual([
      { seq: 7, changed_by: 'tester', action: 'task.create' },
    ]);
  });

  test('keep their numbers behind damage; the number of a lost one is not used again', async () => {
    const path = await faultyStore('flipped byte in the middle');
    await repairChecked(path);
    const store = await openStore(path);
    expect(store.all('SELECT DISTINCT seq FROM audit_log ORDER BY seq').map((row) => row.seq)).toEqual([1, 2, 3, 4, 6]);
    const last = await faultyStore('torn last line');
    flip(last, lineStart(last, 2) + 100);
    await repairChecked(last);
    expect((await openStore(last)).head).toBe(5);
  });

  test('give way where both sides of a conflict gave the same number to a task', async () => {
    const path = await healthyStore();
    const ours = readFileSync(journalOf(path));
    truncateSync(journalOf(path), lineStart(path, 1));
    const store = await openStore(path, { now: () => '2026-02-02T00:00:00.000Z' });
    await store.commit('colleague', 'task.create', (transaction) => {
      const { at } = transaction;
      transaction.insert('tasks', { id: 'cafe0001', number: 3, title: 'Theirs', created_at: at, updated_at: at });
      transaction.insert('dependencies', { task_id: 'cafe0001', depends_on: '00000001', type: 'completion' });
    });
    store.close();
    const theirs = readFileSync(journalOf(path)).subarray(lineStart(path, 1));
    const common = lineStart(path, 1);
    const sides = ['<<<<<<< a\n', ours.subarray(common), '=======\n', theirs, '>>>>>>> b\n'].map((part) =>
      Buffer.from(part),
    );
    writeFileSync(journalOf(path), Buffer.concat([ours.subarray(0, common), ...sides]));
    await repairChecked(path);
    const repaired = await openRepaired(path);
    expect(titles(repaired)).toEqual(['Renamed', 'Task 2', 'Task 3', 'Task 4', 'Theirs']);
    expect(repaired.get("SELECT depends_on FROM dependencies WHERE task_id = 'cafe0001'")?.depends_on).toBe('00000001');
  });

  test('are kept where git put both whole files into one', async () => {
    const path = await healthyStore();
    const ours = readFileSync(journalOf(path));
    const other = copyStore(path);
    const store = await openStore(other, { now: () => '2026-02-02T00:00:00.000Z' });
    await store.checkpoint();
    await addTask(store, 11);
    const parts = ['<<<<<<< a\n', ours, '=======\n', readFileSync(journalOf(other)), '>>>>>>> b\n'];
    writeFileSync(journalOf(path), Buffer.concat(parts.map((part) => Buffer.from(part))));
    // The other side starts where the first ends: it only has to be read.
    expect(codesOf(await findingsOf(path))).toEqual(['JOURNAL_CONFLICT']);
    await repairChecked(path);
    expect(titles(await openRepaired(path))).toEqual(['Renamed', 'Task 2', 'Task 3', 'Task 4', 'Task 11']);
  });

  test('are not applied twice by a repair that was ended between its two files', async () => {
    const path = await faultyStore('git conflict markers');
    const damaged = readFileSync(journalOf(path));
    await repairChecked(path);
    const once = contents(await openStore(path));
    writeFileSync(journalOf(path), damaged);
    await repairChecked(path);
    expect(contents(await openRepaired(path))).toEqual(once);
  });
});

describe('a store without its database file', () => {
  test('is made anew from a journal that goes back to the beginning', async () => {
    const path = await journalledStore();
    const before = contents(await openStore(path));
    rmSync(path);
    expect(codesOf(await findingsOf(path))).toEqual(['IMAGE_MISSING']);
    await repairChecked(path);
    const store = await openRepaired(path);
    expect(contents(store)).toEqual(before);
  });

  test('is made anew from the newest backup that the journal goes on from', async () => {
    const path = await healthyStore();
    const before = contents(await openStore(path));
    keepBackup(path);
    rmSync(path);
    expect(codesOf(await findingsOf(path))).toEqual(['IMAGE_MISSING']);
    expect(wordsOf(await findingsOf(path))).toContain('the backup kept.db');
    await repairChecked(path);
    expect(contents(await openRepaired(path))).toEqual(before);
  });

  test('is made anew from a backup where the journal from the beginning is damaged', async () => {
    const path = await journalledStore();
    const whole = await openStore(path);
    const before = contents(whole);
    const journal = readFileSync(journalOf(path));
    await whole.checkpoint();
    whole.close();
    keepBackup(path);
    writeFileSync(journalOf(path), journal);
    flip(path, lineStart(path, 2) + 100);
    rmSync(path);
    expect(codesOf(await findingsOf(path))).toEqual(['IMAGE_MISSING', 'JOURNAL_DAMAGED', 'JOURNAL_BROKEN_CHAIN']);
    await repairChecked(path);
    expect(contents(await openRepaired(path))).toEqual(before);
  });

  test('is made anew from an older backup, and says which transactions are missing', async () => {
    const path = await healthyStore();
    keepBackup(path, 'old.db');
    await checkpoint(path);
    const store = await openStore(path);
    await addTask(store, 8);
    await rename(store, 2, 'Again');
    store.close();
    truncateSync(path, 0);
    const findings = await findingsOf(path);
    expect(codesOf(findings)).toEqual(['IMAGE_EMPTY', 'RECORDS_LOST']);
    expect(wordsOf(findings)).toContain('3 transactions: 4–6');
    await repairChecked(path);
    expect(titles(await openRepaired(path))).toEqual(['Task 1', 'Again', 'Task 8']);
  });

  test('is made anew from an older backup and what the journal repeats', async () => {
    const path = await healthyStore();
    const store = await openStore(path);
    keepBackup(path, 'old.db');
    await store.checkpoint();
    await addTask(store, 8);
    const before = contents(store);
    store.close();
    truncateSync(path, 0);
    expect(codesOf(await findingsOf(path))).toEqual(['IMAGE_EMPTY']);
    await repairChecked(path);
    expect(contents(await openRepaired(path))).toEqual(before);
  });

  test('does not take the backup of another store', async () => {
    const path = await healthyStore();
    keepBackup(path);
    copyFileSync(await healthyStore(), join(dirname(path), 'backups/kept.db'));
    rmSync(path);
    expect(wordsOf(await findingsOf(path))).toContain('an empty store');
  });

  test('and without a journal is the newest backup', async () => {
    const path = await healthyStore();
    keepBackup(path);
    for (const file of [path, journalOf(path)]) truncateSync(file, 0);
    expect(codesOf(await findingsOf(path))).toEqual(['IMAGE_EMPTY', 'JOURNAL_EMPTY']);
    await repairChecked(path);
    expect(titles(await openRepaired(path))).toEqual(['Task 1', 'Task 2']);
  });

  test('and without anything else is not made up', async () => {
    const path = await healthyStore();
    for (const file of [path, journalOf(path)]) truncateSync(file, 0);
    const findings = await findingsOf(path);
    expect(codesOf(findings)).toEqual(['IMAGE_EMPTY', 'JOURNAL_EMPTY']);
    expect(wordsOf(findings)).toContain('restore it from elsewhere');
    expect((await repairChecked(path)).backup).toBeUndefined();
    writeFileSync(journalOf(path), '0000');
    expect(codesOf(await findingsOf(path))).toEqual(['IMAGE_EMPTY', 'JOURNAL_DAMAGED']);
    expect((await repairChecked(path)).backup).toBeUndefined();
  });
});

describe('a damaged database file', () => {
  test.each([1, 2, 3, 4, 5, 8, 12])('in page %i is put together from what is readable', async (page) => {
    const path = await healthyStore();
    const image = readFileSync(path);
    if (page * 4096 >= image.length) throw new Error(`there is no page ${page}`);
    writeFileSync(path, image.fill(0x5a, page * 4096, (page + 1) * 4096));
    const findings = await findingsOf(path);
    expect(findings[0]?.code).toBe('IMAGE_DAMAGED');
    await repairChecked(path);
    expect(titles(await openRepaired(path))).toEqual(expect.arrayContaining(['Task 3', 'Task 4']));
  });

  test('that the journal can replace keeps the rows of other programs', async () => {
    const path = await journalledStore();
    const foreign = new sql.Database(readFileSync(path));
    foreign.run("INSERT INTO tasks (id, title) VALUES ('cafe0001', 'Foreign')");
    const image = Buffer.from(foreign.export());
    // The page of an index is hit, so that the rows of the table remain.
    const root = foreign.exec("SELECT rootpage FROM sqlite_master WHERE name = 'idx_task_status'")[0]?.values[0]?.[0];
    writeFileSync(path, image.fill(0, (Number(root) - 1) * 4096 + 8, Number(root) * 4096));
    expect((await findingsOf(path))[0]?.code).toBe('IMAGE_DAMAGED');
    await repairChecked(path);
    expect(titles(await openRepaired(path)).sort()).toEqual(['Foreign', 'Task 1', 'Task 2', 'Task 3']);
  });

  test('of rubbish is made anew', async () => {
    const path = await journalledStore();
    const before = contents(await openStore(path));
    writeFileSync(path, 'this is not a database, whatever its name says'.repeat(99));
    expect(codesOf(await findingsOf(path))).toEqual(['IMAGE_DAMAGED']);
    await repairChecked(path);
    expect(contents(await openRepaired(path))).toEqual(before);
  });
});

test('two faults at once are both repaired', async () => {
  const path = await faultyStore('CRLF added by an editor');
  FAULTS['cycle of dependencies'].plant(path);
  FAULTS['orphaned temporary file'].plant(path);
  const { fixed, after } = await repairChecked(path);
  expect(codesOf(fixed).sort()).toEqual(['CYCLE', 'JOURNAL_REWRITTEN', 'TEMPORARY_LEFT']);
  expect(after.findings).toEqual([]);
  expect(titles(await openRepaired(path))).toHaveLength(4);
});

test('row repairs stand in the history, in the name of the doctor', async () => {
  const path = await faultyStore('cycle of dependencies');
  await repairChecked(path);
  const store = await openStore(path);
  expect(store.all("SELECT task_id, changed_by, row_table FROM audit_log WHERE action = 'doctor.repair'")).toEqual([
    { task_id: '00000001', changed_by: 'tm doctor', row_table: 'dependencies' },
  ]);
  expect(store.all('SELECT task_id FROM dependencies')).toEqual([{ task_id: '00000002' }]);
});

test('an open store goes on after a repair', async () => {
  const path = await healthyStore();
  const open = await openStore(path);
  flip(path, lineStart(path, 2) + 100);
  open.refresh();
  await repairChecked(path);
  await addTask(open, 20);
  expect(open.problem).toBeUndefined();
  expect(titles(open)).toEqual(['Task 1', 'Task 2', 'Task 3', 'Task 4', 'Task 20']);
});

test('a database of another program keeps a repair from the journal, not from what is left over', async () => {
  const path = await faultyStore('database of another program');
  FAULTS['torn last line'].plant(path);
  FAULTS['orphaned temporary file'].plant(path);
  const journal = readFileSync(journalOf(path));
  const { fixed, after } = await repairChecked(path);
  expect(codesOf(fixed)).toEqual(['TEMPORARY_LEFT']);
  expect(codesOf(after.findings)).toEqual(['IMAGE_FOREIGN', 'JOURNAL_TORN']);
  expect(wordsOf(after.findings)).toContain('before the end of IMAGE_FOREIGN');
  expect(readFileSync(journalOf(path))).toEqual(journal);
});
