import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Person } from './person.js';
import { activated, folder, run, show, tm, tmAs, until } from './support.js';

describe('what agents changed', () => {
  const key = folder();
  const person = new Person();
  let first: string;
  let second: string;

  before(async () => {
    await activated();
    first = tm(key, 'add', 'Read the notes', '--tag', 'api');
    second = tm(key, 'add', 'Write the answer', '-d', 'One line.\nAnother line.');
    tm(key, 'review', '--accept');
    await run('task.reveal', key, second);
    person.sit();
  });
  after(() => person.leave());
  beforeEach(() => {
    person.will({});
    person.statusBar.length = 0;
    person.told.length = 0;
  });

  const name = (task: string) => show(key, task).name;

  /** The rows that are there to accept: what the view shows, as text. */
  const rows = async () => {
    person.offered = [];
    await run('review.accept');
    return person.offered;
  };

  it('are listed by agent and task a moment after another process made them', async () => {
    await until(rows, (list) => list.length === 0);
    tmAs('bot', key, 'update', first, '-p', 'high', '--tag', 'web');
    tmAs('bot', key, 'criteria', 'add', first, 'Nothing is lost', 'All is told');
    tmAs('bot', key, 'update', second, '-d', 'One line.\nA better line.');
    tmAs('cat', key, 'complete', first);
    const list = await until(rows, (found) => found.length === 5);
    assert.deepEqual(list, [
      'bot · 2 tasks',
      `${name(first)}  Read the notes · bot · priority: medium → high, tags: +web −api, +2 criteria`,
      `${name(second)}  Write the answer · bot · description changed`,
      'cat · 1 task',
      `${name(first)}  Read the notes · cat · status: pending → completed`,
    ]);
  });

  it('open as a comparison of the task without and with them', async () => {
    person.will({ pick: name(second) });
    await run('review.openDiff');
    const tab = await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab as vscode.Tab,
      (active) => active?.input instanceof vscode.TabInputTextDiff && active.input.modified.scheme === 'task-review',
    );
    assert.equal(tab.label, `${name(second)} Write the answer: changes by bot`);
    const { original, modified } = tab.input as vscode.TabInputTextDiff;
    const text = async (uri: vscode.Uri) => (await vscode.workspace.openTextDocument(uri)).getText();
    assert.match(await text(original), /## Description\n\nOne line\.\nAnother line\.\n$/);
    assert.match(await text(modified), /## Description\n\nOne line\.\nA better line\.\n$/);
  });

  it('go from the list when they are accepted, in this window and for tm', async () => {
    person.will({ pick: name(second) });
    await run('review.accept');
    assert.equal(person.statusBar.at(-1), `Accepted: ${name(second)}, changed by bot`);
    person.will({});
    assert.equal((await rows()).length, 4);
    assert.equal(JSON.parse(tm(key, 'review', '--json')).total, 2);
    tm(key, 'review', '--accept', '--actor', 'cat');
    await until(rows, (list) => list.length === 2);
  });

  it('are reverted as one change, which the status bar offers to undo', async () => {
    tmAs('bot', key, 'add', 'Made by the bot');
    await until(rows, (list) => list.length === 3);
    person.will({ pick: 'bot' });
    await run('review.revert');
    assert.deepEqual(person.told, []);
    assert.equal(show(key, first).priority, 'medium');
    assert.match(tm(key, 'trash', 'list'), /Made by the bot/);
    assert.match(person.item ?? '', /^\$\(discard\) Reverted: 2 tasks changed by bot · Undo$/);
    person.will({});
    assert.deepEqual(await rows(), []);
    await person.click();
    assert.equal(show(key, first).priority, 'high');
    await until(rows, (list) => list.length === 3);
  });

  it('that the person changed again are not reverted, and why is said', async () => {
    tm(key, 'update', first, '-p', 'critical');
    await until(rows, (list) => list.some((row) => row.includes('priority changed again by')));
    person.will({ pick: 'bot' });
    await run('review.revert');
    assert.match(person.told.at(-1)?.text ?? '', /cannot be taken back: T-\d+: priority was changed again, by /);
    assert.equal(show(key, first).priority, 'critical');
  });

  it('of many tasks are reverted only after a question; accepting all leaves nothing', async () => {
    await run('review.acceptAll');
    for (let n = 1; n <= 6; n++) tmAs('dog', key, 'add', `Many ${n}`);
    await until(rows, (list) => list.length === 7);
    person.will({ pick: 'dog' });
    await run('review.revert');
    assert.deepEqual(person.told.at(-1), { text: 'Revert the changes of 6 tasks by dog?', buttons: ['Revert'] });
    assert.match(tm(key, 'list'), /Many 6/);
    person.will({ pick: 'dog', press: 'Revert' });
    await run('review.revert');
    assert.doesNotMatch(tm(key, 'list'), /Many/);
    person.will({});
    await run('review.show');
    assert.equal(person.statusBar.at(-1), 'Nobody else changed anything since you looked');
  });
});
