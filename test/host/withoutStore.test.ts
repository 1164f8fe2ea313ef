import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, folder, run, show, tm, until } from './support.js';

describe('a folder without a store', () => {
  const store = join(folder(), '.task-orchestrator');

  it('is not written to by activation, views or commands that are left', async () => {
    await activated();
    await vscode.commands.executeCommand('taskOrchestrator.tasks.focus');
    await run('graph.show');
    await run('task.openNext');
    const created = run('task.create');
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return Promise.race([created.then(() => true), new Promise<boolean>((later) => setTimeout(later, 20, false))]);
    }, Boolean);
    assert.equal(existsSync(store), false);
  });

  it('shows a store that another process makes', async () => {
    tm(folder(), 'init');
    const task = tm(folder(), 'add', 'Made by tm');
    await until(
      async () => {
        await run('task.start', folder(), task);
        return show(folder(), task).status;
      },
      (status) => status === 'in_progress',
    );
  });
});
