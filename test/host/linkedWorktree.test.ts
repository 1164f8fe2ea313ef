import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, folder, run, show, tm, until } from './support.js';

describe('a linked worktree alone in a window', () => {
  const main = join(folder(), '../main');

  it('shows the plan that somebody makes for all worktrees meanwhile', async () => {
    await activated();
    tm(main, 'init', '--shared');
    const task = tm(main, 'add', 'Made in the main worktree');
    const shown = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).map((tab) => tab.label);
    // Looking at a task creates nothing, unlike an attempt to change one.
    await until(
      async () => {
        await run('history.show', folder(), task);
        return shown();
      },
      (labels) => labels.includes('T-1 history'),
    );
    await run('claim.claim', folder(), task);
    assert.equal(show(main, task).claim.worktree, 'second');
    assert.equal(existsSync(join(folder(), '.task-orchestrator')), false);
  });
});
