import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';

const PARSER = `export function parse(text: string): string[] {
  const lines = text.split('\\n');
  // Empty lines count as items too.
  return lines.map((line) => line.trim());
}

export function print(items: string[]): string {
  return items.join('\\n');
}
`;

describe('the main job', () => {
  const vscode = startVsCode();

  test('plan, see what waits, complete, jump to the code, look at the graph, watch tm', async () => {
    const workspace = await vscode.workspace({ 'src/parser.ts': PARSER });
    const workbench = await vscode.open(workspace);
    const { editor, graph, palette, quickInput, sidebar, statusBar } = workbench;
    const tree = sidebar.view('Tasks');

    // An empty plan says how to begin, and nothing is on disk.
    await sidebar.open();
    await sidebar.welcome.getByText('No tasks yet').waitFor();

    // Enter on the title alone creates a task.
    await palette.run('taskOrchestrator.task.create');
    await quickInput.answer('Write the grammar down');
    await tree.find(/^T-1, Write the grammar down, Ready/);
    await quickInput.waitForStep(/T-1/);
    await quickInput.cancel();
    await quickInput.waitUntilClosed();

    // A second one, with priority, a dependency, the selected lines and tags.
    await editor.open('src/parser.ts');
    await editor.selectLines(3, 4);
    await palette.run('taskOrchestrator.task.create');
    await quickInput.answer('Skip empty lines');
    await quickInput.waitForStep(/T-2.*2\/5/);
    await quickInput.pick('High');
    await quickInput.waitForStep(/3\/5/);
    await quickInput.pick('T-1');
    await quickInput.accept();
    await quickInput.waitForStep(/4\/5/);
    await quickInput.pick('src/parser.ts:3-4');
    await quickInput.accept();
    await quickInput.waitForStep(/5\/5/);
    await quickInput.answer('parser core');
    await quickInput.waitUntilClosed();

    // It waits for the first one, and the gutter marks its line.
    await tree.find(/^T-2, Skip empty lines, Waiting, waits for T-1, high/);
    await expect.poll(() => editor.gutterLines('parser.ts')).toEqual([3]);
    await statusBar.item('ready').getByText('1 ready').waitFor();
    const { task } = JSON.parse(await workspace.tm('show', '2', '--json'));
    expect(task).toMatchObject({ priority: 'high', status: 'blocked', tags: ['parser', 'core'] });
    expect(task.fileRefs).toMatchObject([{ path: 'src/parser.ts', line: 3, endLine: 4, state: 'exact' }]);

    // Completing its blocker by the inline button releases it.
    await (await tree.inlineAction(/^T-1,/, 'Complete Task')).click();
    await tree.find(/^T-2, Skip empty lines, Ready/);
    await statusBar.text('T-1 done · T-2 is ready').waitFor();

    // Clicking the reference selects the lines.
    await editor.goToLine(9);
    await tree.expand(/^T-2,/);
    await (await tree.find(/^Reference src\/parser.ts:3-4/)).click();
    await expect.poll(() => editor.position.textContent()).toMatch(/^Ln 4, .*selected/);

    // The hover names the task, and its link starts it.
    const hover = await editor.hover('parser.ts', 3);
    await hover.getByText('Skip empty lines').waitFor();
    await workbench.shot('hover');
    await hover.getByRole('link', { name: 'Start' }).click();
    await tree.find(/^T-2, Skip empty lines, In progress/);

    // The graph draws the plan; a click on a node shows its task in the tree.
    await workspace.tm('add', 'Print numbered lines', '--depends-on', '2');
    await tree.find(/^T-3, Print numbered lines, Waiting/);
    await (await tree.find(/^T-2,/)).click();
    await palette.run('taskOrchestrator.graph.show');
    await graph.ready();
    await graph.node(/^T-3, Print numbered lines/).click();
    await expect.poll(() => tree.selected.getAttribute('aria-label')).toMatch(/^T-3, Print numbered lines/);

    // A change by tm shows in tree, gutter and graph without any action.
    await workspace.tm('complete', '2');
    await tree.find(/^T-3, Print numbered lines, Ready/);
    await expect.poll(() => editor.gutterLines('parser.ts')).toEqual([]);
    await graph.node(/^T-3, .*Ready/).waitFor();
    await workbench.shot('main-job');
  });
});
