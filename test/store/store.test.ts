import { existsSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Transaction } from '../../src/store/transaction.js';
import { refusalOf } from '../support/refusal.js';
import { contents, journalOf, listen, lockOf, openStore, rename, storePath, titles } from '../support/stores.js';
import { addTask, idFor } from './addTask.js';
import { Worker } from './workers.js';

describe('a store', () => {
  test('is not on disk before its first commit', async () => {
    const path = storePath();
    const store = await openStore(path);
    expect(store.exists).toBe(false);
    expect(titles(store)).toEqual([]);
    await store.checkpoint();
    await store.checkpointIfDue();
    expect(existsSync(dirname(path))).toBe(false);
    await addTask(store, 1);
    expect(store.exists).toBe(true);
    expect(readdirSync(dirname(path)).sort()).toEqual(['tasks.db', 'tasks.journal']);
  });

  test('can be made empty, once', async () => {
    const path = storePath();
    const store = await openStore(path);
    await store.initialise();
    const made = readFileSync(path);
    await store.initialise();
    expect(readFileSync(path)).toEqual(made);
    expect((await openStore(path)).exists).toBe(true);
  });

  test('reopens as it was left, whether its image was written out or not', async () => {
    const path = storePath();
    const store = await openStore(path);
    for (let number = 1; number <= 5; number += 1) await addTask(store, number);
    await rename(store, 2, 'Renamed “✓” 🚀');
    await store.commit('tester', 'task.delete', (transaction) => transaction.delete('tasks', [idFor(3)]));
    expect(contents(await openStore(path))).toEqual(contents(store));
    await store.checkpoint();
    await addTask(store, 6);
    await rename(store, 6, 'Last');
    expect(contents(await openStore(path))).toEqual(contents(store));
    expect((await openStore(path)).head).toBe(9);
  });

  test('is not made by a first commit that is refused', async () => {
    const path = storePath();
    const store = await openStore(path);
    const refused = store.commit('tester', 'no', () => {
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    expect([existsSync(dirname(path)), store.exists]).toEqual([false, false]);
    await addTask(store, 1);
    expect(titles(await openStore(path))).toEqual(['Task 1']);
  });

  test('keeps the journal short, however much is committed without a pause', async () => {
    const path = storePath();
    const store = await openStore(path);
    let longest = 0;
    for (let number = 1; number <= 400; number += 1) {
      await addTask(store, number);
      await store.commit('tester', 'task.update', (transaction) =>
        transaction.update('tasks', [idFor(number)], { description: 'x'.repeat(5000) }),
      );
      longest = Math.max(longest, statSync(journalOf(path)).size);
    }
    // Two megabytes were written.
    expect(longest).toBeLessThan(1.2 * 1024 * 1024);
    expect(contents(await openStore(path))).toEqual(contents(store));
  });

  test('writes everything into one SQLite file at a checkpoint, and needs nothing else then', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await addTask(store, 2);
    await store.checkpoint();
    unlinkSync(journalOf(path));
    const reopened = await openStore(path);
    expect(contents(reopened)).toEqual(contents(store));
    await addTask(reopened, 3);
    expect(titles(await openStore(path))).toEqual(['Task 1', 'Task 2', 'Task 3']);
  });

  test('writes its image when that is small or the journal long, and not when nothing is new', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await store.checkpointIfDue();
    const first = statSync(path);
    await store.checkpointIfDue();
    expect(statSync(path).ino).toBe(first.ino);
    await addTask(store, 2);
    await store.checkpointIfDue();
    expect(statSync(path).ino).not.toBe(first.ino);
  });

  test('keeps working when somebody removes its journal: what that held is still known here', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    unlinkSync(journalOf(path));
    await addTask(store, 2);
    expect(contents(await openStore(path))).toEqual(contents(store));
    expect(titles(store)).toEqual(['Task 1', 'Task 2']);
  });

  test('is empty again when somebody removes its folder', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    rmSync(dirname(path), { recursive: true });
    store.refresh();
    expect([store.exists, titles(store)]).toEqual([false, []]);
    await addTask(store, 2);
    expect(titles(await openStore(path))).toEqual(['Task 2']);
  });

  test('with only its journal left is read from that', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    unlinkSync(path);
    const reopened = await openStore(path);
    expect(contents(reopened)).toEqual(contents(store));
    await addTask(reopened, 2);
    expect(titles(await openStore(path))).toEqual(['Task 1', 'Task 2']);
  });

  test('holds the lock only while it writes', async () => {
    const path = storePath();
    const store = await openStore(path);
    let during = false;
    await store.commit('tester', 'look', () => {
      during = existsSync(lockOf(path));
    });
    expect([during, existsSync(lockOf(path))]).toEqual([true, false]);
  });
});

