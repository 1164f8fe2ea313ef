import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';

/** A `tm` that is installed by itself, so that what it keeps beside it is this test's. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tm-installed-'));
  const built = dirname(inject('tm'));
  for (const file of readdirSync(built).filter((name) => /^tm.*\.js(on)?$/.test(name)))
    copyFileSync(join(built, file), join(folder, file));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

describe.each(inject('nodes'))('on %s', (node) => {
  const run = (...args: string[]) =>
    spawnSync(node, [join(folder, 'tm.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
  const version = () => run('--version').stdout;

  test('what V8 compiled is kept for the next run, and grows by what other commands need', () => {
    expect(version()).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(commands()).toEqual(['--version']);
    const first = statSync(cache());
    expect(version()).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(statSync(cache())).toMatchObject({ ino: first.ino, mtimeMs: first.mtimeMs });
    expect(run('--help').stdout).toContain('tm');
    expect(commands()).toEqual(['--version', '--help']);
    expect(statSync(cache()).size).toBeGreaterThan(first.size);
  });

  test('a refused command keeps nothing', () => {
    expect(run('frobnicate').status).toBe(2);
    expect(kept()).toEqual([]);
  });

  test('another source of the same length is never run from the old one’s code', () => {
    const before = version();
    const file = join(folder, 'tm-main.js');
    const changed = before.replace(/^\d/, '9');
    const source = readFileSync(file, 'latin1').replaceAll(
      JSON.stringify(before.trim()),
      JSON.stringify(changed.trim()),
    );
    writeFileSync(file, source.replace(/^\/\/[\da-f]{16}/, '//0123456789abcdef'), 'latin1');
    expect(version()).toBe(changed);
    expect(version()).toBe(changed);
  });

  test('damage is noticed, and mended by the next run', () => {
    const said = version();
    for (const damage of ['', 'nothing of the kind', 'flipped'] as const) {
      const whole = readFileSync(cache());
      const flipped = Buffer.from(whole);
      for (let at = 500; at < whole.length; at += 1000) flipped[at] = (flipped[at] as number) ^ 0x55;
      writeFileSync(cache(), damage === 'flipped' ? flipped : damage);
      expect(version()).toBe(said);
      expect(commands()).toEqual(['--version']);
      expect(readFileSync(cache()).equals(flipped)).toBe(false);
    }
  });

  test('where it cannot be kept, the program runs as it would without, and leaves nothing', () => {
    const said = version();
    const path = cache();
    rmSync(path);
    mkdirSync(path);
    expect(version()).toBe(said);
    expect(kept()).toEqual([path]);
  });

  test('a run with flags for V8 keeps nothing: its code fits no other run', () => {
    const { stdout } = spawnSync(node, ['--stack-trace-limit=5', join(folder, 'tm.js'), '--version'], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^\d/);
    expect(kept()).toEqual([]);
  });
});

/** Everything beside the program that was not installed. */
function kept(): string[] {
  return readdirSync(folder)
    .filter((name) => name.includes('.cache'))
    .map((name) => join(folder, name));
}

function cache(): string {
  const [path, ...others] = kept();
  expect(others).toEqual([]);
  return path as string;
}

function commands(): unknown {
  return JSON.parse(readFileSync(cache(), 'latin1').split('\n', 1)[0] as string).uses;
}
