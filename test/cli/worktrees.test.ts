import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/stores.js';
import { Shell } from './shell.js';

/** A repository with a second worktree on the branch `feature`. */
function repository(): { main: Shell; second: Shell } {
  const folder = temporaryFolder();
  const [main, second] = [join(folder, 'main'), join(folder, 'second')];
  mkdirSync(main);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd: main, stdio: 'pipe' });
  git('init', '-q', '-b', 'trunk');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('worktree', 'add', '-q', second, '-b', 'feature');
  return { main: new Shell({ folder: main }), second: new Shell({ folder: second }) };
}

describe('git worktrees', () => {
  test('have stores of their own by default', () => {
    const { main, second } = repository();
    main.say('init');
    main.say('add', 'One');
    expect(second.run('list').code).toBe(3);
  });

  test('share one after tm init --shared; claims remember branch and worktree', () => {
    const { main, second } = repository();
    expect(main.say('init', '--shared')).toBe('Task database initialized');
    expect(second.run('init', '--shared').stderr).toContain('It was there already');
    expect(existsSync(join(main.folder, '.git/task-orchestrator/tasks.db'))).toBe(true);
    expect(existsSync(join(main.folder, '.task-orchestrator'))).toBe(false);
    main.file('src/a.ts', 5);
    main.say('add', 'One', '--file', 'src/a.ts:2');
    // The same reference means each worktree's own file.
    expect(main.task('1').fileRefs[0]?.missing).toBe(false);
    expect(second.task('1').fileRefs[0]?.missing).toBe(true);
    mkdirSync(join(second.folder, 'deep/er'), { recursive: true });
    const deep = second.with({ folder: join(second.folder, 'deep/er') });
    expect(deep.json('claim', '1').task.claim).toMatchObject({ branch: 'feature', worktree: 'second' });
    second.say('release', '1');
    const { claim } = main.json('claim', '1').task;
    expect([claim?.branch, claim?.worktree]).toEqual(['trunk', undefined]);
  });

  test('with a store of their own use that, and are told so', () => {
    const { main } = repository();
    main.say('init');
    expect(main.run('init', '--shared').stderr).toContain('is nearer and is used');
    main.say('add', 'Mine');
    expect(existsSync(join(main.folder, '.task-orchestrator/tasks.db'))).toBe(true);
    expect(main.list().total).toBe(1);
  });

  test('are needed for a shared store', () => {
    const shell = new Shell();
    expect(shell.run('init', '--shared')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no git repository'),
    });
    expect(shell.with({ env: { TM_DB_PATH: 'x' } }).run('init', '--shared').code).toBe(2);
  });
});
