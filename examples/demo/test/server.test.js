import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from '../testing/helpers.js';

test('a link is made, followed, counted and deleted', async (t) => {
  const { call } = await startService(t);
  const made = await call('POST', '/api/links', { body: { url: 'https://example.org/a?b=1', slug: 'docs' } });
  assert.equal(made.status, 201);
  assert.equal(made.json.shortUrl, 'https://sho.rt/docs');
  assert.equal(made.json.owner, undefined);

  const followed = await call('GET', '/docs', { key: null });
  assert.equal(followed.status, 302);
  assert.equal(followed.headers.get('location'), 'https://example.org/a?b=1');
  assert.equal((await call('HEAD', '/docs', { key: null })).status, 302);

  const stats = await call('GET', '/api/links/docs/stats?days=2');
  assert.deepEqual(stats.json.byDay, [
    { day: '2026-01-14', count: 0 },
    { day: '2026-01-15', count: 1 },
  ]);
  assert.match((await call('GET', '/api/export.csv')).text, /^docs,https:\/\/sho\.rt\/docs,.*,1\r$/m);

  assert.equal((await call('DELETE', '/api/links/docs')).status, 204);
  assert.equal((await call('GET', '/docs')).status, 404);
});

test('the API needs a key and shows nobody the links of others', async (t) => {
  const { call } = await startService(t);
  await call('POST', '/api/links', { body: { url: 'https://example.org', slug: 'mine' } });
  for (const key of [null, 'sl_wrong']) {
    const refused = await call('GET', '/api/links', { key });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
  }
});

test('bad input is refused in words', async (t) => {
  const { call } = await startService(t);
  const cases = [
    [{ url: 'ftp://example.org' }, 400, /http or https/],
    [{ url: 'https://u:p@example.org' }, 400, /password/],
    [{ url: 'https://example.org', slug: 'a b c' }, 400, /slug must be/],
    [{ url: 'https://example.org', slug: 'API' }, 400, /reserved/],
    [{ url: 'https://example.org', expiresAt: '2020-01-01' }, 400, /past/],
    ['[]', 400, /JSON object/],
    ['{', 400, /JSON object/],
    ['x'.repeat(20_000), 413, /larger/],
  ];
  for (const [body, status, message] of /** @type {[unknown, number, RegExp][]} */ (cases)) {
    const refused = await call('POST', '/api/links', { body });
    assert.equal(refused.status, status);
    assert.match(refused.json.error.message, message);
  }
  assert.equal((await call('GET', '/api/links')).json.links.length, 0);
});

test('a slug is given once, whoever asks at the same time', async (t) => {
  const { call } = await startService(t);
  const body = { url: 'https://example.org', slug: 'same' };
  const answers = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/api/links', { body })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)]);
});

test('an expired link is gone before the sweeper comes', async (t) => {
  const { call, clock } = await startService(t);
  const body = { url: 'https://example.org', slug: 'soon', expiresAt: new Date(clock.now() + 1000).toISOString() };
  await call('POST', '/api/links', { body });
  assert.equal((await call('GET', '/soon')).status, 302);
  clock.advance(1000);
  assert.equal((await call('GET', '/soon')).status, 404);
});

test('a client beyond its rate is told when to come back', async (t) => {
  const { call, clock } = await startService(t, { SHORTLINK_RATE_PER_MINUTE: '2' });
  await call('GET', '/healthz');
  await call('GET', '/healthz');
  const refused = await call('GET', '/healthz');
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '30');
  clock.advance(30_000);
  assert.equal((await call('GET', '/healthz')).status, 200);
});

test('no secret reaches the log', async (t) => {
  const { call, logged } = await startService(t);
  await call('GET', '/api/links');
  assert.ok(logged.length > 0);
  assert.doesNotMatch(JSON.stringify(logged), /sl_/);
});
