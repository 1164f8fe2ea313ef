import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Links } from '../src/links.js';
import { LinkStore } from '../src/store.js';
import { sweep } from '../src/sweeper.js';
import { Clock, tempDir } from '../testing/helpers.js';

/** @param {string} slug */
const link = (slug) => ({
  slug,
  url: 'https://example.org/',
  owner: 'k1',
  createdAt: '2026-01-15T12:00:00.000Z',
  expiresAt: /** @type {string | null} */ (null),
});

test('links and clicks survive a restart', async (t) => {
  const file = join(await tempDir(t), 'sub', 'links.jsonl');
  const first = await LinkStore.open(file);
  await first.insert(link('one'));
  await first.insert(link('two'));
  await first.addClicks('one', '2026-01-15', 2);
  await first.addClicks('one', '2026-01-15', 3);
  await first.delete('two');
  await first.close();

  const second = await LinkStore.open(file);
  t.after(() => second.close());
  assert.deepEqual(second.all(), [link('one')]);
  assert.deepEqual([...second.clicks('one')], [['2026-01-15', 5]]);
});

test('a torn last line is dropped, and the next write starts on a line of its own', async (t) => {
  const file = join(await tempDir(t), 'links.jsonl');
  const first = await LinkStore.open(file);
  await first.insert(link('one'));
  await first.close();
  await appendFile(file, '{"op":"put","li');

  const second = await LinkStore.open(file);
  await second.insert(link('two'));
  await second.close();
  const third = await LinkStore.open(file, { readOnly: true });
  assert.deepEqual(
    third.all().map(({ slug }) => slug),
    ['one', 'two'],
  );
});

test('damage elsewhere is reported, not repaired', async (t) => {
  const file = join(await tempDir(t), 'links.jsonl');
  const text = `${JSON.stringify({ op: 'put', link: link('one') })}\nnonsense\n`;
  await writeFile(file, text);
  await assert.rejects(LinkStore.open(file), /damaged in line 2/);
  assert.equal(await readFile(file, 'utf8'), text);
});

test('a journal of mostly old news is compacted when it is opened', async (t) => {
  const file = join(await tempDir(t), 'links.jsonl');
  const change = { op: 'clicks', slug: 'one', day: '2026-01-15', count: 1 };
  const lines = [{ op: 'put', link: link('one') }, ...Array(1500).fill(change)];
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await (await LinkStore.open(file)).close();
  assert.equal((await readFile(file, 'utf8')).split('\n').length, 3);
  assert.equal((await LinkStore.open(file, { readOnly: true })).clicks('one').get('2026-01-15'), 1500);
});

test('a read-only store refuses changes', async (t) => {
  const store = await LinkStore.open(join(await tempDir(t), 'none.jsonl'), { readOnly: true });
  await assert.rejects(store.insert(link('one')), /read-only/);
});

test('the sweep deletes what has expired, and only that', async (t) => {
  const store = await LinkStore.open(join(await tempDir(t), 'links.jsonl'));
  t.after(() => store.close());
  const clock = new Clock();
  const at = (/** @type {number} */ ms) => new Date(clock.now() + ms).toISOString();
  await store.insert({ ...link('old'), expiresAt: at(10) });
  await store.insert({ ...link('new'), expiresAt: at(20) });
  await store.insert(link('kept'));
  clock.advance(10);
  assert.equal(await sweep(store, new Links(store, clock.now)), 1);
  assert.deepEqual(
    store.all().map(({ slug }) => slug),
    ['new', 'kept'],
  );
});
