import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';
import type { Theme } from './pages/workbench.js';

describe('working beside an agent', () => {
  const vscode = startVsCode();

  test('see who holds a task, take it over, undo, and read what happened', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    await workspace.tm('add', 'Write the grammar down');
    await workspace.tm('add', 'Skip empty lines', '--depends-on', '1');
    await workspace.tm('add', 'Read it aloud');
    const workbench = await vscode.open(workspace);
    const { editor, notifications, page, quickInput, sidebar, statusBar } = workbench;
    const tree = sidebar.view('Tasks');
    const shown = async (task: string) => JSON.parse(await workspace.tm('show', task, '--json')).task;
    await sidebar.open();
    await tree.find(/^T-1, Write the grammar down, Ready/);

    // An agent claims a task: the row says who, since when and how long still.
    await workspace.tmAs('agent-2', 'claim', '1');
    await tree.find(/^T-1, Write the grammar down, Claimed, agent-2 just now, 30 min left/);
    await workspace.tmAs('agent-2', 'start', '1', '--lease', '1');
    await tree.find(/^T-1, Write the grammar down, In progress, agent-2 just now, 30 min left, started just now/);

    // What is not legal is not offered; taking over is, and the agent is fenced off.
    await tree.openMenu(/^T-1,/);
    await tree.menuItem('Take Over Claim…').waitFor();
    expect(await tree.menuItem(/^(Claim Task|Renew Claim|Release Claim)/).count()).toBe(0);
    await workbench.shot('claims-menu');
    await page.keyboard.press('Escape');
    await tree.choose(/^T-1,/, 'Take Over Claim…');
    await quickInput.message.getByText('agent-2 is told').waitFor();
    await workbench.shot('claims-take-over');
    await quickInput.answer('It hangs');
    await quickInput.waitUntilClosed();
    await statusBar.text('T-1 is yours until').waitFor();
    await expect(workspace.tmAs('agent-2', 'complete', '1', '--lease', '1')).rejects.toThrow(/no longer yours/);
    expect(await shown('1')).toMatchObject({ status: 'in_progress', claim: { version: 2 } });

    // Completing it by keyboard, and taking that back by keyboard.
    await (await tree.find(/^T-1,/)).click();
    await page.keyboard.press('Space');
    await tree.find(/^T-2, Skip empty lines, Ready/);
    await (await tree.find(/^T-2,/)).click();
    await page.keyboard.press('ControlOrMeta+Z');
    await statusBar.text('Undone: T-1 completed · Redo').waitFor();
    await tree.find(/^T-2, Skip empty lines, Waiting, waits for T-1/);
    expect(await statusBar.text('T-1 done').count()).toBe(0);
    await workbench.shot('undo-offer');
    expect(await shown('1')).toMatchObject({ status: 'in_progress' });

    // A removed dependency comes back by a click in the status bar.
    await tree.expand(/^T-2,/);
    await (await tree.inlineAction(/^T-1, Write the grammar down, In progress/, 'Remove Dependency…')).count();
    await tree.choose(/^T-2,/, 'Remove Dependency…');
    await quickInput.pick('T-1');
    await statusBar.text('T-2 no longer waits for T-1 · Undo').waitFor();
    await tree.find(/^T-2, Skip empty lines, Ready/);
    await statusBar.text('T-2 no longer waits for T-1 · Undo').click();
    await tree.find(/^T-2, Skip empty lines, Waiting/);

    // A claim that runs out shows at that moment, without any action; `c` claims.
    await workspace.tmAs('agent-3', 'claim', '3', '--for', '6s');
    await tree.find(/^T-3, Read it aloud, Claimed, agent-3 just now, 1 min left/);
    await tree.find(/^T-3, Read it aloud, Ready, agent-3's claim ran out just now/);
    await (await tree.find(/^T-3,/)).click();
    await page.keyboard.press('c');
    await tree.find(/^T-3, Read it aloud, Claimed, (?!agent-3)/);
    await workspace.tmAs('agent-3', 'claim', '3', '--take-over', '--reason', 'urgent');
    await tree.find(/^T-3, Read it aloud, Claimed, agent-3 just now/);
    await expect.poll(() => notifications.texts()).toEqual(['Your claim on T-3 was taken over by agent-3: urgent']);
    await workbench.shot('claims-lost');
    await page.keyboard.press('Escape');

    // The history says who did what, the newest first, and follows.
    await tree.choose(/^T-1,/, 'Show History');
    const history = editor.textOf('task-history');
    await history.getByText('agent-2').first().waitFor();
    const text = async () => ((await history.textContent()) ?? '').replaceAll('\u00a0', ' ');
    await expect.poll(text).toMatch(/claim\.take_over[\s\S]*agent-2 {2}task\.in_progress[\s\S]*agent-2 {2}claim\b/);
    await workspace.tmAs('agent-3', 'update', '1', '-p', 'high');
    await expect.poll(text).toMatch(/agent-3 {2}task\.update/);
    await workbench.shot('history');
  });

  test.each<Theme>(['light', 'dark', 'contrast'])('rows and card of claimed tasks in %s', async (theme) => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    for (const title of ['Write the grammar down', 'Skip empty lines', 'Read it aloud', 'Print it'])
      await workspace.tm('add', title);
    await workspace.tmAs('agent-2', 'claim', '1', '--for', '2h');
    await workspace.tmAs('agent-2', 'start', '1');
    await workspace.tm('claim', '2');
    await workspace.tmAs('agent-3', 'claim', '3', '--for', '1s');
    const workbench = await vscode.open(workspace, { theme });
    const tree = workbench.sidebar.view('Tasks');
    await workbench.sidebar.open();
    await tree.find(/^T-3, Read it aloud, Ready, agent-3's claim ran out/);
    await workbench.shot('claims-rows');
    const card = await tree.card(/^T-1, Write the grammar down, In progress, agent-2 .*, (2 h|1\d\d min) left/);
    await card.getByText(/Claimed by agent-2 .*, until .* \((2 h|1\d\d min) left\) · lease 1/).waitFor();
    await workbench.shot('claims-card');
  });
});
