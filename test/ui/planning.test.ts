import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';

const HOSTILE = [
  'Quotes "double" and \'single\'',
  'Brackets [a] (b) {c} <d>',
  'Back`ticks` and **stars** and #35;',
  'Emoji 🤯 and 日本語',
  '<script>document.title = "broken"</script>',
  '<img src=x onerror="document.title = 1">',
  'x'.repeat(500),
];

describe('planning in the sidebar', () => {
  const vscode = startVsCode();

  test('the context menu offers only what is legal', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    const first = await workspace.tm('add', 'First');
    await workspace.tm('add', 'Second', '--depends-on', first);
    const { sidebar, page } = await vscode.open(workspace);
    const tree = sidebar.view('Tasks');
    await sidebar.open();

    await tree.openMenu(/^T-2, Second, Waiting/);
    await tree.menuItem(/^Add Dependency/).waitFor();
    expect(await tree.menuItem(/^(Start|Complete) Task/).count()).toBe(0);
    expect(await tree.menuItem(/^Reopen/).count()).toBe(0);
    await page.keyboard.press('Escape');

    await tree.choose(/^T-1, First, Ready/, /^Start Task/);
    await tree.find(/^T-1, First, In progress/);
  });

  test('filter, filtered to nothing, group by', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    await workspace.tm('add', 'Parse dates', '--tag', 'parser', '-p', 'high');
    await workspace.tm('add', 'Print dates', '--tag', 'printer');
    const workbench = await vscode.open(workspace);
    const { palette, quickInput, sidebar } = workbench;
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await tree.find(/^T-2,/);

    await (await sidebar.titleAction('Filter Tasks…')).click();
    await quickInput.type('colour:red');
    await quickInput.message.getByText('there is no filter “colour”').waitFor();
    await quickInput.answer('tag:parser');
    await expect.poll(() => tree.row(/^T-2,/).count()).toBe(0);
    await tree.find(/^T-1,/);

    await palette.run('taskOrchestrator.tree.filter');
    await quickInput.answer('tag:nobody');
    await sidebar.welcome.getByText('No task matches the filter').waitFor();
    await workbench.shot('filtered-to-nothing');
    await sidebar.welcome.getByRole('button', { name: 'Clear Filter' }).click();
    await tree.find(/^T-2,/);

    await (await sidebar.titleAction('Group Tasks By…')).click();
    await quickInput.pick('Tag');
    await tree.find(/^#parser, 1 task/);
    await workbench.shot('grouped-by-tag');
  });

  test('by keyboard: start, delete, undo, go to task', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    await workspace.tm('add', 'Only task');
    const { page, palette, quickInput, sidebar, statusBar } = await vscode.open(workspace);
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await (await tree.find(/^T-1,/)).click();

    await page.keyboard.press('s');
    await expect.poll(() => tree.selected.getAttribute('aria-label')).toMatch(/^T-1, Only task, In progress/);
    await page.keyboard.press('Space');
    await tree.expand(/^Completed/);
    await tree.find(/^T-1, Only task, Completed/);
    await (await tree.find(/^T-1,/)).click();
    await page.keyboard.press('Delete');
    await sidebar.welcome.getByText('No tasks yet').waitFor();
    await statusBar.item('undo').click();
    await tree.expand(/^Completed/);
    await tree.find(/^T-1, Only task, Completed/);

    await palette.run('taskOrchestrator.task.goTo');
    await quickInput.answer('only');
    await expect.poll(() => tree.selected.getAttribute('aria-label')).toMatch(/^T-1, Only task/);
  });

  test('more than 120 tasks: the graph narrows and says what it shows', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    // One transaction a task by tm would take a minute; another SQLite client may write as well.
    const { execFileSync } = await import('node:child_process');
    const rows = Array.from({ length: 150 }, (_, n) => `('${String(n).padStart(8, '0')}','Task number ${n}')`).join(
      ',',
    );
    execFileSync('sqlite3', [
      `${workspace.dir}/.task-orchestrator/tasks.db`,
      `INSERT INTO tasks (id, title) VALUES ${rows}`,
    ]);
    const { graph, palette, sidebar } = await vscode.open(workspace);
    await sidebar.open();
    await sidebar.view('Tasks').find(/^Ready, 150 tasks/);
    await palette.run('taskOrchestrator.graph.show');
    await graph.ready();
    await graph.frame.locator('#banner').getByText('120 of 150 tasks').waitFor();
    await expect.poll(() => graph.frame.locator('body').getAttribute('data-nodes')).toBe('120');
  });

  test('any title renders exactly and runs nothing', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    for (const title of HOSTILE) await workspace.tm('add', '--', title);
    const workbench = await vscode.open(workspace);
    const { graph, palette, sidebar } = workbench;
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await palette.run('taskOrchestrator.graph.show');
    await graph.ready();
    for (const [index, title] of HOSTILE.entries()) {
      const name = `T-${index + 1}, ${title}, Ready`;
      expect(await (await tree.find(new RegExp(`^T-${index + 1},`))).getAttribute('aria-label')).toContain(title);
      expect(await graph.node(new RegExp(`^T-${index + 1},`)).getAttribute('aria-label')).toBe(name);
    }
    expect(await graph.frame.locator('#stage script, #stage img').count()).toBe(0);
    expect(await graph.frame.locator('body').evaluate(() => document.title)).not.toMatch(/broken|1/);
    await workbench.shot('hostile-titles');
  });
});
