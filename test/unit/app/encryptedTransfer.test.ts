import { expect, test } from 'vitest';
import { Agents } from '../../../src/app/agents/agents.js';
import { Collaboration } from '../../../src/app/collaboration/collaboration.js';
import { Encryption } from '../../../src/app/encryption/encryption.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { Exports } from '../../../src/app/transfer/exports.js';
import { Imports } from '../../../src/app/transfer/imports.js';
import { aesCipher, randomKey } from '../../../src/platform/cipher.js';
import { testEngine } from '../../support/engine.js';
import { refusalOf } from '../../support/refusal.js';
import { storeOptions, storePath } from '../../support/stores.js';
import { openPlan } from './openPlan.js';

/** A plan on an encrypted store, with a key of its own. */
async function encrypted(request?: string): Promise<Orchestrator> {
  const [path, key] = [storePath(), randomKey()];
  const cipher = aesCipher((name) => (name === 'current' ? key : undefined));
  const plan = await openPlan(path, { cipher, actor: () => 'ann', ...(request && { request }) });
  await plan.plan.store.initialise();
  await new Encryption(storeOptions(path), { ...plan.plan.world, cipher }).enable();
  plan.plan.store.refresh();
  return plan;
}

function exported({ plan, tasks }: Orchestrator, lossless: boolean): string {
  const lines: string[] = [];
  new Exports(plan, tasks).write({ format: 'json', lossless }, { write: (text) => lines.push(text) });
  return lines.join('\n');
}

function imported({ plan }: Orchestrator, text: string) {
  const files = [{ path: 'plan.json', bytes: new TextEncoder().encode(text) }];
  return new Imports(plan, () => testEngine()).import({ name: 'plan.json', files, folder: false }, {});
}

test('a shared text and a message that are repeated under their request are answered as before', async () => {
  const plan = await encrypted('r1');
  const { id } = await plan.tasks.create({ title: 'One' });
  const [collaboration, agents] = [new Collaboration(plan.plan), new Agents(plan.plan)];
  const share = (text: string) => collaboration.add({ task: id, type: 'update', text });
  expect(await share('plugh')).toEqual(await share('plugh'));
  expect((await refusalOf(share('another'))).code).toBe('CONFLICT');
  const send = (text: string) => agents.send({ to: 'ann', text });
  expect(await send('xyzzy')).toEqual(await send('xyzzy'));
  expect((await refusalOf(send('another'))).code).toBe('CONFLICT');
  expect(JSON.stringify(plan.plan.store.all('SELECT * FROM requests'))).not.toContain('xyzzy');
});

test('its own lossless export changes nothing, and elsewhere gives everything, the trash included', async () => {
  const plan = await encrypted();
  const { id } = await plan.tasks.create({ title: 'One', description: 'plugh' });
  const { id: gone } = await plan.tasks.create({ title: 'Gone', description: 'xyzzy' });
  await new Collaboration(plan.plan).add({ task: gone, type: 'update', text: 'said' });
  await plan.tasks.delete(gone);
  const text = exported(plan, true);
  expect(text).not.toContain('enc:v1');
  expect(await imported(plan, text)).toMatchObject({ created: 0, updated: 0, unchanged: 1, conflicts: [] });
  const plain = await openPlan();
  await imported(plain, text);
  expect((await plain.trash.restore(gone)).description).toBe('xyzzy');
  const other = await encrypted();
  await imported(other, text);
  const rows = (reader: Orchestrator) =>
    reader.plan.rehearse('test', (transaction) => JSON.stringify(transaction.all('SELECT * FROM trash')));
  expect(rows(other)).not.toContain('xyzzy');
  expect((await other.trash.restore(gone)).description).toBe('xyzzy');
  expect(new Collaboration(other.plan).context({ task: gone }).shared.map((event) => event.text)).toEqual(['said']);
  expect(other.tasks.read(id).description).toBe('plugh');
});

test('what changed in an imported file is taken over where nobody changed it here', async () => {
  const plan = await encrypted();
  const file = (description: string) => JSON.stringify([{ id: 'x', title: 'One', description }]);
  await imported(plan, file('before'));
  expect(await imported(plan, file('after'))).toMatchObject({ updated: 1, conflicts: [] });
  expect(plan.tasks.list().tasks.map(({ id }) => plan.tasks.read(id).description)).toEqual(['after']);
});
