import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Encryption } from '../../../src/app/encryption/encryption.js';
import { Maintenance } from '../../../src/app/maintenance/maintenance.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { Relocation } from '../../../src/app/relocation/relocation.js';
import { aesCipher, randomKey } from '../../../src/platform/cipher.js';
import type { Row } from '../../../src/store/record.js';
import { readTask } from '../../../src/store/repositories/taskRows.js';
import { HIDDEN } from '../../../src/store/sealing/vault.js';
import { STEPS } from '../../../src/store/steps.js';
import { refusalOf } from '../../support/refusal.js';
import { storeOptions, storePath } from '../../support/stores.js';
import { openPlan } from './openPlan.js';

const [KEY, NEXT] = [randomKey(), randomKey()];

const cipherOf = (key?: string, next?: string) => aesCipher((name) => (name === 'current' ? key : next));

/** The plan at `path` as one sees it who has this key, or none. */
const open = (path: string, key?: string) => openPlan(path, { cipher: cipherOf(key), actor: () => 'ann' });

function encryption(plan: Orchestrator, key?: string, next?: string): Encryption {
  const { store, world } = plan.plan;
  return new Encryption(storeOptions(store.path), { ...world, cipher: cipherOf(key, next) });
}

/** A plan whose store is encrypted with KEY before anything is in it. */
async function encrypted(): Promise<{ plan: Orchestrator; path: string }> {
  const path = storePath();
  const plan = await open(path, KEY);
  await plan.plan.store.initialise();
  await encryption(plan, KEY).enable();
  plan.plan.store.refresh();
  return { plan, path };
}

/** Names of the files beside a store that hold a text as it is. */
function filesWith(path: string, text: string): string[] {
  const folder = dirname(path);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile() && readFileSync(join(folder, name)).includes(text))
    .sort();
}

/** Rows as agents' commands write them. */
async function addRows(plan: Orchestrator, task: string, text: string): Promise<void> {
  await plan.plan.commit('note.add', (transaction) => {
    const [task_id, agent_id, created_at] = [task, 'ann', transaction.at];
    transaction.insert('collaboration_events', {
      uid: 'aaaa0001',
      task_id,
      agent_id,
      event_type: 'note',
      content: `note ${text}`,
      created_at,
    });
    transaction.insert('notifications', {
      id: 'bbbb0001',
      task_id,
      type: 'mention',
      message: `mention ${text}`,
      created_at,
    });
    transaction.insert('notifications', {
      id: 'bbbb0002',
      task_id,
      type: 'unblocked',
      message: 'T-1 is ready',
      created_at,
    });
    transaction.insert('time_entries', {
      uid: 'cccc0001',
      task_id,
      agent_id,
      started_at: created_at,
      note: `time ${text}`,
    });
    transaction.insert('file_refs', { uid: 'dddd0001', task_id, file_path: 'a.ts', context: `reference ${text}` });
    transaction.update('tasks', [task], {
      context: `context ${text}`,
      impact_notes: `impact ${text}`,
      feedback_notes: `feedback ${text}`,
    });
  });
}

