import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer, ModelServer, planOf } from '../support/modelServer.js';
import { startVsCode } from './harness.js';
import type { Theme } from './pages/workbench.js';

let server: ModelServer;
beforeEach(async () => {
  server = await ModelServer.start();
});
afterEach(() => server.stop());

describe('expanding a task', () => {
  const vscode = startVsCode();

  test.each<Theme>(['dark', 'light'])(
    'by its menu, with a model on loopback: look, change, accept, undo (%s)',
    async (theme) => {
      server.will(answer(planOf()));
      // A setting of the machine's kind: the user's own settings are not where a remote window looks for it.
      const settings = JSON.stringify({ 'taskOrchestrator.model.baseUrl': `${server.address}/v1` });
      const workspace = await vscode.workspace({ '.vscode/settings.json': settings });
      await workspace.tm('init');
      await workspace.tm('add', 'Login for users', '--type', 'feature');
      const workbench = await vscode.open(workspace, { theme });
      const { page, quickInput, sidebar, statusBar } = workbench;
      const tree = sidebar.view('Tasks');
      await sidebar.open();
      await tree.find(/^T-1,/);
      await tree.choose(/^T-1,/, 'Expand Task…');

      // The proposal: where it comes from, what it holds, all of it ticked.
      await quickInput.waitForStep('T-1: proposal of local-model-of-loopback, 444 tokens');
      await quickInput.row('s2 Write the API').waitFor();
      await expect.poll(() => quickInput.widget.getByText('6 Selected').count()).toBe(1);
      await workbench.shot(`expansion-preview-${theme}`);

      // One is left out, another gets a better title.
      await quickInput.pick('s3 Build the page');
      await quickInput.row('s1 Design the schema').hover();
      await quickInput.row('s1 Design the schema').getByRole('button', { name: 'Change the Title' }).click();
      await quickInput.waitForStep('Title of s1');
      await quickInput.answer('Design the tables');
      await quickInput.row('s1 Design the tables').waitFor();
      await expect.poll(() => quickInput.widget.getByText('5 Selected').count()).toBe(1);
      await workbench.shot(`expansion-changed-${theme}`);
      await quickInput.accept();

      await statusBar.text('T-1 broken down into 4 tasks · Undo').waitFor();
      await tree.find(/^T-2, Design the tables, Ready/);
      await tree.find(/^T-3, Write the API, Waiting, waits for T-2/);
      await workbench.shot(`expansion-accepted-${theme}`);
      const titles = async () =>
        JSON.parse(await workspace.tm('list', '--json')).tasks.map((task: { title: string }) => task.title);
      expect((await titles()).sort()).toEqual([
        'Design the tables',
        'Document the API',
        'Login for users',
        'Test the API',
        'Write the API',
      ]);

      await statusBar.text('T-1 broken down into 4 tasks · Undo').click();
      await statusBar.text('Undone: T-1 broken down into 4 tasks · Redo').waitFor();
      expect(await titles()).toEqual(['Login for users']);
      await expect.poll(() => page.getByRole('treeitem', { name: /^T-2,/ }).count()).toBe(0);
      await workbench.shot(`expansion-undone-${theme}`);
    },
  );

  test('without a model it says that it is a template, and why', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    await workspace.tm('add', 'The page is blank', '--type', 'bug');
    const workbench = await vscode.open(workspace);
    const { notifications, page, palette, quickInput, statusBar } = workbench;
    await palette.run('taskOrchestrator.task.expand');
    await quickInput.pick('The page is blank');
    await quickInput.waitForStep('T-1: proposal of a fixed template; no model has read the task');
    await quickInput.row('s1 Reproduce: The page is blank').waitFor();
    await workbench.shot('expansion-template');
    // By keyboard: the hover of the input lies over the button after a while.
    await quickInput.button('Why This Proposal').press('Enter');
    await quickInput.cancel();
    await quickInput.waitUntilClosed();
    await statusBar.text('Nothing was changed').waitFor();
    expect((await notifications.texts()).join()).toContain('Set ANTHROPIC_API_KEY');
    await page.keyboard.press('Escape');
  });

  test('a model that does not answer is waited for in a notification, whose Cancel ends it', async () => {
    server.will({ kind: 'silent', text: '{"subtasks": [' });
    const settings = JSON.stringify({ 'taskOrchestrator.model.baseUrl': `${server.address}/v1` });
    const workspace = await vscode.workspace({ '.vscode/settings.json': settings });
    await workspace.tm('init');
    await workspace.tm('add', 'Login for users');
    const workbench = await vscode.open(workspace);
    const { notifications, palette, quickInput, statusBar } = workbench;
    await palette.run('taskOrchestrator.task.expand');
    await quickInput.pick('Login for users');
    await expect.poll(() => server.questions.length).toBe(1);
    await expect.poll(async () => (await notifications.texts()).join()).toContain('Breaking T-1 down');
    await workbench.shot('expansion-progress');
    await notifications.press('Breaking T-1 down', 'Cancel');
    await statusBar.text('Cancelled; nothing was changed').waitFor();
    await expect.poll(() => server.gone).toBe(1);
  });
});

describe('expanding a task in a folder that is not trusted', () => {
  const vscode = startVsCode({ trust: true });

  test('asks no service that the folder brings along, neither by its settings nor by its project', async () => {
    server.will(answer(planOf()));
    const settings = JSON.stringify({ 'taskOrchestrator.model.baseUrl': `${server.address}/v1` });
    const workspace = await vscode.workspace({ '.vscode/settings.json': settings });
    await workspace.tm('init');
    await workspace.tm('config', 'set', 'models.base_url', `${server.address}/v1`);
    await workspace.tm('add', 'Login for users');
    const workbench = await vscode.open(workspace);
    const { page, palette, quickInput } = workbench;
    await page
      .getByRole('button', { name: /Restricted Mode/ })
      .first()
      .waitFor();
    await palette.run('taskOrchestrator.task.expand');
    await quickInput.pick('Login for users');
    await quickInput.waitForStep('T-1: proposal of a fixed template; no model has read the task');
    await workbench.shot('expansion-untrusted');
    expect(server.questions).toEqual([]);
  });
});
