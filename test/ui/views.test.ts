import { copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { beforeAll, describe, expect, test } from 'vitest';
import { node24 } from '../../scripts/lib/install.mjs';
import { root, shotsDir, tmProgram } from '../../scripts/lib/paths.mjs';
import { mustRun } from '../../scripts/lib/processes.mjs';
import { makeWorkspace, type Workspace } from '../../scripts/lib/workspace.mjs';
import { startVsCode } from './harness.js';
import type { Theme, Workbench } from './pages/workbench.js';

const SIZE = { width: 1440, height: 900 };

/** The demo with its plan, as `npm start` shows it. */
async function demoWorkspace(): Promise<Workspace> {
  const workspace = await makeWorkspace();
  const source = join(root, 'examples/demo');
  await cp(source, workspace.dir, { recursive: true });
  await mustRun('The demo plan', node24, [join(source, 'plan.mjs'), tmProgram, workspace.dir], { cwd: workspace.dir });
  return workspace;
}

let demo: Workspace;

beforeAll(async () => {
  demo = await demoWorkspace();
  return () => demo.remove();
});

describe.each<Theme>(['dark', 'light', 'contrast'])('every view in the %s theme', (theme) => {
  const vscode = startVsCode({ keep: true });
  let full: Workbench;

  beforeAll(async () => {
    full = await vscode.open(demo, { theme, viewport: SIZE });
  });

  test('sidebar, code and graph side by side', async () => {
    const { editor, graph, palette, quickInput, sidebar } = full;
    const tree = sidebar.view('Tasks');
    await sidebar.open();
    await tree.find(/^In progress, 6 tasks/);
    await full.shot('tree');

    await tree.expand(/^T-11,/);
    await (await tree.find(/^Reference src\/store.js:\d+/)).click();
    await expect.poll(() => editor.gutterLines('store.js')).not.toEqual([]);
    await full.shot('code');

    // Of a task named under another one, by its menu: the selection stays.
    await tree.choose(/^T-13,/, 'Show Dependency Graph');
    await graph.ready();
    await graph.node(/^T-14,/).waitFor();
    await full.shot('overview');
    if (theme === 'dark' && process.env.UPDATE_PICTURES) {
      await mkdir(join(root, 'docs/images'), { recursive: true });
      await copyFile(join(shotsDir, `overview.${theme}.png`), join(root, 'docs/images/overview.png'));
    }

    await graph.control('Legend').click();
    await full.shot('legend');
    await graph.control('Legend').click();
    await graph.control('Show as list').click();
    await graph.frame.getByRole('list').first().waitFor();
    await full.shot('list');

    await palette.run('taskOrchestrator.task.goTo');
    await quickInput.row('T-12').waitFor();
    await full.shot('go-to-task');
    await quickInput.cancel();
  });

  test('nothing serious for a person who cannot see or point', async () => {
    await full.sidebar.open();
    await full.sidebar.view('Tasks').find(/^T-11,/);
    const { violations } = await new AxeBuilder({ page: full.page })
      .include('[id="workbench.parts.sidebar"] .tree-explorer-viewlet-tree-view')
      .analyze();
    // VS Code draws the rows; what is in them is ours. Its own lists nest rows in a way that axe's structure rules refuse.
    const ours = violations.filter(
      ({ impact, id }) => (impact === 'serious' || impact === 'critical') && !id.startsWith('aria-required'),
    );
    expect(ours.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
  });

  test('an empty plan', async () => {
    const workspace = await vscode.workspace({ 'readme.txt': 'hello\n' });
    const workbench = await vscode.open(workspace, { theme });
    await workbench.sidebar.open();
    await workbench.sidebar.welcome.getByText('No tasks yet').waitFor();
    await workbench.palette.run('taskOrchestrator.graph.show');
    await workbench.graph.ready('empty');
    await workbench.shot('empty');
  });
});
