import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, folder, hovers, run, show, tm, until } from './support.js';

describe('references in the editor', () => {
  const key = folder();
  const file = vscode.Uri.file(join(key, 'src/code.ts'));
  let task: string;

  before(async () => {
    await activated();
    const text = 'const one = 1;\nconst two = 2;\nconst three = 3;\n';
    await vscode.workspace.fs.writeFile(file, Buffer.from(text));
    task = tm(key, 'add', 'Count <b>**on**</b> [x](command:workbench.action.quit)', '--file', 'src/code.ts:2');
    await run('task.reveal', key, task);
    await vscode.window.showTextDocument(file);
  });

  it('hover names the tasks of the line, with links to our commands alone; titles stay literal', async () => {
    const [card] = await until(
      () => hovers(file, 2),
      (cards) => cards.length > 0,
    );
    assert.ok(card);
    assert.deepEqual(card.isTrusted, {
      enabledCommands: [
        'taskOrchestrator.task.start',
        'taskOrchestrator.task.complete',
        'taskOrchestrator.task.reveal',
        'taskOrchestrator.graph.show',
      ],
    });
    assert.ok(!card.value.includes('](command:workbench'));
    assert.ok(!card.value.includes('<b>'));
    assert.deepEqual(await hovers(file, 1), []);
  });

  it('lines move with edits while the file is open, and are kept on save', async () => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), '// a\n// b\n'));
    assert.equal((await hovers(file, 4)).length, 1);
    assert.equal((await hovers(file, 2)).length, 0);
    await editor?.document.save();
    await until(
      () => show(key, task).fileRefs[0],
      ({ line, state }) => line === 4 && state === 'exact',
    );
  });

  it('lines are found again by their anchor after another program has written the file', async () => {
    await vscode.workspace.fs.writeFile(
      file,
      Buffer.from('const zero = 0;\nconst one = 1;\nconst two = 2;\nconst three = 3;\n'),
    );
    await until(
      () => hovers(file, 3),
      (cards) => cards.length === 1,
    );
    assert.equal(show(key, task).fileRefs[0].state, 'moved');
  });

  it('references follow a file that is renamed in the Explorer', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(file, vscode.Uri.file(join(key, 'src/renamed.ts')));
    await vscode.workspace.applyEdit(edit);
    await until(
      () => show(key, task).fileRefs[0].path,
      (path) => path === 'src/renamed.ts',
    );
  });

  it('a closed task has no card', async () => {
    tm(key, 'complete', task);
    await until(
      () => hovers(vscode.Uri.file(join(key, 'src/renamed.ts')), 3),
      (cards) => cards.length === 0,
    );
  });
});