describe('an encrypted store', () => {
  test('holds no text in any of its files, and shows them to who has the key', async () => {
    const { plan, path } = await encrypted();
    const secret = 'xyzzy-plugh';
    const { id } = await plan.tasks.create({ title: 'One', description: `description ${secret}` });
    await addRows(plan, id, secret);
    await plan.tasks.update({ task: id, description: `other ${secret}` });
    await plan.tasks.setStatus({ task: id, status: 'in_progress' });
    await plan.tasks.setStatus({ task: id, status: 'completed', summary: `summary ${secret}` });
    await new Maintenance(storeOptions(path), () => 'ann').backUp();
    const { id: gone } = await plan.tasks.create({ title: 'Gone', description: `deleted ${secret}` });
    expect(filesWith(path, secret)).toEqual([]);
    await plan.plan.store.checkpoint();
    await plan.tasks.delete(gone);
    await plan.history.undo();
    expect(plan.tasks.get(gone).description).toBe(`deleted ${secret}`);
    await plan.tasks.delete(gone);
    expect(filesWith(path, secret)).toEqual([]);
    await plan.plan.store.checkpoint();
    expect(filesWith(path, secret)).toEqual([]);
    expect(readdirSync(join(dirname(path), 'backups'))).toHaveLength(1);
    const reader = await open(path, KEY);
    expect(reader.tasks.read(id)).toMatchObject({
      description: `other ${secret}`,
      context: `context ${secret}`,
      impactNotes: `impact ${secret}`,
      completionSummary: `summary ${secret}`,
      feedback: { note: `feedback ${secret}` },
    });
    const { store } = reader.plan;
    const column = (sql: string) => store.all<Row>(sql).map((row) => Object.values(row)[0]);
    expect(column('SELECT content FROM collaboration_events')).toEqual([`note ${secret}`]);
    expect(column('SELECT message FROM notifications ORDER BY id')).toEqual([`mention ${secret}`, 'T-1 is ready']);
    expect(column('SELECT note FROM time_entries')).toEqual([`time ${secret}`]);
    expect(reader.references.of(id)[0]?.context).toBe(`reference ${secret}`);
    expect((await reader.trash.restore(gone)).description).toBe(`deleted ${secret}`);
  });

  test('works without the key but for its texts', async () => {
    const { plan, path } = await encrypted();
    const { id } = await plan.tasks.create({ title: 'One', description: 'secret' });
    await addRows(plan, id, 'secret');
    const blind = await open(path);
    expect(blind.tasks.get(id)).toMatchObject({ title: 'One', description: HIDDEN['no key'] });
    expect(blind.plan.store.get<{ content: string }>('SELECT * FROM collaboration_events')?.content).toBe(
      HIDDEN['no key'],
    );
    await blind.tasks.update({ task: id, title: 'Uno', assignee: 'bob' });
    await blind.tasks.setStatus({ task: id, status: 'in_progress' });
    const { id: second } = await blind.tasks.create({ title: 'Two', dependsOn: [id] });
    for (const work of [
      () => blind.tasks.update({ task: id, description: 'mine' }),
      () => blind.tasks.update({ task: id, description: null }),
      () => blind.tasks.create({ title: 'Three', description: 'mine' }),
      () => blind.tasks.setStatus({ task: id, status: 'completed', summary: 'done' }),
    ]) {
      const refusal = await refusalOf(work());
      expect([refusal.code, refusal.message]).toEqual([
        'PERMISSION_DENIED',
        expect.stringContaining('set TM_ENCRYPTION_KEY'),
      ]);
    }
    await blind.tasks.setStatus({ task: id, status: 'completed' });
    await blind.tasks.delete(second);
    await blind.trash.restore(second);
    await blind.tasks.delete(id, { force: true });
    await blind.trash.restore(id);
    const sighted = await open(path, KEY);
    expect(sighted.tasks.get(id)).toMatchObject({ title: 'Uno', description: 'secret', status: 'completed' });
  });

  test('tells a wrong key from damage', async () => {
    const { plan, path } = await encrypted();
    const { id } = await plan.tasks.create({ title: 'One', description: 'secret' });
    const { id: other } = await plan.tasks.create({ title: 'Two', description: 'another' });
    const wrong = await open(path, NEXT);
    expect(wrong.tasks.get(id).description).toBe(HIDDEN['wrong key']);
    expect((await refusalOf(wrong.tasks.update({ task: id, description: 'x' }))).message).toContain('is not the key');
    expect(encryption(wrong, NEXT).status(wrong.plan.store)).toMatchObject({ key: 'wrong', damaged: [] });
    // The ciphertext of one task in the row of another.
    await plan.plan
      .commit('test', (transaction) => {
        const row = transaction.get<{ sealed: string }>('SELECT sealed FROM tasks WHERE id = ?', [other]);
        transaction.update('tasks', [id], { sealed: String(row?.sealed).replace(other, id) });
      })
      .catch(() => undefined);
    const moved = await open(path, KEY);
    expect(moved.tasks.get(other).description).toBe('another');
    expect(moved.tasks.get(id).description).toBe(HIDDEN.damaged);
    expect(encryption(moved, KEY).status(moved.plan.store)).toMatchObject({
      key: 'right',
      damaged: [`${id}: description`],
    });
    // What cannot be read is not written over in silence, nor dropped by another key.
    expect((await refusalOf(moved.tasks.setStatus({ task: id, status: 'completed', summary: 'x' }))).code).toBe(
      'STORE_CORRUPT',
    );
    expect((await refusalOf(encryption(moved, KEY, NEXT).rotate())).code).toBe('STORE_CORRUPT');
    expect(moved.tasks.get(other).description).toBe('another');
  });

  test('finds words in descriptions', async () => {
    const { plan } = await encrypted();
    const { id } = await plan.tasks.create({ title: 'One', description: 'About the Kraken' });
    await plan.tasks.create({ title: 'Two' });
    expect(plan.tasks.select('kraken').map((task) => task.id)).toEqual([id]);
    expect(plan.tasks.select('squid')).toEqual([]);
  });

  test('shows what changed, and takes it back', async () => {
    const { plan, path } = await encrypted();
    const { id } = await plan.tasks.create({ title: 'One', description: 'first' });
    await plan.plan.commit('task.update', (transaction) => transaction.update('tasks', [id], { context: 'kept' }));
    await plan.tasks.update({ task: id, description: 'second' });
    expect(plan.history.log({ limit: 1 }).transactions[0]?.changes[0]?.fields).toEqual([
      { field: 'description', before: 'first', after: 'second' },
    ]);
    const blind = await open(path);
    expect(JSON.stringify(blind.history.log())).not.toContain('enc:v1:');
    await plan.history.undo();
    expect(plan.tasks.read(id)).toMatchObject({ description: 'first', context: 'kept' });
    await plan.tasks.update({ task: id, description: 'third' });
    await blind.history.undo();
    expect((await open(path, KEY)).tasks.read(id)).toMatchObject({ description: 'first', context: 'kept' });
  });
});

