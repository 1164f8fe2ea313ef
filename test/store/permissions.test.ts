import { chmodSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { refusalOf } from '../support/refusal.js';
import { contents, journalOf, openStore, storePath, titles } from '../support/stores.js';
import { addTask } from './addTask.js';

/** Root may write everywhere. */
const bound = process.platform !== 'win32' && process.getuid?.() !== 0;

/** Takes the right to write from a path until the test ends. */
function protect(path: string, mode: number): void {
  chmodSync(path, mode);
  onTestFinished(() => chmodSync(path, 0o755));
}

describe.runIf(bound)('a store that may not be written', () => {
  test('because of its folder is read, and a commit says why it cannot be', async () => {
    const path = storePath();
    await addTask(await openStore(path), 1);
    protect(dirname(path), 0o555);
    const store = await openStore(path);
    const memory = contents(store);
    const error = await refusalOf(addTask(store, 2));
    expect([error.code, error.message]).toEqual(['PERMISSION_DENIED', expect.stringContaining(dirname(path))]);
    expect((await refusalOf(store.checkpoint())).code).toBe('PERMISSION_DENIED');
    expect(contents(store)).toEqual(memory);
  });

  test('because of its journal is read, and nothing of a commit stays', async () => {
    const path = storePath();
    await addTask(await openStore(path), 1);
    protect(journalOf(path), 0o444);
    const store = await openStore(path);
    const journal = readFileSync(journalOf(path));
    expect((await refusalOf(addTask(store, 2))).code).toBe('PERMISSION_DENIED');
    expect(titles(store)).toEqual(['Task 1']);
    expect(readFileSync(journalOf(path))).toEqual(journal);
  });

  test('where there is none yet leaves nothing behind', async () => {
    const path = storePath();
    protect(dirname(dirname(path)), 0o555);
    expect((await refusalOf(addTask(await openStore(path), 1))).code).toBe('PERMISSION_DENIED');
  });
});
