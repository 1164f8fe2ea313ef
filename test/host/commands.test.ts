import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activated, folder, pause, run, show, tm, until } from './support.js';

describe('commands on a task, called as menus and links call them', () => {
  const key = folder();
  let first: string;
  let second: string;

  before(async () => {
    await activated();
    first = tm(key, 'add', 'First', '--file', 'src/main.ts:1');
    second = tm(key, 'add', 'Second', '--depends-on', first);
    // Any command waits for the plan; this one shows that it is there.
    await run('task.reveal', key, second);
  });

  it('start, complete, reopen', async () => {
    await run('task.start', key, first);
    assert.equal(show(key, first).status, 'in_progress');
    await run('task.complete', key, first);
    assert.equal(show(key, first).status, 'completed');
    assert.equal(show(key, second).state, 'ready');
    await run('task.reopen', key, first);
    assert.equal(show(key, first).status, 'pending');
    assert.equal(show(key, second).state, 'waiting');
  });

  it('refuses to start a task that waits, and changes nothing', async () => {
    const before = show(key, second);
    await run('task.start', key, second);
    assert.deepEqual(show(key, second), before);
  });

  it('toggle done', async () => {
    await run('task.toggleDone', key, first);
    assert.equal(show(key, first).status, 'completed');
    await run('task.toggleDone', key, first);
    assert.equal(show(key, first).status, 'pending');
  });

  it('copy id', async () => {
    await run('task.copyId', key, first);
    assert.equal(await vscode.env.clipboard.readText(), first);
  });

  it('delete and restore', async () => {
    await run('task.delete', key, first);
    assert.throws(() => show(key, first));
    assert.deepEqual(show(key, second).dependsOn, []);
    await run('task.restore', key, first);
    assert.equal(show(key, first).number, 1);
    assert.deepEqual(show(key, second).dependsOn, [first]);
  });

  it('open reference selects the lines; a missing one throws nothing', async () => {
    const [reference] = show(key, first).fileRefs;
    await run('reference.open', key, reference.id);
    const editor = await until(
      () => vscode.window.activeTextEditor,
      (active) => active?.document.fileName.endsWith('main.ts') ?? false,
    );
    assert.equal(editor?.selection.start.line, 0);
    assert.equal(editor?.selection.isEmpty, false);

    tm(key, 'ref', 'add', first, 'gone.ts:7');
    const gone = show(key, first).fileRefs.find((other: { path: string }) => other.path === 'gone.ts');
    // The message waits for an answer, so the command is not awaited.
    void run('reference.open', key, gone.id);
    await pause(300);
    await run('reference.remove', key, gone.id);
    assert.equal(show(key, first).fileRefs.length, 1);
    await run('reference.open', key, 'nosuchid');
  });

  it('open next ready task reveals it and opens its code', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await run('task.openNext');
    await until(
      () => vscode.window.activeTextEditor?.document.fileName ?? '',
      (name) => name.endsWith('main.ts'),
    );
  });

  it('edit description opens a document that saves into the plan and follows other writers', async () => {
    await run('task.editDescription', key, first);
    const editor = await until(
      () => vscode.window.activeTextEditor,
      (active) => active?.document.uri.scheme === 'task-description',
    );
    assert.ok(editor);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# Why\n'));
    await editor.document.save();
    await until(
      () => show(key, first).description,
      (description) => description === '# Why\n',
    );
    tm(key, 'update', first, '-d', 'written by tm');
    await until(
      () => editor.document.getText(),
      (text) => text === 'written by tm',
    );
  });

  it('show graph opens the panel beside, and only once', async () => {
    await run('graph.show', key, second);
    await run('graph.show', key, first);
    const panels = () =>
      vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label === 'Task graph').length;
    await until(panels, (count) => count === 1);
  });

  it('every other command asks, and Escape changes nothing', async () => {
    const asking = [
      'task.create',
      'task.createFromSelection',
      'task.createSubtask',
      'task.goTo',
      'task.setStatus',
      'task.block',
      'task.cancel',
      'task.rename',
      'task.setPriority',
      'task.assign',
      'task.setTags',
      'task.setDueDate',
      'task.setNotBefore',
      'task.setEstimate',
      'task.setParent',
      'dependency.add',
      'dependency.remove',
      'reference.relink',
      'tree.filter',
      'tree.groupBy',
    ];
    const before = tm(key, 'list', '--json');
    const [reference] = show(key, first).fileRefs;
    for (const command of asking) {
      const done = run(command, key, command.startsWith('reference.relink') ? reference.id : first);
      let ended = false;
      void done.then(() => {
        ended = true;
      });
      await until(async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return ended;
      }, Boolean);
    }
    assert.equal(tm(key, 'list', '--json'), before);
  });

  it('commands about the view itself run without a task', async () => {
    for (const command of ['tree.clearFilter', 'tree.showMore', 'log.show']) await run(command);
  });

  it('a task, folder or reference that is not there is said, not thrown', async () => {
    await run('task.start', key, 'ffffffff');
    await run('task.reveal', '/nowhere', first);
    await run('task.restore', key, 'ffffffff');
  });
});
