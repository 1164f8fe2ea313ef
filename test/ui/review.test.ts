import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';

describe('agent changes', () => {
  const vscode = startVsCode();

  test('see what agents changed while the window is open, compare, accept one task, revert an agent, undo that', async () => {
    const workspace = await vscode.workspace({ 'src/parser.ts': 'export const answer = 42;\n' });
    const as = (agent: string, ...args: string[]) => workspace.tmAs(agent, ...args);
    await workspace.tm('init');
    await workspace.tm('add', 'Write the parser', '--tag', 'api', '-d', 'Reads one line.\nSkips empty ones.');
    await workspace.tm('add', 'Draw the graph', '--depends-on', '1');
    await workspace.tm('add', 'Old idea');
    const workbench = await vscode.open(workspace);
    const { page, sidebar, statusBar, palette, quickInput } = workbench;
    await sidebar.open();
    const tree = sidebar.view('Tasks');
    const changes = sidebar.view('Agent changes');
    await tree.find(/^T-1, Write the parser, Ready/);
    // Nothing to look at: the view is not there.
    expect(await changes.header.count()).toBe(0);

    // Agents work in terminals; whoever types in an editor goes on typing.
    await workbench.editor.open('src/parser.ts');
    await as('bot', 'update', '1', '-p', 'high', '-d', 'Reads one line.\nReports empty ones.');
    await as('bot', 'criteria', 'add', '1', 'Nothing is lost', 'All is told');
    await as('bot', 'complete', '1', '--force');
    await as('bot', 'add', 'Measure the parser', '--depends-on', '1', '--file', 'src/parser.ts:1');
    await as('cat', 'delete', '3');
    await changes.find(
      /^T-1, Write the parser, by bot, status: pending → completed, .*priority: medium → high, .*\+2 criteria/,
    );
    await changes.find(/^T-4, Measure the parser, by bot, created/);
    await changes.find(/^T-3, Old idea, by cat, deleted/);
    await page.keyboard.type('// still here ');
    await workbench.editor.of('src/parser.ts').getByText('// still here').waitFor();
    // The badge counts them with the ready tasks, which the view Tasks counts.
    await page.locator('.activitybar .badge-content').getByText('5', { exact: true }).waitFor();
    await workbench.shot('agent-changes');

    // A click opens the comparison.
    await (await changes.find(/^T-1, Write the parser/)).click();
    const diff = page.locator('.monaco-diff-editor');
    await diff.getByText('Reports empty ones.').first().waitFor();
    await diff.getByText('Skips empty ones.').first().waitFor();
    await workbench.shot('agent-changes-diff');

    // One task is accepted, by its button.
    await (await changes.inlineAction(/^T-4, Measure the parser/, 'Accept Changes')).click();
    await changes.row(/^T-4, Measure the parser/).waitFor({ state: 'detached' });
    expect(JSON.parse(await workspace.tm('review', '--json')).total).toBe(2);

    // All of an agent's is reverted, by keyboard; the status bar offers to undo it.
    await (await changes.find(/^Changes by cat/)).click();
    await page.keyboard.press('r');
    await tree.find(/^T-3, Old idea, Ready/);
    await changes.row(/^Changes by cat/).waitFor({ state: 'detached' });
    await (await changes.inlineAction(/^Changes by bot/, 'Revert Changes')).click();
    await changes.header.waitFor({ state: 'detached' });
    await tree.find(/^T-1, Write the parser, Ready/);
    await workbench.shot('agent-changes-reverted');
    await statusBar.text('Reverted: 1 task changed by bot').click();
    await changes.find(/^T-1, Write the parser, by bot/);

    // The rest from the palette.
    await palette.run('taskOrchestrator.review.openDiff');
    await quickInput.row(/T-1 {2}Write the parser/).waitFor();
    await workbench.shot('agent-changes-picker');
    await page.keyboard.press('Escape');
    await (await sidebar.titleAction('Accept All Changes', 'Agent changes')).click();
    await changes.header.waitFor({ state: 'detached' });
    expect(JSON.parse(await workspace.tm('review', '--json')).total).toBe(0);
    expect(JSON.parse(await workspace.tm('show', '1', '--json')).task.status).toBe('completed');
  });

  test('in high contrast', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    await workspace.tm('add', 'Write the parser');
    await workspace.tmAs('bot', 'update', '1', '--title', 'Write the whole parser');
    await workspace.tmAs('bot', 'add', 'Measure it');
    await workspace.tmAs('cat', 'update', '1', '--title', 'Write all of the parser');
    const workbench = await vscode.open(workspace, { theme: 'contrast' });
    await workbench.sidebar.open();
    const changes = workbench.sidebar.view('Agent changes');
    const row = await changes.find(/^T-1, Write all of the parser, by bot, .*, title changed again by cat/);
    await row.click();
    await workbench.page.locator('.monaco-diff-editor').getByText('Write the whole parser').first().waitFor();
    await workbench.shot('agent-changes');
  });
});
