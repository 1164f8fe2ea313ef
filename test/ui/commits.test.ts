import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../scripts/lib/workspace.mjs';
import { startVsCode } from './harness.js';

/** A repository whose second commit is linked to T-1. */
async function project(workspace: Workspace) {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: workspace.dir, encoding: 'utf8', env: { PATH: process.env.PATH } }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ann');
  git('config', 'user.email', 'ann@example.org');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
  await workspace.tm('init');
  await workspace.tm('add', 'Mend the login');
  await workspace.tm('add', 'Write the guide');
  await workspace.write('login.ts', 'export const tries = 5;\n');
  await workspace.write('form.ts', 'export {};\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Allow more tries');
  await workspace.tm('link', 'T-1', 'HEAD');
  return git;
}

const NOTES = `# Notes

First T-2, then T-99.

- **T-1** after \`T-2\`, as [T-2 in the tracker](https://example.org/T-2) says
- JT-1, T-1-2 and <a href="https://example.org">T-1 elsewhere</a>

\`\`\`sh
tm start T-1
\`\`\`
`;

describe('working with git', () => {
  const vscode = startVsCode();
  const files = {
    'login.ts': 'export const tries = 3;\n',
    'notes.md': NOTES,
    '.gitignore': '.task-orchestrator\n',
  };

  test('a commit stands under its task and opens with what it changed; a name leads to its task', async () => {
    const workspace = await vscode.workspace(files);
    const git = await project(workspace);
    const workbench = await vscode.open(workspace, { uriScheme: 'vscode' });
    const { editor, page, palette, sidebar, statusBar } = workbench;
    const tree = sidebar.view('Tasks');
    const hash = git('rev-parse', '--short=8', 'HEAD');
    await sidebar.open();
    await tree.expand(/^T-1,/);
    const row = await tree.find(new RegExp(`^Commit ${hash} Allow more tries, 2 files`));
    await workbench.shot('commits-tree');
    await row.click();
    await page
      .locator('.tab.active')
      .filter({ hasText: `${hash} Allow more tries` })
      .waitFor();
    await page.locator('.monaco-editor .view-line').filter({ hasText: 'export const tries = 5;' }).first().waitFor();
    await workbench.shot('commits-diff');

    await (await tree.inlineAction(new RegExp(`^Commit ${hash}`), 'Unlink Commit')).click();
    await statusBar.text(`T-1 is no longer linked to ${hash}`).click();
    await tree.find(new RegExp(`^Commit ${hash}`));

    await editor.open('notes.md');
    const link = editor.of('notes.md').locator('.detected-link');
    await link.first().waitFor();
    await expect.poll(() => link.allTextContents()).toContain('T-2');
    await workbench.shot('commits-link');
    await link.first().click({ modifiers: ['ControlOrMeta'] });
    await tree.selected.filter({ hasText: 'T-2' }).waitFor();

    // In the preview too, but not in code, nor where there is a link already.
    await editor.open('notes.md');
    await palette.run('markdown.showPreview', 'Markdown: Open Preview');
    const preview = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await preview.getByText('tm start T-1').waitFor();
    const links = preview.locator('a[href*="task-orchestrator"]');
    await expect.poll(() => links.allTextContents()).toEqual(['T-2', 'T-1']);
    expect(await links.first().getAttribute('title')).toBe('Show T-2 Write the guide');
    await workbench.shot('commits-preview');
    await links.nth(1).click();
    await tree.selected.filter({ hasText: 'T-1' }).waitFor();
  });

  test('a commit from the box is completed, made, and linked; the terminal leads to tasks', async () => {
    const workspace = await vscode.workspace(files);
    const git = await project(workspace);
    await workspace.write('login.ts', 'export const tries = 7;\n');
    git('add', '.');
    const workbench = await vscode.open(workspace, { settings: { 'terminal.integrated.gpuAcceleration': 'off' } });
    const { page, palette, sidebar, statusBar } = workbench;
    await sidebar.open();
    await sidebar.view('Tasks').find(/^T-2,/);
    await page
      .locator('.activitybar')
      .getByRole('tab', { name: /^Source Control/ })
      .click();
    const box = page.locator('.scm-input .monaco-editor, .scm-editor .monaco-editor').first();
    await box.click();
    await page.keyboard.type('Seven tries, fixes T-');
    const offered = page.locator('.suggest-widget.visible .monaco-list-row');
    await offered.filter({ hasText: 'Write the guide' }).waitFor();
    await workbench.shot('commits-completion');
    await page.keyboard.type('2');
    await offered.filter({ hasText: 'Mend the login' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+Enter');
    await statusBar.text('linked to T-2').waitFor();
    expect(git('log', '-1', '--format=%s')).toBe('Seven tries, fixes T-2');
    const { commits } = JSON.parse(await workspace.tm('commits', '2', '--json'));
    expect(commits).toMatchObject([{ commit_hash: git('rev-parse', 'HEAD'), source: 'message' }]);

    await sidebar.open();
    await palette.run('workbench.action.terminal.new', 'Terminal: Create New Terminal');
    await page.locator('.xterm-rows').waitFor();
    await page.locator('.terminal-wrapper.active .xterm').click();
    await page.keyboard.type("printf 'do %s-%s and T-99\\n' T 2\n");
    const line = page.locator('.xterm-rows > div').filter({ hasText: /^do T-2 and T-99\s*$/ });
    await line.first().waitFor();
    const text = await line.first().locator('span').first().boundingBox();
    if (!text) throw new Error('the line has no place');
    // The third of the letters of `do T-2 and T-99`, from its left.
    const [x, y] = [text.x + (text.width * 4.5) / 'do T-2 and T-99'.length, text.y + text.height / 2];
    // The terminal looks for links when the mouse comes over a line, and not sooner than it has drawn it.
    await expect
      .poll(
        async () => {
          await page.keyboard.up('ControlOrMeta');
          await page.mouse.move(x + 60, y + 60);
          await page.mouse.move(x, y, { steps: 5 });
          await page.keyboard.down('ControlOrMeta');
          await page.mouse.move(x + 1, y);
          const link = page.locator('.xterm-cursor-pointer').first();
          return link.waitFor({ timeout: 3000 }).then(
            () => true,
            () => false,
          );
        },
        { timeout: 40_000 },
      )
      .toBe(true);
    await workbench.shot('commits-terminal');
    await page.mouse.click(x, y);
    await page.keyboard.up('ControlOrMeta');
    await sidebar.view('Tasks').selected.filter({ hasText: 'T-2' }).waitFor();
  });
});
