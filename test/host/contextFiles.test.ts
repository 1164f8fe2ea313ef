import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Person } from './person.js';
import { activated, folder, run, tm, tmAs, until } from './support.js';

describe('the file of a shared context', () => {
  const key = folder();
  let task: string;
  let other: string;
  const fileOf = (id: string) => join(key, '.task-orchestrator', 'contexts', `${id}.yaml`);
  const text = (id: string) => readFileSync(fileOf(id), 'utf8');

  before(async () => {
    await activated();
    [task, other] = [tm(key, 'add', 'Agreed'), tm(key, 'add', 'Open')];
    for (const id of [task, other]) tmAs('bob', key, 'join', id);
    tmAs('bob', key, 'share', task, 'the schema is settled');
  });

  it('is read again when the person saves it', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(fileOf(task)));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, '  - uploads end at 5 MB\n');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await until(
      () => tm(key, 'context', task),
      (context) => context.includes('uploads end at 5 MB'),
    );
    // Written anew, with the entry as the store has it.
    await until(
      () => text(task),
      (now) => /uploads end at 5 MB/.test(now) && !/^ {2}- uploads/m.test(now),
    );
  });

  it('follows what is changed in the window, but not while somebody is writing in it', async () => {
    const [person, written] = [new Person(), `${text(task)}  - half a sent`];
    person.sit();
    try {
      writeFileSync(fileOf(task), written);
      person.will({ type: 'Settled' });
      for (const id of [task, other]) await run('task.rename', key, id);
      await until(
        () => text(other),
        (now) => now.includes('Settled'),
      );
      assert.equal(text(task), written);
    } finally {
      person.leave();
    }
  });
});
