import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';

describe('what to do next', () => {
  const vscode = startVsCode();

  test('see the best ready tasks with their reasons, ask for the next one, read why and start it', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    await workspace.tm('add', 'Write the grammar down', '--tag', 'parser', '--estimate', '3');
    await workspace.tm('add', 'Skip empty lines', '--depends-on', '1', '-p', 'high', '--due', '+3d', '--estimate', '6');
    await workspace.tm('add', 'Report the line of a mistake', '--depends-on', '2', '-p', 'high');
    await workspace.tm('add', 'Tidy the examples up', '-p', 'low', '--estimate', '1');
    await workspace.tm('add', 'Measure it', '--estimate', '2', '--business-value', '4');
    const workbench = await vscode.open(workspace);
    const { page, palette, quickInput, sidebar, statusBar } = workbench;
    await sidebar.open();
    const next = sidebar.view('Next up');
    const tree = sidebar.view('Tasks');
    await tree.find(/^T-1, Write the grammar down, Ready/);

    // The view says why, best first; what waits is not in it.
    await next.find(/^T-1, Write the grammar down, T-2 is due .* of slack/);
    await next.find(/^T-5, Measure it, /);
    await next.find(/^T-4, Tidy the examples up/);
    await workbench.shot('next-up');

    // The status bar offers them, with the reasons; what can be done follows.
    await statusBar.item('ready').click();
    await quickInput.row(/T-1 {2}Write the grammar down.*T-2 is due/).waitFor();
    await workbench.shot('next-task');
    await page.keyboard.press('Enter');
    await quickInput.row(/Start T-1/).waitFor();
    await workbench.shot('next-task-actions');
    await page.keyboard.press('Enter');
    await tree.find(/^T-1, Write the grammar down, In progress/);

    // Another one takes its place a moment later, also after what others do; so it is in the palette.
    await next.find(/^T-5, Measure it, /);
    await workspace.tm('complete', '1');
    await next.find(/^T-2, Skip empty lines, T-2 is due/);
    await palette.run('taskOrchestrator.next.show');
    await quickInput.row(/T-2 {2}Skip empty lines/).waitFor();
    await page.keyboard.press('Escape');
    expect(JSON.parse(await workspace.tm('next', '--json')).task.number).toBe(2);
  });
});
