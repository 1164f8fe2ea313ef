import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tempDir } from '../testing/helpers.js';

const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url));

/**
 * @param {Record<string, string>} env
 * @param {string[]} args
 */
async function run(env, ...args) {
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

test('key, serve, add and export work together, and SIGTERM stops cleanly', async (t) => {
  const env = { SHORTLINK_DATA: await tempDir(t), SHORTLINK_PORT: '0' };
  const key = (await run(env, 'key', 'create', 'ada')).stdout.trim();
  const server = spawn(process.execPath, [CLI, 'serve'], { env: { ...process.env, ...env } });
  t.after(() => server.kill('SIGKILL'));
  const [line] = await once(createInterface(server.stdout), 'line');
  const { event, url } = JSON.parse(line);
  assert.equal(event, 'listening');

  const client = { ...env, SHORTLINK_BASE_URL: url, SHORTLINK_KEY: key };
  const added = await run(client, 'add', 'https://example.org', '--slug', 'docs');
  assert.equal(added.stderr, '');
  assert.match(added.stdout, /\/docs\n$/);
  const again = await run(client, 'add', 'https://example.org', '--slug', 'docs');
  assert.deepEqual([again.code, again.stderr], [1, 'shortlink: slug "docs" is taken\n']);
  assert.match((await run(client, 'export')).stdout, /^docs,/m);

  server.kill('SIGTERM');
  const [code] = await once(server, 'exit');
  if (process.platform !== 'win32') assert.equal(code, 0);
});

test('an unknown command prints the usage', async (t) => {
  const { code, stderr } = await run({ SHORTLINK_DATA: await tempDir(t) }, 'fly');
  assert.equal(code, 2);
  assert.match(stderr, /^Usage:/);
});
