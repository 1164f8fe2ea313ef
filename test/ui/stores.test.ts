import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { mustRun } from '../../scripts/lib/processes.mjs';
import { startVsCode } from './harness.js';

describe('the store as a whole', () => {
  const vscode = startVsCode();

  test('an older one opens for reading, asks, and is migrated without a reload', async () => {
    const workspace = await vscode.workspace();
    const fixture = join(root, 'test/fixtures/stores/schema-1');
    await cp(fixture, join(workspace.dir, '.task-orchestrator'), { recursive: true });
    const workbench = await vscode.open(workspace, { theme: 'light' });
    const { notifications, sidebar, statusBar } = workbench;
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await tree.find(/^T-2, Skip empty lines, In progress/);
    await expect.poll(() => notifications.texts()).toEqual([expect.stringContaining('is of an older version')]);
    await workbench.shot('older-store');
    await notifications.press('is of an older version', 'Migrate');
    await statusBar.text('Task store migrated · backup in .task-orchestrator/backups/').waitFor();
    // The rows move up when the sentence above them goes.
    await workbench.page.getByText('Open for reading').waitFor({ state: 'hidden' });
    await (await tree.inlineAction(/^T-2,/, 'Complete Task')).click();
    await tree.find(/^T-3, .*Ready/);
    await workbench.page.getByText('Migrating the task store…', { exact: true }).waitFor({ state: 'hidden' });
    await workbench.shot('older-store-migrated');
  });

  test('the trash: what is restored is shown; it is emptied only after a question', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    for (const title of ['Kept', 'Restored', 'Gone', 'Gone too']) await workspace.tm('add', title);
    for (const number of ['3', '4', '2']) await workspace.tm('delete', number);
    const workbench = await vscode.open(workspace);
    const { page, palette, quickInput, sidebar, statusBar } = workbench;
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await tree.find(/^T-1, Kept/);
    await palette.run('taskOrchestrator.trash.restore');
    await quickInput.row('T-2  Restored').waitFor();
    await workbench.shot('trash-restore');
    await quickInput.pick('T-2');
    await tree.find(/^T-2, Restored, Ready/);
    await palette.run('taskOrchestrator.trash.empty');
    const dialog = page.getByRole('dialog').filter({ hasText: 'Remove the 2 tasks in the trash for good?' });
    await dialog.waitFor();
    await workbench.shot('trash-empty');
    await dialog.getByRole('button', { name: 'Empty Trash' }).click();
    await statusBar.text('2 tasks removed for good').waitFor();
    expect(await workspace.tm('trash', 'list')).not.toContain('Gone');
  });

  test('worktrees that share a plan: the second one is folded and says whose plan it is', async () => {
    const workspace = await vscode.workspace({
      'main/a.ts': 'export {};\n',
      'both.code-workspace': JSON.stringify({ folders: [{ path: 'main' }, { path: 'second' }] }),
    });
    const main = join(workspace.dir, 'main');
    const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'];
    for (const args of [
      ['init', '--quiet'],
      ['add', '.'],
      [...author, 'commit', '--quiet', '-m', 'Begin'],
      ['worktree', 'add', '--quiet', '../second'],
    ])
      await mustRun('git', 'git', args, { cwd: main });
    const tm = (...args: string[]) =>
      mustRun('tm', process.execPath, [join(root, 'dist/tm.js'), ...args], { cwd: main });
    await tm('init', '--shared');
    await tm('add', 'Seen from both');
    const workbench = await vscode.open({ dir: join(workspace.dir, 'both.code-workspace') });
    const tree = workbench.sidebar.view('Tasks');
    await workbench.sidebar.open();
    await tree.find(/^T-1, Seen from both, Ready/);
    const second = await tree.find(/^second/);
    expect(await second.getAttribute('aria-expanded')).toBe('false');
    await second.getByText('same plan as main').waitFor();
    await workbench.statusBar.item('ready').getByText('1 ready').waitFor();
    expect(existsSync(join(main, '.git/task-orchestrator/tasks.db'))).toBe(true);
    await workbench.shot('worktrees');
  });
});
