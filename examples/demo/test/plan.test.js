import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tempDir } from '../testing/helpers.js';

const DEMO = fileURLToPath(new URL('..', import.meta.url));

/** Stands in for `tm`: notes its arguments, and gives ids. */
const STUB = `
const { appendFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(process.env.STUB_LOG, JSON.stringify(args) + '\\n');
if (args[0] === process.env.STUB_FAIL) { process.stderr.write('refused'); process.exit(1); }
if (args[0] === 'add') process.stdout.write(require('node:crypto').randomBytes(4).toString('hex') + '\\n');
`;

/**
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} [env]
 */
async function runPlan(t, env = {}) {
  const dir = await tempDir(t);
  for (const name of ['src', 'test', 'README.md', 'package.json']) {
    await cp(join(DEMO, name), join(dir, 'demo', name), { recursive: true });
  }
  await writeFile(join(dir, 'tm.cjs'), STUB);
  const log = join(dir, 'log');
  const args = [join(DEMO, 'plan.mjs'), join(dir, 'tm.cjs'), join(dir, 'demo')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, STUB_LOG: log, ...env },
    encoding: 'utf8',
  });
  const text = await readFile(log, 'utf8').catch(() => '');
  /** @type {string[][]} */
  const calls = text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
  return { status, stdout, stderr, calls };
}

test('the plan finds every line that it refers to', async (t) => {
  const { status, stdout, stderr, calls } = await runPlan(t);
  assert.equal(stderr, '');
  assert.equal(status, 0);
  const counts = /^(\d+) tasks, (\d+) dependencies, (\d+) references\n$/.exec(stdout)?.slice(1).map(Number);
  const given = (/** @type {string} */ name) => calls.flat().filter((arg) => arg === name).length;
  const added = calls.filter(([command]) => command === 'add').length;
  const linked = calls.filter(([command]) => command === 'dep').length;
  assert.deepEqual(counts, [added, given('--depends-on') + linked, given('--file')]);
});

test('the plan stops where tm refuses, and says what it said', async (t) => {
  const { status, stderr } = await runPlan(t, { STUB_FAIL: 'start' });
  assert.equal(status, 1);
  assert.match(stderr, /tm start [0-9a-f]{8}\nended with code 1: refused/);
});
