import { describe, expect, test } from 'vitest';
import type { ExecutionList } from '../../src/app/execution/executionInputs.js';
import { startVsCode } from './harness.js';
import type { Theme } from './pages/workbench.js';

describe('running code for a task', () => {
  const vscode = startVsCode();

  test.each<Theme>(['dark', 'light'])(
    'by its menu: look at it, approve it, watch it, find it under the task (%s)',
    async (theme) => {
      const workspace = await vscode.workspace({
        // A setting of the machine's kind: the user's own settings are not where a remote window looks for it.
        '.vscode/settings.json': JSON.stringify({ 'taskOrchestrator.execution.enabled': true }),
        'scripts/check.py': 'import sys\nprint("6 * 7 =", 6 * 7)\nprint("no", file=sys.stderr)\nsys.exit(3)\n',
      });
      await workspace.tm('init');
      await workspace.tm('add', 'Login for users', '--code-language', 'python');
      const workbench = await vscode.open(workspace, { theme });
      const { editor, page, sidebar } = workbench;
      const tree = sidebar.view('Tasks');
      await sidebar.open();
      await tree.find(/^T-1,/);
      await editor.open('scripts/check.py');
      await editor.selectLines(1, 4);
      await tree.choose(/^T-1,/, 'Run Code for Task…');

      const dialog = page.getByRole('dialog').filter({ hasText: 'Run this code for T-1 Login for users?' });
      await dialog.waitFor();
      expect(await dialog.textContent()).toContain('print("6 * 7 =", 6 * 7)');
      await workbench.shot(`run-approval-${theme}`);
      await dialog.getByRole('button', { name: 'Run', exact: true }).click();

      const runs = async (): Promise<ExecutionList> => JSON.parse(await workspace.tm('runs', '1', '--json'));
      await expect.poll(async () => (await runs()).executions[0]?.exit_code).toBe(3);
      await page.locator('.terminal-wrapper.active').waitFor();
      await tree.expand(/^T-1,/);
      await tree.expand(/^Runs/);
      await tree.find(/^Run of python, exit 3/);
      await workbench.shot(`run-terminal-${theme}`);

      await (await tree.find(/^Run of python, exit 3/)).click();
      const text = editor.textOf('task-run');
      await expect.poll(() => text.textContent()).toMatch(/──.Output.──6.\*.7.=.42──.Error.──no──.Code.──import/);
      await workbench.shot(`run-document-${theme}`);
    },
  );

  test('is off by itself, and says where it is turned on', async () => {
    const workspace = await vscode.workspace({});
    await workspace.tm('init');
    await workspace.tm('add', 'Login for users');
    const { notifications, sidebar } = await vscode.open(workspace);
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await tree.find(/^T-1,/);
    await tree.choose(/^T-1,/, 'Run Code for Task…');
    await expect
      .poll(() => notifications.texts())
      .toContainEqual(expect.stringContaining('taskOrchestrator.execution.enabled'));
  });
});

describe('running code in a workspace that nobody trusts', () => {
  const vscode = startVsCode({ trust: true });

  test('is refused, whatever its settings say; the message leads to trust', async () => {
    const workspace = await vscode.workspace({
      '.vscode/settings.json': JSON.stringify({ 'taskOrchestrator.execution.enabled': true }),
    });
    await workspace.tm('init');
    await workspace.tm('add', 'Login for users');
    const { notifications, sidebar } = await vscode.open(workspace);
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await tree.find(/^T-1,/);
    await tree.choose(/^T-1,/, 'Run Code for Task…');
    await expect
      .poll(() => notifications.texts())
      .toContainEqual(expect.stringContaining('This workspace is not trusted'));
  });
});
