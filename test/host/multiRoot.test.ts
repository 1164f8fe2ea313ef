import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('a workspace of two folders', () => {
  it('starts with both', async () => {
    const extension = vscode.extensions.getExtension('task-orchestrator.task-orchestrator');
    await extension?.activate();
    assert.equal(extension?.isActive, true);
    assert.deepEqual(
      vscode.workspace.workspaceFolders?.map(({ name }) => name),
      ['one', 'two'],
    );
  });
});
