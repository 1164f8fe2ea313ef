import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, folder, run, show, tm } from './support.js';

describe('a window with two folders', () => {
  before(async () => {
    await activated();
    for (const index of [0, 1]) {
      tm(folder(index), 'init');
      tm(folder(index), 'add', `Of folder ${index}`);
    }
  });

  it('opens both', () => {
    const names = vscode.workspace.workspaceFolders?.map(({ name }) => name);
    assert.deepEqual(names, ['one', 'two']);
  });

  it('changes the plan of the folder that a command names', async () => {
    const [one, two] = [show(folder(0), '1').id, show(folder(1), '1').id];
    await run('task.start', folder(1), two);
    assert.equal(show(folder(1), two).status, 'in_progress');
    assert.equal(show(folder(0), one).status, 'pending');
  });

  it('has its agents say which plan they mean', async () => {
    const list = async (input: object) => {
      const name = 'taskOrchestrator_list_tasks';
      const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      return JSON.parse((content[0] as vscode.LanguageModelTextPart).value).tasks[0].title;
    };
    assert.equal(await list({ folder: 'two' }), 'Of folder 1');
    assert.equal(await list({ folder: folder(0) }), 'Of folder 0');
    await assert.rejects(
      list({}),
      /INVALID_INPUT: The window has several plans\. Say which one with folder: one, two\./,
    );
  });

  it('takes the folder of the active editor for what needs one', async () => {
    await vscode.window.showTextDocument(vscode.Uri.file(join(folder(1), 'b.ts')));
    await run('reference.add', folder(1), show(folder(1), '1').id);
    assert.deepEqual(
      show(folder(1), '1').fileRefs.map(({ path }: { path: string }) => path),
      ['b.ts'],
    );
    assert.deepEqual(show(folder(0), '1').fileRefs, []);
    assert.equal(existsSync(join(folder(0), '..', '.task-orchestrator')), false);
  });
});
