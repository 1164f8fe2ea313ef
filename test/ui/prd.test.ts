import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { startVsCode } from './harness.js';

describe('planning from a PRD', () => {
  const vscode = startVsCode();

  test('preview, apply, edit, apply again: only the difference; then undo', async () => {
    const prd = await readFile(join(root, 'test/fixtures/prd/01-seed-example.md'), 'utf8');
    const workspace = await vscode.workspace({ 'docs/prd.md': prd });
    await workspace.tm('init');
    const workbench = await vscode.open(workspace);
    const { editor, page, palette, sidebar, statusBar } = workbench;
    const preview = sidebar.view('PRD preview');
    await editor.open('docs/prd.md');

    await page.locator('.editor-actions').getByRole('button', { name: 'Plan from PRD' }).click();
    const login = await preview.find(/^User Login, new/);
    await preview.find(/^Implement User Registration, new/);
    expect(await login.getByRole('checkbox').isChecked()).toBe(true);
    await workbench.shot('prd-preview');

    // A row leads to its lines.
    await login.locator('.label-name').click();
    await expect.poll(() => editor.position.textContent()).toContain('Ln 18');
    expect(JSON.parse(await workspace.tm('list', '--json')).total).toBe(0);

    await palette.run('taskOrchestrator.prd.openDiff');
    await expect.poll(() => editor.textOf('task-prd').textContent()).toBeDefined();
    await page.locator('.editor-instance .monaco-diff-editor').getByText('Implement User Login').first().waitFor();
    await workbench.shot('prd-diff');

    await palette.run('taskOrchestrator.prd.apply');
    await statusBar.text('prd.md: 8 added').waitFor();
    await expect.poll(async () => JSON.parse(await workspace.tm('list', '--json')).total).toBe(8);
    await expect.poll(() => preview.tree.count()).toBe(0);
    await sidebar.view('Tasks').find(/^T-2, Implement User Registration/);
    await workbench.shot('prd-applied');

    // One criterion more, in the file that was applied.
    await editor.open('docs/prd.md', 17);
    await page.keyboard.press('End');
    await page.keyboard.insertText(' within an hour');
    await palette.run('taskOrchestrator.prd.plan');
    await preview.find(/^T-6\s+Implement User Login, criteria/);
    const names = await preview.names();
    expect(names.filter((name) => /Registration/.test(name))).toEqual([]);
    expect(names.some((name) => name.startsWith('Unchanged (1)'))).toBe(true);
    await workbench.shot('prd-difference');
    await palette.run('taskOrchestrator.prd.apply');
    await statusBar.text('prd.md: 2 changed').waitFor();
    const criteria = async () =>
      JSON.parse(await workspace.tm('show', '6', '--json')).task.criteria.map(
        (one: { criterion: string }) => one.criterion,
      );
    await expect.poll(criteria).toContain('JWT tokens are generated within an hour');

    await statusBar.text('2 changed').click();
    await expect.poll(criteria).toContain('JWT tokens are generated');
  });

  test('what is not ticked is left out, and discarding writes nothing', async () => {
    const workspace = await vscode.workspace({
      'prd.md':
        '# Shop\n\n## Features\n\n### Basket\n\nA basket.\n\n### Payment\n\n- Priority: high\n\nThe till must not lose money.\n',
    });
    await workspace.tm('init');
    const workbench = await vscode.open(workspace, { theme: 'light' });
    const { editor, palette, sidebar, statusBar } = workbench;
    const preview = sidebar.view('PRD preview');
    await editor.open('prd.md');
    await palette.run('taskOrchestrator.prd.plan');
    await (await preview.find(/^Payment, new/)).getByRole('checkbox').click();
    await expect.poll(async () => (await preview.find(/^Payment, new/)).getByRole('checkbox').isChecked()).toBe(false);
    await workbench.shot('prd-unticked');
    await palette.run('taskOrchestrator.prd.apply');
    await statusBar.text('prd.md: 4 added').waitFor();

    await palette.run('taskOrchestrator.prd.plan');
    await preview.find(/^Payment, new/);
    await palette.run('taskOrchestrator.prd.discard');
    await expect.poll(() => preview.tree.count()).toBe(0);
    expect(JSON.parse(await workspace.tm('list', '--json')).total).toBe(4);
  });
});
