import { chmodSync, cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { repair } from '../../../src/store/doctor/repair.js';
import { FAULTS, faultyStore, healthyStore } from '../../fixtures/faults.js';
import { makeReadOnly, smallDisk } from '../../support/disks.js';
import { refusalOf } from '../../support/refusal.js';
import { journalOf, lockOf, storePath, temporaryFolder, titles } from '../../support/stores.js';
import { Worker } from '../workers.js';
import { codesOf, doctorOptions, findingsOf, openRepaired, repairChecked, snapshot, wordsOf } from './support.js';

/** Copies the store at `path` to a folder. */
function moveTo(folder: string, path: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync(dirname(path), dirname(storePath(folder)), { recursive: true });
  return storePath(folder);
}

/** Leaves nothing free on a disk. */
function fill(disk: string): void {
  const file = join(disk, 'filler');
  for (const size of [64 * 1024, 1024]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
    } catch {}
  }
}

describe('a full disk', () => {
  test('is told of; a repair is refused, and nothing is changed', async (context) => {
    const disk = smallDisk(2048);
    if (!disk) return context.skip();
    const path = moveTo(disk, await healthyStore());
    FAULTS['flipped byte in the middle'].plant(path);
    fill(disk);
    const before = snapshot(dirname(path));
    const findings = await findingsOf(path);
    expect(codesOf(findings)).toContain('DISK_FULL');
    expect(wordsOf(findings)).toMatch(/full: 0 KB are free.*Free at least \d+ KB/);
    const error = await refusalOf(repair(doctorOptions(path)));
    expect([error.code, error.message]).toEqual(['STORE_LOCKED', expect.stringContaining('disk is full')]);
    expect(Object.keys(snapshot(dirname(path)))).toEqual(Object.keys(before));
    expect(snapshot(dirname(path))['tasks.journal']).toEqual(before['tasks.journal']);
  });

  test('that has room for the lock but not for the backup is repaired nothing on', async (context) => {
    const disk = smallDisk(2048);
    if (!disk) return context.skip();
    const path = moveTo(disk, await healthyStore());
    FAULTS['flipped byte in the middle'].plant(path);
    const spare = join(disk, 'spare');
    writeFileSync(spare, Buffer.alloc(8192));
    fill(disk);
    writeFileSync(spare, '');
    const before = snapshot(dirname(path));
    const error = await refusalOf(repair(doctorOptions(path)));
    expect(error.message).toMatch(/^No backup could be made, so nothing was repaired\..*disk is full/);
    const after = snapshot(dirname(path));
    expect([after['tasks.journal'], after['tasks.db']]).toEqual([before['tasks.journal'], before['tasks.db']]);
    expect(readdirSync(join(dirname(path), 'backups'))).toEqual([]);
  });
});

describe('a read-only folder', () => {
  test('on a read-only disk is told of; a repair is refused', async (context) => {
    const disk = smallDisk(2048);
    if (!disk) return context.skip();
    const path = moveTo(disk, await faultyStore('torn last line'));
    makeReadOnly(disk);
    const findings = await findingsOf(path);
    expect(codesOf(findings)).toEqual(['NO_ACCESS', 'JOURNAL_TORN']);
    expect(wordsOf(findings)).toContain('mounted read-only');
    expect((await refusalOf(repair(doctorOptions(path)))).code).toBe('PERMISSION_DENIED');
  });

  test.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)('of one’s own is told of', async () => {
    const path = await faultyStore('torn last line');
    chmodSync(dirname(path), 0o555);
    onTestFinished(() => chmodSync(dirname(path), 0o755));
    expect(codesOf(await findingsOf(path))).toEqual(['NO_ACCESS', 'JOURNAL_TORN']);
    expect((await refusalOf(repair(doctorOptions(path)))).code).toBe('PERMISSION_DENIED');
  });
});

describe.runIf(process.platform !== 'win32')('files without the owner’s rights', () => {
  test.each([
    ['read and write', 0o444],
    ['anything', 0o000],
  ])('to %s get them back', async (_what, mode) => {
    const path = await healthyStore();
    for (const file of [path, journalOf(path)]) chmodSync(file, mode);
    const findings = await findingsOf(path);
    expect(codesOf(findings)).toEqual(['FILE_MODE', 'FILE_MODE']);
    expect(wordsOf(findings)).toContain(
      `tasks.journal may not be read and written by its owner (mode ${mode.toString(8)})`,
    );
    expect((await repairChecked(path)).fixed).toHaveLength(2);
    for (const file of [path, journalOf(path)]) expect(statSync(file).mode & 0o777).toBe(mode | 0o600);
    expect(titles(await openRepaired(path))).toHaveLength(4);
  });
});

describe('a folder that a program synchronises', () => {
  test.each([
    ['Dropbox', 'Dropbox'],
    ['Dropbox (Personal)', 'Dropbox'],
    ['OneDrive - Example Ltd', 'OneDrive'],
    ['Library/Mobile Documents/com~apple~CloudDocs', 'iCloud Drive'],
    ['Google Drive', 'Google Drive'],
    ['Nextcloud', 'Nextcloud'],
    ['Syncthing', 'Syncthing'],
  ])('%s is told of by its name', async (name, program) => {
    const path = moveTo(join(temporaryFolder(), name, 'project'), await healthyStore());
    const findings = await findingsOf(path);
    expect(findings).toMatchObject([{ code: 'SYNCED_FOLDER', severity: 'warning' }]);
    expect(wordsOf(findings)).toContain(`${program} synchronises`);
  });

  test.each([
    ['.dropbox', 'Dropbox'],
    ['.nextcloudsync.log', 'Nextcloud'],
    ['.tmp.drivedownload', 'Google Drive'],
  ])('is told of by its %s', async (mark, program) => {
    const root = temporaryFolder();
    const path = moveTo(join(root, 'deep/project'), await healthyStore());
    writeFileSync(join(root, mark), '');
    expect(wordsOf(await findingsOf(path))).toContain(`${program} synchronises`);
  });

  test.each(['dropbox-client', 'my-onedrive-app', 'drive'])('is not one that is called %s', async (name) => {
    const path = moveTo(join(temporaryFolder(), name), await healthyStore());
    expect(await findingsOf(path)).toEqual([]);
  });
});

describe('a lock that a live process holds', () => {
  test('makes a repair wait, then refuse, naming program and process; it stays', async () => {
    const path = await faultyStore('flipped byte in the middle');
    const holder = new Worker('hold', lockOf(path));
    await holder.wrote(1);
    const before = snapshot(dirname(path));
    const error = await refusalOf(repair(doctorOptions(path)));
    expect(error.code).toBe('STORE_LOCKED');
    expect(error.message).toContain(`process ${holder.pid}`);
    expect(error.message).toContain('Nothing was repaired');
    expect(snapshot(dirname(path))).toEqual(before);
  });

  test('is not in the way of a repair once it is let go', async () => {
    const path = await faultyStore('torn last line');
    FAULTS['lock held by a live process'].plant(path);
    setTimeout(() => FAULTS['stale lock of a dead process'].plant(path), 200);
    const { after } = await repairChecked(path, { lockTimeout: 5000 });
    expect(after.findings).toEqual([]);
  });
});
