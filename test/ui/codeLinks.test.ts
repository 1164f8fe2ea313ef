import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';

const SOURCE = `export const one = 1;
export const two = 2;
// TODO: handle three as well
export const four = 4;
export const five = 5;
`;

describe('links between tasks and code', () => {
  const vscode = startVsCode();

  test('a task from a TODO proposes its words and keeps its line through edits', async () => {
    const workspace = await vscode.workspace({ 'numbers.ts': SOURCE });
    const { editor, page, palette, quickInput, sidebar } = await vscode.open(workspace);
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await editor.open('numbers.ts', 3);
    await palette.run('taskOrchestrator.task.createFromSelection');
    await expect.poll(() => quickInput.input.inputValue()).toBe('handle three as well');
    await quickInput.accept();
    await quickInput.waitForStep(/T-1/);
    await quickInput.cancel();
    await expect.poll(() => editor.gutterLines('numbers.ts')).toEqual([3]);

    // Two lines above push the mark down; saving keeps the new place.
    await editor.goToLine(1);
    await page.keyboard.press('Home');
    await page.keyboard.type('let zero;\nlet half;\n');
    await expect.poll(() => editor.gutterLines('numbers.ts')).toEqual([5]);
    await page.keyboard.press('ControlOrMeta+S');
    await expect
      .poll(async () => JSON.parse(await workspace.tm('show', '1', '--json')).task.fileRefs[0])
      .toMatchObject({ line: 5, state: 'exact' });

    // Another program moves the line while the file is open: it is found again by its anchor.
    const text = await readFile(join(workspace.dir, 'numbers.ts'), 'utf8');
    await workspace.write('numbers.ts', text.replace('let zero;\n', '').replace('let half;\n', ''));
    await expect.poll(() => editor.gutterLines('numbers.ts')).toEqual([3]);

    await workspace.tm('complete', '1');
    await tree.find(/^Completed/);
    await expect.poll(() => editor.gutterLines('numbers.ts')).toEqual([]);
  });

  test('a reference to a missing file or line says so and can be relinked', async () => {
    const workspace = await vscode.workspace({ 'numbers.ts': SOURCE });
    await workspace.tm('init');
    await workspace.tm('add', 'Count', '--file', 'gone.ts:7');
    const workbench = await vscode.open(workspace);
    const { editor, notifications, quickInput, sidebar } = workbench;
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await tree.expand(/^T-1,/);
    await (await tree.find(/^Reference gone.ts:7 missing/)).click();
    await expect.poll(() => notifications.texts()).toContainEqual('gone.ts is not there.');
    await workbench.shot('missing-reference');
    await notifications.press('gone.ts is not there.', 'Relink…');
    await quickInput.answer('numbers.ts:99999999999999999999');
    await quickInput.message.getByText('is not a line').waitFor();
    await quickInput.answer('numbers.ts:4');
    await (await tree.find(/^Reference numbers.ts:4/)).click();
    await expect.poll(() => editor.position.textContent()).toMatch(/^Ln 4, /);
  });

  test('the gutter icons can be turned off', async () => {
    const workspace = await vscode.workspace({ 'numbers.ts': SOURCE });
    await workspace.tm('init');
    await workspace.tm('add', 'Count', '--file', 'numbers.ts:2');
    const settings = { 'taskOrchestrator.gutter.enabled': false };
    const { editor, sidebar } = await vscode.open(workspace, { settings });
    await sidebar.open();
    await sidebar.view('Tasks').find(/^T-1,/);
    await editor.open('numbers.ts', 2);
    // The hover knows the line, so the references are loaded: only the icons are off.
    await (await editor.hover('numbers.ts', 2)).getByText('Count').waitFor();
    expect(await editor.gutterLines('numbers.ts')).toEqual([]);
  });
});
