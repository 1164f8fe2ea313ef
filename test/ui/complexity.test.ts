import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';

describe('the complexity of a task', () => {
  const vscode = startVsCode();

  test('is asked for in the context menu, read as a document, and stands in the card', async () => {
    const work = Array.from({ length: 60 }, (_, at) => `export const value${at} = ${at};`).join('\n');
    const workspace = await vscode.workspace({
      'src/parser.ts': `import './lines.js';\n// TODO: read dates too\n${work}\n`,
      'src/lines.ts': 'export {};\n',
      'src/main.ts': "import './parser.js';\n",
    });
    await workspace.tm('init');
    await workspace.tm('add', 'Read dates', '--file', 'src/parser.ts:2', '--tag', 'typescript');
    const { editor, page, shot, sidebar } = await vscode.open(workspace).then((workbench) => ({
      editor: workbench.editor,
      page: workbench.page,
      shot: (name: string) => workbench.shot(name),
      sidebar: workbench.sidebar,
    }));
    const tree = sidebar.view('Tasks');
    await sidebar.open();

    await tree.choose(/^T-1, Read dates/, /^Analyse Complexity/);
    const text = editor.textOf('task-complexity');
    await expect.poll(() => text.textContent()).toMatch(/Complexity.[\d.]+.of.10/);
    await shot('complexity');

    const row = await tree.find(/^T-1, Read dates/);
    await row.hover();
    const card = page.locator('.monaco-hover:visible');
    await expect.poll(() => card.last().textContent()).toMatch(/complexity [\d.]+ of 10/);
    await shot('complexity-card');

    const place = text.locator('.detected-link', { hasText: 'src/parser.ts:2' }).first();
    await place.waitFor();
    await place.click({ modifiers: ['ControlOrMeta'] });
    await editor.of('parser.ts').waitFor();
    await expect.poll(() => editor.position.textContent()).toContain('Ln 2');
  });
});
