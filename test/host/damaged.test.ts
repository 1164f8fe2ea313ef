import * as assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Person } from './person.js';
import { activated, folder, run, show } from './support.js';

describe('settings of the wrong kind and a store that is none', () => {
  const database = join(folder(), '.task-orchestrator/tasks.db');

  it('leave the extension running and the files as they are', async () => {
    const before = readFileSync(database);
    await activated();
    assert.equal(vscode.extensions.getExtension('task-orchestrator.task-orchestrator')?.isActive, true);
    await run('task.start', folder(), 'ffffffff');
    await run('graph.show');
    await vscode.window.showTextDocument(vscode.Uri.file(join(folder(), 'README.md')));
    assert.deepEqual(readFileSync(database), before);
  });

  it('is looked through, in words that say what would be done', async () => {
    const before = readFileSync(database);
    const person = new Person();
    person.sit();
    try {
      await run('store.check', folder());
      const told = person.told.at(-1);
      assert.match(told?.text ?? '', /tasks\.db .* is not a readable SQLite database/);
      assert.deepEqual(told?.buttons, ['Repair', 'Show Details']);
      assert.deepEqual(readFileSync(database), before);
    } finally {
      person.leave();
    }
  });

  it('is backed up byte by byte and put right by a backup, and the window goes on', async () => {
    const rubbish = readFileSync(database);
    const person = new Person();
    person.sit();
    try {
      person.will({ pick: '' });
      await run('store.restore', folder());
      const kept = /what was there is in (.*)$/.exec(person.statusBar.at(-1) ?? '')?.[1] ?? '';
      assert.deepEqual(readFileSync(join(folder(), kept)), rubbish);
      const { id, title } = show(folder(), '1');
      assert.equal(title, 'From the backup');
      await run('task.start', folder(), id);
      assert.equal(show(folder(), id).status, 'in_progress');
    } finally {
      person.leave();
    }
  });

  it('that is damaged later is repaired, and the window goes on', async () => {
    const journal = database.replace(/db$/, 'journal');
    const person = new Person();
    person.sit();
    try {
      appendFileSync(journal, 'rubbish that no writer leaves behind\n');
      person.will({ press: 'Repair' });
      await run('store.check', folder());
      assert.equal(person.statusBar.at(-1), 'The task store is repaired');
      await run('store.check', folder());
      assert.equal(person.statusBar.at(-1), 'The task store is healthy');
      const { id } = show(folder(), '1');
      await run('task.complete', folder(), id);
      assert.equal(show(folder(), id).status, 'completed');
    } finally {
      person.leave();
    }
  });
});