describe('a commit', () => {
  test('that fails leaves nothing behind, in memory or on disk', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    const [memory, disk, heard] = [contents(store), readFileSync(journalOf(path)), listen(store)];
    const failing = store.commit('tester', 'fail', (transaction) => {
      transaction.update('tasks', [idFor(1)], { title: 'Half done' });
      transaction.insert('meta', { key: 'half', value: 'done' });
      expect(titles(store)).toEqual(['Half done']);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(contents(store)).toEqual(memory);
    expect(readFileSync(journalOf(path))).toEqual(disk);
    expect(heard).toEqual([]);
    expect(existsSync(lockOf(path))).toBe(false);
  });

  test.each<[string, (transaction: Transaction) => void]>([
    ['an id that is there', (transaction) => transaction.insert('tasks', { id: idFor(1), title: 'Again' })],
    ['an id of another length', (transaction) => transaction.insert('tasks', { id: 'short', title: 'x' })],
    ['a title that is too long', (transaction) => transaction.update('tasks', [idFor(1)], { title: 'x'.repeat(501) })],
    ['an unknown status', (transaction) => transaction.update('tasks', [idFor(1)], { status: 'ready' })],
    ['an unknown column', (transaction) => transaction.insert('tasks', { id: idFor(2), colour: 'red' })],
    ['a row that is not there', (transaction) => transaction.update('tasks', [idFor(9)], { title: 'x' })],
  ])('with %s is refused whole', async (_what, work) => {
    const store = await openStore(storePath());
    await addTask(store, 1);
    const memory = contents(store);
    const failing = store.commit('tester', 'bad', (transaction) => {
      transaction.insert('meta', { key: 'before', value: 'it' });
      work(transaction);
    });
    await expect(failing).rejects.toThrow();
    expect(contents(store)).toEqual(memory);
  });

  test('without changes is not recorded', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    const disk = readFileSync(journalOf(path));
    const result = await store.commit('tester', 'nothing', (transaction) => {
      transaction.update('tasks', [idFor(1)], { title: 'Task 1' });
      transaction.delete('tasks', [idFor(9)]);
      return 'kept';
    });
    expect(result).toBe('kept');
    expect(readFileSync(journalOf(path))).toEqual(disk);
    expect(store.head).toBe(1);
  });

  test('sees its own changes, and tells its listeners exactly which rows changed', async () => {
    const store = await openStore(storePath());
    await addTask(store, 1);
    const changes: unknown[] = [];
    store.onDidChange((change) => changes.push(change));
    await store.commit('ann', 'task.update', (transaction) => {
      transaction.update('tasks', [idFor(1)], { title: 'New', priority: 'medium' });
      expect(transaction.get('SELECT title FROM tasks')).toEqual({ title: 'New' });
      transaction.insert('dependencies', { task_id: idFor(1), depends_on: idFor(2), created_at: transaction.at });
    });
    const record = {
      seq: 2,
      at: '2026-01-01T00:00:03.000Z',
      actor: 'ann',
      action: 'task.update',
      changes: [
        { table: 'tasks', key: [idFor(1)], before: { title: 'Task 1' }, after: { title: 'New' } },
        {
          table: 'dependencies',
          key: [idFor(1), idFor(2)],
          before: null,
          after: { task_id: idFor(1), depends_on: idFor(2), created_at: '2026-01-01T00:00:03.000Z' },
        },
      ],
    };
    expect(changes).toEqual([{ kind: 'records', records: [record], own: true }]);
  });

  test('waits for the one before it in the same process', async () => {
    const store = await openStore(storePath());
    await Promise.all([1, 2, 3, 4, 5].map((number) => addTask(store, number)));
    expect(store.head).toBe(5);
    expect(titles(store)).toEqual(['Task 1', 'Task 2', 'Task 3', 'Task 4', 'Task 5']);
  });

  test('after a failed one is not held up', async () => {
    const store = await openStore(storePath());
    const failing = store.commit('tester', 'fail', () => {
      throw new Error('no');
    });
    const next = addTask(store, 1);
    await expect(failing).rejects.toThrow('no');
    await next;
    expect(titles(store)).toEqual(['Task 1']);
  });

  test('is refused while another process holds the lock, and nothing changes', async () => {
    const path = storePath();
    const store = await openStore(path, { lockTimeout: 200 });
    await addTask(store, 1);
    const [memory, disk] = [contents(store), readFileSync(journalOf(path))];
    const holder = new Worker('hold', lockOf(path));
    await holder.wrote(1);
    const error = await refusalOf(addTask(store, 2));
    expect(error.code).toBe('STORE_LOCKED');
    expect(error.message).toContain('the holder');
    expect([contents(store), readFileSync(journalOf(path))]).toEqual([memory, disk]);
    await holder.kill();
    await addTask(store, 2);
    expect(titles(store)).toEqual(['Task 1', 'Task 2']);
  });
});

describe('the audit log', () => {
  test('holds each change, with what was there before and by whom', async () => {
    const path = storePath();
    const store = await openStore(path);
    await addTask(store, 1);
    await rename(store, 1, 'New');
    await store.commit('ann', 'ref.add', (transaction) =>
      transaction.insert('file_refs', { uid: 'u', task_id: idFor(1), file_path: 'a.ts' }),
    );
    await store.commit('ann', 'ref.remove', (transaction) => transaction.delete('file_refs', ['u']));
    await store.commit('ann', 'meta', (transaction) => transaction.insert('meta', { key: 'k', value: 'v' }));
    const log = (from: typeof store) =>
      from.all(
        'SELECT task_id, action, changed_by, seq, row_table, row_key, old_value, new_value FROM audit_log ORDER BY id',
      );
    const task = { task_id: idFor(1), row_table: 'tasks', row_key: JSON.stringify([idFor(1)]), changed_by: 'tester' };
    const reference = { ...task, row_table: 'file_refs', row_key: '["u"]', changed_by: 'ann' };
    expect(log(store)).toEqual([
      { ...task, seq: 1, action: 'task.create', old_value: null, new_value: null },
      {
        ...task,
        seq: 2,
        action: 'task.update',
        old_value: '{"title":"Task 1","updated_at":"2026-01-01T00:00:02.000Z"}',
        new_value: '{"title":"New","updated_at":"2026-01-01T00:00:03.000Z"}',
      },
      { ...reference, seq: 3, action: 'ref.add', old_value: null, new_value: null },
      { ...reference, seq: 4, action: 'ref.remove', old_value: expect.stringContaining('a.ts'), new_value: null },
    ]);
    const other = await openStore(path);
    expect(log(other)).toEqual(log(store));
    await rename(store, 1, 'Newer');
    other.refresh();
    expect(log(other)).toEqual(log(store));
  });
});
