import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('a folder without a store', () => {
  it('starts, and writes nothing to disk', async () => {
    await vscode.extensions.getExtension('task-orchestrator.task-orchestrator')?.activate();
    await vscode.commands.executeCommand('workbench.view.extension.taskOrchestrator');
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
    assert.deepEqual(names.sort(), ['README.md', 'src']);
  });
});
