import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Person } from './person.js';
import { activated, folder, run, show, tm, tmAs, until } from './support.js';

describe('what happened to a plan', () => {
  const key = folder();
  const person = new Person();
  let first: string;
  let second: string;

  before(async () => {
    await activated();
    if (!existsSync(join(key, '.task-orchestrator'))) tm(key, 'init');
    first = tm(key, 'add', 'First', '--file', 'src/main.ts:1');
    second = tm(key, 'add', 'Second', '--depends-on', first);
    await run('task.reveal', key, second);
    person.sit();
  });
  after(() => person.leave());
  beforeEach(() => {
    person.will({});
    person.told.length = 0;
  });

  const name = (task: string) => show(key, task).name;
  const document = (title: string) =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'task-history' && uri.path === `/${title}`);

  it('undo takes back the last change of the person, not of others; the status bar offers redo', async () => {
    await run('task.complete', key, first);
    tmAs('agent-2', key, 'update', second, '--title', 'Other');
    await until(
      () => show(key, second).title,
      (title) => title === 'Other',
    );
    await run('history.undo');
    assert.equal(show(key, first).status, 'pending');
    assert.equal(show(key, second).title, 'Other');
    assert.equal(person.item, `$(redo) Undone: ${name(first)} completed · Redo`);
    await person.click();
    assert.equal(show(key, first).status, 'completed');
    assert.equal(person.item, `$(discard) Redone: ${name(first)} completed · Undo`);
    await person.click();
    assert.equal(show(key, first).status, 'pending');
  });

  it('removing a reference offers undo, of just that, whatever came since', async () => {
    const [reference] = show(key, first).fileRefs;
    await run('reference.remove', key, reference.id);
    tm(key, 'update', second, '--title', 'Later change of the same person');
    assert.equal(person.item, `$(discard) ${name(first)} no longer refers to src/main.ts:1 · Undo`);
    await person.click();
    assert.equal(show(key, first).fileRefs.length, 1);
    assert.equal(show(key, second).title, 'Later change of the same person');
  });

  it('what was changed again is not undone, and why is said', async () => {
    tm(key, 'update', first, '--title', 'Mine');
    tmAs('agent-2', key, 'update', first, '--title', 'Theirs');
    await run('history.undo');
    assert.match(person.told.at(-1)?.text ?? '', /cannot be undone: T-\d+: title was changed again, by agent-2/);
    assert.equal(show(key, first).title, 'Theirs');
  });

  it('a history is a read-only text that follows the plan', async () => {
    await run('history.show', key, first);
    const title = `${name(first)} history`;
    const text = () => document(title)?.getText() ?? '';
    assert.match(text(), /^#\d+ {2}just now \(.+\) {2}agent-2 {2}task\.update\n {2}~ T-\d+ title: “Mine” → “Theirs”$/m);
    assert.ok(text().indexOf('“Theirs”') < text().indexOf('“Mine”\n'));
    tmAs('agent-3', key, 'update', first, '-p', 'high');
    await until(text, (now) => /agent-3 {2}task\.update\n {2}~ T-\d+ priority: “medium” → “high”/.test(now));
    await run('history.showPlan');
    await until(
      () => document('Plan history')?.getText() ?? '',
      (now) => now.includes('“Second”'),
    );
  });

  it('undo transaction offers the last ones with who, when and what; undone ones are marked', async () => {
    person.will({ pick: 'changed: priority' });
    await run('history.undoTransaction');
    assert.equal(show(key, first).priority, 'medium');
    person.will({});
    await run('history.undoTransaction');
    assert.match(person.offered[0] ?? '', /^#\d+ {2}undo of #\d+ · .+ · just now$/);
    assert.match(person.offered[1] ?? '', /^#\d+ {2}T-\d+ changed: priority · agent-3 · just now · undone$/);
  });

  it('a deleted task is restored, the last deleted offered first; or gone for good after a question', async () => {
    tm(key, 'delete', second);
    await run('task.delete', key, first);
    person.will({ pick: 'Theirs' });
    await run('trash.restore');
    assert.match(person.offered[0] ?? '', /^T-\d+ {2}Theirs · deleted just now by /);
    assert.equal(show(key, first).title, 'Theirs');
    await run('trash.empty');
    assert.equal(person.told.at(-1)?.text, 'Remove the task in the trash for good?');
    assert.match(tm(key, 'trash', 'list'), /Later change/);
    person.will({ press: 'Empty Trash' });
    await run('trash.empty');
    await run('trash.empty');
    assert.equal(person.statusBar.at(-1), 'The trash is empty');
    assert.doesNotMatch(tm(key, 'trash', 'list'), /Later change/);
  });

  it('a backup is made, and put back', async () => {
    await run('store.backUp', key);
    const [, path] = /backed up to (.*)$/.exec(person.statusBar.at(-1) ?? '') ?? [];
    assert.ok(existsSync(join(key, path ?? 'nothing')));
    tm(key, 'delete', first);
    person.will({ pick: '' });
    await run('store.restore', key);
    assert.match(person.statusBar.at(-1) ?? '', /^Task store restored · what was there is in /);
    await run('task.start', key, first);
    assert.equal(show(key, first).status, 'in_progress');
  });
});
