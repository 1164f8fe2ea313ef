import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';

describe("the settings of an agent's client", () => {
  const vscode = startVsCode();

  test('are compared with what is there before they are written, and taken out again', async () => {
    const before = '{\n\t"mcpServers": {\n\t\t"docs": { "command": "docs-server" }\n\t}\n}\n';
    const workspace = await vscode.workspace({ '.cursor/mcp.json': before });
    await workspace.tm('init');
    const { palette, quickInput, shot, page } = await vscode.open(workspace).then((workbench) => ({
      palette: workbench.palette,
      quickInput: workbench.quickInput,
      page: workbench.page,
      shot: (name: string) => workbench.shot(name),
    }));
    const text = () => readFileSync(join(workspace.dir, '.cursor/mcp.json'), 'utf8');

    await palette.run('taskOrchestrator.mcp.setUpClient');
    await quickInput.row('Cursor').waitFor();
    await shot('clients');
    await quickInput.pick('Cursor');
    await quickInput.waitForStep('Cursor');
    const comparison = page.locator('.monaco-diff-editor:visible');
    await expect.poll(() => comparison.textContent()).toMatch(/task-orchestrator/);
    await shot('client-preview');
    expect(text()).toBe(before);
    await quickInput.pick('Write');
    await expect.poll(text).toContain('"task-orchestrator"');
    await expect.poll(() => page.locator('.statusbar').textContent()).toContain('Cursor is set up');
    await shot('client-written');

    await palette.run('taskOrchestrator.mcp.setUpClient');
    await quickInput.pick('Cursor');
    await quickInput.waitForStep('Cursor');
    await quickInput.pick('Remove');
    await expect.poll(text).toBe(before);
  });
});
