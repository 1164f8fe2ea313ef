import { spawnSync } from 'node:child_process';
import { expect, inject, test } from 'vitest';
import type { CommandReference } from '../../src/cli/reference/reference.js';
import { withInner } from '../../src/cli/reference/reference.js';
import { Shell } from './shell.js';

const all = (tm: Shell) => (JSON.parse(tm.say('__reference', 'json')) as CommandReference[]).flatMap(withInner);

test('tm --help, -h and help name every command, grouped, and write nothing', () => {
  const tm = new Shell();
  const help = tm.say('--help');
  expect(tm.say('-h')).toBe(help);
  expect(tm.say('help')).toBe(help);
  for (const { path, description } of all(tm)) {
    if (!path.includes(' ')) expect(help).toMatch(new RegExp(`^  ${path} +${description.slice(0, 12)}`, 'm'));
  }
  for (const words of ['--agent-id', '--no-pager', 'TM_DB_PATH', 'TM_REQUEST_ID', 'NO_COLOR', 'Exit codes'])
    expect(help).toContain(words);
  expect(tm.disk()).toBeUndefined();
});

test('every command says what it does, what its options mean, and how it is used', () => {
  const tm = new Shell();
  for (const command of all(tm)) {
    expect(command.description, command.path).not.toBe('');
    for (const { flags, description, value } of command.options)
      expect(description || value?.name, `${command.path} ${flags}`).toBeTruthy();
    const examples = withInner(command).flatMap((one) => one.examples);
    if (!command.path.includes(' ')) expect(examples.length, `examples of tm ${command.path}`).toBeGreaterThan(0);
    for (const { line } of command.examples) expect(line).toContain('tm ');
  }
});

test('tm help COMMAND and tm COMMAND --help say the same, with examples', () => {
  const tm = new Shell();
  const help = tm.say('help', 'add');
  expect(help).toMatch(/^Usage: tm add \[options\]/);
  expect(help).toMatch(/Examples:\n {2}.*tm add/);
  expect(tm.say('add', '--help')).toBe(help);
  expect(tm.say('dep', 'add', '--help')).toBe(tm.say('help', 'dep', 'add'));
});

test('tm --version prints the version alone', () => {
  const tm = new Shell();
  expect(tm.say('--version')).toMatch(/^\d+\.\d+\.\d+$/);
  expect(tm.say('-V')).toBe(tm.say('--version'));
});

test('a mistyped command or option is refused with the nearest name, and writes nothing', () => {
  const tm = new Shell();
  expect(tm.run('lst')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Did you mean list?') });
  expect(tm.run('add', 'x', '--titel')).toMatchObject({ code: 2, stdout: '' });
  expect(tm.run('add', 'x', '--priorty', 'high').stderr).toContain('Did you mean --priority?');
  expect(tm.run('help', 'shwo')).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean show?') });
  expect(tm.run('shwo', '--help').stderr).toContain('Did you mean show?');
  expect(tm.disk()).toBeUndefined();
});

test('the manual is roff without mistakes', () => {
  const tm = new Shell();
  const page = tm.say('man');
  expect(page).toMatch(/^\.TH TM 1/);
  for (const { path } of all(tm)) expect(page).toContain(`.SS tm ${path.replaceAll('-', '\\-')}`);
  const lint = spawnSync('mandoc', ['-T', 'lint', '-W', 'error'], { input: page, encoding: 'utf8' });
  if (!lint.error) expect(`${lint.stdout}${lint.stderr}`).toBe('');
  const groff = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-cbou'], { input: page, encoding: 'utf8' });
  if (!groff.error) {
    expect(groff.stderr).toBe('');
    expect(groff.stdout).toContain('EXIT STATUS');
  }
});

test('the version runs on every Node that tm is for', () => {
  for (const node of inject('nodes')) expect(new Shell({ node }).say('--version')).toMatch(/^\d/);
});
