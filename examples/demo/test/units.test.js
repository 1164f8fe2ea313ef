import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { KeyRing } from '../src/auth.js';
import { loadConfig } from '../src/config.js';
import { field, linksToCsv } from '../src/csv.js';
import { RateLimiter } from '../src/rateLimit.js';
import { Router } from '../src/router.js';
import { ALPHABET, checkSlug, freeSlug, randomSlug } from '../src/slug.js';
import { Clock, tempDir } from '../testing/helpers.js';

test('config: defaults, and errors that name the variable and its value', () => {
  assert.equal(loadConfig({}).baseUrl, 'http://127.0.0.1:8080');
  assert.throws(() => loadConfig({ SHORTLINK_PORT: '80a' }), /SHORTLINK_PORT .* not "80a"/);
  assert.throws(() => loadConfig({ SHORTLINK_BASE_URL: 'sho.rt' }), /SHORTLINK_BASE_URL/);
});

test('slug: random ones use the alphabet, and a collision makes the next one longer', () => {
  assert.match(randomSlug(), new RegExp(`^[${ALPHABET}]{6}$`));
  const taken = new Set(['222222', '2222222']);
  assert.equal(
    freeSlug(
      (slug) => taken.has(slug),
      () => 0,
    ),
    '22222222',
  );
  assert.throws(() => freeSlug(() => true), /random source/);
});

test('slug: chosen ones are checked', () => {
  assert.equal(checkSlug('Spring_2026-a'), 'Spring_2026-a');
  for (const bad of ['ab', 'a/b', 'x'.repeat(41), 'healthz']) {
    assert.throws(() => checkSlug(bad), { code: 'BAD_REQUEST' });
  }
});

test('router: literals before parameters, decoded parts, and the allowed methods', () => {
  /** @type {Router<string[]>} */
  const router = new Router();
  router
    .on('GET', '/links', (seen) => void seen.push('list'))
    .on('GET', '/:slug', (seen, { slug = '' }) => void seen.push(slug))
    .on('POST', '/links', (seen) => void seen.push('create'));
  /** @type {string[]} */
  const seen = [];
  for (const [method, path] of /** @type {[string, string][]} */ ([
    ['GET', '/links'],
    ['HEAD', '/a%20b'],
    ['POST', '/links'],
  ])) {
    const { handler, params } = router.match(method, path);
    handler(seen, params);
  }
  assert.deepEqual(seen, ['list', 'a b', 'create']);
  assert.throws(() => router.match('PUT', '/links'), { status: 405, headers: { allow: 'GET, POST' } });
  assert.throws(() => router.match('GET', '/a/b'), { status: 404 });
  assert.throws(() => router.match('GET', '/'), { status: 404 });
  assert.throws(() => router.match('GET', '/%zz'), { status: 400 });
});

test('rate limit: a burst, then an even refill, for each client alone', () => {
  const clock = new Clock();
  const limiter = new RateLimiter(6, clock.now);
  for (let i = 0; i < 6; i++) assert.equal(limiter.take('a'), 0);
  assert.equal(limiter.take('a'), 10);
  assert.equal(limiter.take('b'), 0);
  clock.advance(10_000);
  assert.equal(limiter.take('a'), 0);
  assert.equal(limiter.take('a'), 10);
});

test('keys: only the hash is stored, for the owner of the file alone', async (t) => {
  const file = join(await tempDir(t), 'keys.json');
  const { id, secret } = await (await KeyRing.open(file)).create('ada', 0);
  assert.doesNotMatch(await readFile(file, 'utf8'), new RegExp(secret));
  if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
  const keys = await KeyRing.open(file);
  assert.equal(keys.authenticate(`Bearer ${secret}`).id, id);
  assert.throws(() => keys.authenticate(`Bearer ${secret}x`), { status: 401 });
  assert.throws(() => keys.authenticate(undefined), { status: 401 });
});

test('csv: quoting, and no formula for a spreadsheet to run', () => {
  assert.equal(field('a"b,c'), '"a""b,c"');
  assert.equal(field('-1+1'), "'-1+1");
  assert.equal(field(-1), '-1');
  const link = {
    slug: 'a',
    url: 'https://x/?q=1,2',
    owner: 'k',
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: null,
  };
  assert.equal(
    linksToCsv([link], 'https://sho.rt', () => 7),
    'slug,short_url,url,created_at,expires_at,clicks_30d\r\n' +
      'a,https://sho.rt/a,"https://x/?q=1,2",2026-01-01T00:00:00.000Z,,7\r\n',
  );
});
