import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

const id = 'task-orchestrator.task-orchestrator';

describe('a folder with a store', () => {
  it('starts the extension by itself', async () => {
    await until(() => vscode.extensions.getExtension(id)?.isActive === true);
  });

  it('registers every command that the manifest declares', async () => {
    await vscode.extensions.getExtension(id)?.activate();
    const declared: { command: string }[] = vscode.extensions.getExtension(id)?.packageJSON.contributes.commands;
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.ok(declared.length > 0);
    assert.deepEqual(
      declared.filter(({ command }) => !registered.has(command)),
      [],
    );
  });

  it('registers no command of its own that the manifest does not declare', async () => {
    await vscode.extensions.getExtension(id)?.activate();
    const contributes = vscode.extensions.getExtension(id)?.packageJSON.contributes;
    const declared = new Set(contributes.commands.map(({ command }: { command: string }) => command));
    const views = Object.values<{ id: string }[]>(contributes.views).flat();
    // VS Code adds commands such as `<view>.focus` for each view and container.
    const own = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('taskOrchestrator.'));
    assert.deepEqual(
      own.filter((command) => !declared.has(command) && !views.some((view) => command.startsWith(`${view.id}.`))),
      [],
    );
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}
