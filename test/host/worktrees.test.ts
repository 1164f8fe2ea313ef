import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, folder, pause, run, show, until } from './support.js';

describe('two worktrees of a repository in one window, which share a plan', () => {
  const [main, second] = [folder(0), folder(1)];
  const store = join(main, '.git/task-orchestrator');

  before(activated);

  it('a new plan goes to the git folder', async () => {
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(join(main, 'a.ts')));
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const created = run('task.createFromSelection');
    // Enter, on the title that the TODO suggests; then Escape.
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await pause(100);
      return existsSync(join(store, 'tasks.db'));
    }, Boolean);
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return Promise.race([created.then(() => true), pause(50).then(() => false)]);
    }, Boolean);
    assert.equal(show(main, '1').title, 'Share it');
    assert.equal(existsSync(join(main, '.task-orchestrator')), false);
  });

  it('the other worktree finds it, and works on it with its own files', async () => {
    const { id } = show(main, '1');
    await until(
      async () => {
        await run('claim.claim', second, id);
        return show(main, id).claim?.worktree;
      },
      (worktree) => worktree === 'second',
    );
    await vscode.window.showTextDocument(vscode.Uri.file(join(second, 'only-here.ts')));
    await run('reference.add', second, id);
    const [, reference] = show(second, id).fileRefs;
    assert.equal(reference.path, 'only-here.ts');
    assert.equal(reference.missing, false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await run('reference.open', second, reference.id);
    await until(
      () => vscode.window.activeTextEditor?.document.fileName,
      (name) => name === join(second, 'only-here.ts'),
    );
  });

  it('what one of them changes, the other sees', async () => {
    const { id } = show(main, '1');
    await run('claim.release', second, id);
    await run('task.start', main, id);
    assert.equal(show(second, id).status, 'in_progress');
    await until(
      async () => {
        await run('task.complete', second, id);
        return show(main, id).status;
      },
      (status) => status === 'completed',
    );
  });
});
