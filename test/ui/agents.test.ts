import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startVsCode } from './harness.js';

const vscode = startVsCode();

test('the chat has the plan’s tools or its server, as the setting says, without a reload', async () => {
  const workspace = await vscode.workspace({ 'a.ts': 'export {};\n' });
  await workspace.tm('init');
  await workspace.tm('add', 'Login for users');
  const workbench = await vscode.open(workspace, {
    settings: { 'chat.disableAIFeatures': false, 'workbench.secondarySideBar.defaultVisibility': 'visible' },
  });
  const { page, palette, quickInput, sidebar } = workbench;
  const access = (value: string) =>
    workspace.write('.vscode/settings.json', JSON.stringify({ 'taskOrchestrator.agents.access': value }));
  const rows = page.locator('.quick-input-list-row');
  const server = rows.filter({ hasText: /^Task Orchestrator/ });
  const listServers = async () => {
    await palette.run('workbench.mcp.listServer', 'MCP: List Servers');
    await rows.filter({ hasText: 'Add Server' }).waitFor();
  };
  await sidebar.open();
  await sidebar.view('Tasks').find(/^T-1,/);

  await expect.poll(() => suggested(page, '#create_')).toContainEqual(expect.stringContaining('#create_task'));
  await page
    .locator('.interactive-input-part')
    .getByRole('button', { name: /Configure Tools/ })
    .click();
  const picker = page.locator('.quick-input-widget .monaco-list-row');
  const ours = picker.filter({ hasText: 'Task Orchestrator' });
  await ours.waitFor();
  await quickInput.type('a task');
  await ours.locator('.monaco-tl-twistie').click();
  await picker.filter({ hasText: 'delete_task' }).waitFor();
  await workbench.shot('agents-tools');
  await page.keyboard.press('Escape');
  await listServers();
  expect(await server.count()).toBe(0);
  await page.keyboard.press('Escape');

  await access('mcp');
  await expect.poll(() => suggested(page, '#create_')).not.toContainEqual(expect.stringContaining('#create_task'));
  await listServers();
  await server.click();
  await rows.filter({ hasText: 'Start Server' }).click();
  const log = page.locator('.panel .view-lines');
  await expect.poll(() => log.textContent(), { timeout: 60_000 }).toMatch(/Discovered.19.tools/);
  await workbench.shot('agents-mcp');

  await access('off');
  await expect.poll(() => suggested(page, '#create_')).toEqual([]);
  await listServers();
  expect(await server.count()).toBe(0);
}, 240_000);

/** What the chat's input offers for a text. */
async function suggested(page: Page, text: string): Promise<string[]> {
  await page.locator('.interactive-input-part .monaco-editor').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await page.keyboard.type(text, { delay: 30 });
  const widget = page.locator('.suggest-widget.visible');
  await widget.waitFor({ timeout: 3_000 }).catch(() => undefined);
  const rows = await widget.locator('.monaco-list-row').allTextContents();
  await page.keyboard.press('Escape');
  return rows;
}
