import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitUserName } from '../../../src/platform/gitName.js';
import { temporaryFolder } from '../../support/stores.js';

/** A home and a repository with these settings, and what git and our reading say of them. */
function names({ local = '', global = '', xdg }: { local?: string; global?: string; xdg?: string }) {
  const home = temporaryFolder();
  const folder = join(home, 'repository', 'inner');
  mkdirSync(folder, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', ['init', '-q', join(home, 'repository')], { env });
  writeFileSync(join(home, 'repository/.git/config'), `[core]\n\tbare = false\n${local}`);
  if (global !== '') writeFileSync(join(home, '.gitconfig'), global);
  if (xdg) {
    mkdirSync(join(home, '.config/git'), { recursive: true });
    writeFileSync(join(home, '.config/git/config'), xdg);
  }
  let git = '';
  try {
    git = execFileSync('git', ['config', 'user.name'], { cwd: folder, env, encoding: 'utf8' }).trim();
  } catch {
    // None is set.
  }
  return { git, ours: gitUserName(folder, env) };
}

const user = (name: string) => `[user]\n\temail = a@b\n\tname = ${name}\n`;

test.each([
  [{ local: user('Local Ann'), global: user('Global Ann') }],
  [{ global: user('  Ann “A” Lee  ') }],
  [{ global: `${user('One')}[USER] Name=Two\n` }],
  [{ global: '[user "sub"]\n\tname = Not me\n[user]\n\tname = Me\n', local: '[alias]\n\tname = other\n' }],
  [{ xdg: user('Xdg Ann') }],
  [{ global: user('Global Ann'), xdg: user('Xdg Ann') }],
])('plain settings are read as git reads them: %j', (settings) => {
  const { git, ours } = names(settings);
  expect(git).not.toBe('');
  expect(ours).toBe(git);
});

test.each([
  [{ global: user('"Quoted  Ann"') }],
  [{ global: user('Ann ; a comment') }],
  [{ global: user('Ann \\\n  Lee') }],
  [{ global: `${user('Ann')}[include]\n\tpath = other\n` }],
  [{ global: `[includeIf "gitdir:~/"]\n\tpath = other\n${user('Ann')}` }],
  [{ local: `[extensions]\n\tworktreeConfig = true\n${user('Ann')}` }],
  [{}],
])('what only git understands is left to git: %j', (settings) => {
  expect(names(settings).ours).toBeUndefined();
});