describe('encrypting a store that is in use', () => {
  async function used(): Promise<{ plan: Orchestrator; path: string; id: string; gone: string }> {
    const path = storePath();
    const plan = await open(path, KEY);
    const { id } = await plan.tasks.create({ title: 'One', description: 'old-secret' });
    await addRows(plan, id, 'old-secret');
    await plan.tasks.update({ task: id, description: 'new-secret' });
    const { id: gone } = await plan.tasks.create({ title: 'Gone', description: 'old-secret too' });
    await plan.tasks.delete(gone);
    await plan.plan.store.checkpoint();
    return { plan, path, id, gone };
  }

  test('leaves no text in the store, its journal and its history; backups from before are named or deleted', async () => {
    const { plan, path, id, gone } = await used();
    await new Maintenance(storeOptions(path), () => 'ann').backUp();
    const change = await encryption(plan, KEY).enable();
    expect(change).toMatchObject({ tasks: 1, notes: 4, deleted: 0 });
    expect(change.history).toBeGreaterThan(3);
    expect(change.backups).toHaveLength(1);
    expect(filesWith(path, 'secret')).toEqual([`backups/${change.backups[0]}`]);
    expect((await encryption(plan, KEY).enable({ deleteBackups: true })).deleted).toBe(1);
    expect(filesWith(path, 'secret')).toEqual([]);
    // A window that was open all the time follows.
    plan.plan.store.refresh();
    expect(plan.tasks.get(id).description).toBe('new-secret');
    await plan.trash.restore(gone);
    await plan.history.undo();
    const update = plan.history
      .log({ task: id })
      .transactions.find(
        ({ changes }) => changes[0]?.kind === 'changed' && changes[0].fields[0]?.field === 'description',
      );
    expect(update?.changes[0]?.fields).toEqual([{ field: 'description', before: 'old-secret', after: 'new-secret' }]);
    await plan.history.undo({ seq: update?.seq });
    expect(plan.tasks.read(id)).toMatchObject({ description: 'old-secret', context: 'context old-secret' });
    expect(filesWith(path, 'secret')).toEqual([]);
  });

  test('takes up what another program writes in between', async () => {
    const { plan, path, id } = await used();
    await encryption(plan, KEY).enable();
    const blind = await open(path);
    // As another SQLite client would: past everything of ours.
    const { rewriteStore } = await import('../../../src/store/maintenance.js');
    await rewriteStore(storeOptions(path), { actor: 'script', action: 'test' }, (database) =>
      database.run('UPDATE tasks SET description = ? WHERE id = ?', ['from a script', id]),
    );
    blind.plan.store.refresh();
    expect(blind.tasks.get(id).description).toBe('from a script');
    expect(encryption(blind, KEY).status(blind.plan.store).readable).toBe(1);
    await encryption(blind, KEY).enable();
    expect(filesWith(path, 'from a script')).toEqual([]);
    expect(readTask((await open(path, KEY)).plan.store, id)).toMatchObject({
      description: 'from a script',
      context: 'context old-secret',
    });
  });

  test('is refused without a key, and changes nothing', async () => {
    const { plan, path } = await used();
    const before = readFileSync(path);
    expect((await refusalOf(encryption(plan).enable())).message).toContain('There is no key');
    expect((await refusalOf(encryption(plan, KEY).rotate())).code).toBe('NOT_FOUND');
    expect((await refusalOf(encryption(plan, KEY).disable())).code).toBe('NOT_FOUND');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('with another key, and without one again, keeps everything', async () => {
    const { plan, path, id, gone } = await used();
    const whole = async (key?: string) => {
      const { tasks, history, plan: opened } = await open(path, key);
      const rows = ['collaboration_events', 'notifications', 'time_entries', 'file_refs'].map((table) =>
        opened.store.all(`SELECT * FROM ${table} ORDER BY 1`),
      );
      const byName = (a: { field: string }, b: { field: string }) => (a.field < b.field ? -1 : 1);
      const transactions = history
        .log()
        .transactions.map(({ changes }) =>
          changes.map((change) => ({ ...change, fields: [...change.fields].sort(byName) })),
        );
      return { task: tasks.read(id), rows, transactions };
    };
    const before = await whole();
    await encryption(plan, KEY).enable();
    expect(await whole(KEY)).toEqual({ ...before, transactions: [[], ...before.transactions] });
    expect((await refusalOf(encryption(plan, KEY).rotate())).message).toContain('TM_ENCRYPTION_KEY_NEW');
    expect((await refusalOf(encryption(plan, NEXT, KEY).rotate())).message).toContain('is not the key');
    await encryption(plan, KEY, NEXT).rotate();
    expect((await open(path, KEY)).tasks.get(id).description).toBe(HIDDEN['wrong key']);
    expect((await whole(NEXT)).task).toEqual(before.task);
    expect(filesWith(path, 'secret')).toEqual([]);
    expect((await refusalOf(encryption(plan, KEY).disable())).message).toContain('is not the key');
    await encryption(plan, NEXT).disable();
    const after = await whole();
    expect(after.task).toEqual(before.task);
    expect(after.rows).toEqual(before.rows);
    expect(after.transactions.filter((changes) => changes.length > 0)).toEqual(before.transactions);
    expect((await (await open(path)).trash.restore(gone)).description).toBe('old-secret too');
  });
});

test('changes of texts come out as without encryption', async () => {
  const { plan } = await encrypted();
  const { id } = await plan.tasks.create({ title: 'One' });
  const fields = ['description', 'context', 'impact_notes', 'completion_summary', 'feedback_notes'] as const;
  const value = fc.oneof(
    fc.constant(null),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0')),
  );
  const change = fc.dictionary(fc.constantFrom(...fields), value, { noNullPrototype: true });
  const expected: Record<string, string | null> = {};
  await fc.assert(
    fc.asyncProperty(change, async (columns) => {
      await plan.plan.commit('task.update', (transaction) => transaction.update('tasks', [id], columns));
      Object.assign(expected, columns);
      const shown = plan.plan.store.get<Row>(`SELECT *, sealed IS NULL AS bare FROM tasks WHERE id = ?`, [id]) as Row;
      for (const field of fields) expect(shown[field] ?? null).toBe(expected[field] ?? null);
      const raw = plan.plan.store.rehearse('', (transaction) =>
        transaction.get<Row>('SELECT * FROM tasks WHERE id = ?', [id]),
      );
      expect(fields.map((field) => raw?.[field])).toEqual(fields.map(() => null));
      expect(shown.bare).toBe(fields.some((field) => expected[field] != null) ? 0 : 1);
    }),
    { seed: 20261121, numRuns: 60 },
  );
});

test('a crash while the key is changed leaves the old store or the new one', async () => {
  const outcomes = new Set<string>();
  for (const step of STEPS.filter((name) => /^(image|journal)\./.test(name))) {
    const path = storePath();
    const plan = await open(path, KEY);
    const { id } = await plan.tasks.create({ title: 'One', description: 'secret' });
    await encryption(plan, KEY).enable();
    const onStep = (reached: string) => {
      if (reached === step) throw new Error('died');
    };
    const { world } = plan.plan;
    const dying = new Encryption({ ...storeOptions(path), onStep }, { ...world, cipher: cipherOf(KEY, NEXT) });
    await expect(dying.rotate()).rejects.toThrow('died');
    const [old, now] = [await open(path, KEY), await open(path, NEXT)];
    expect(old.plan.store.problem, step).toBeUndefined();
    const texts = [old.tasks.get(id).description, now.tasks.get(id).description];
    outcomes.add(texts[0] === 'secret' ? 'old' : 'new');
    expect(
      [
        ['secret', HIDDEN['wrong key']],
        [HIDDEN['wrong key'], 'secret'],
      ],
      step,
    ).toContainEqual(texts);
    const holder = texts[0] === 'secret' ? old : now;
    await holder.tasks.update({ task: id, description: 'and on' });
  }
  expect(outcomes).toEqual(new Set(['old', 'new']));
});

test('tasks leave an encrypted store with their texts, and only with the key', async () => {
  const { plan, path } = await encrypted();
  const { id } = await plan.tasks.create({ title: 'One', description: 'secret' });
  await addRows(plan, id, 'secret');
  const { plan: other, path: goal } = await encrypted();
  const blind = await open(path);
  const place = ({ plan, tasks }: Orchestrator) => ({ plan, tasks });
  const denied = await refusalOf(new Relocation(place(blind), place(other)).copy({ tasks: [id] }));
  expect([denied.code, other.tasks.list().total]).toEqual(['PERMISSION_DENIED', 0]);
  await new Relocation(place(plan), place(other)).move({ tasks: [id] });
  expect(other.tasks.read(id)).toMatchObject({ description: 'secret', context: 'context secret' });
  expect(other.plan.store.get<Row>('SELECT content FROM collaboration_events')?.content).toBe('note secret');
  expect([...filesWith(path, 'secret'), ...filesWith(goal, 'secret')]).toEqual([]);
});
