import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Person } from './person.js';
import { activated, folder, run, show, tm, until } from './support.js';

describe('the next task in a window', () => {
  const key = folder();
  const person = new Person();

  before(async () => {
    await activated();
    tm(key, 'init');
    person.sit();
  });
  after(() => person.leave());
  beforeEach(() => {
    person.will({});
    person.statusBar.length = 0;
  });

  it('offers the best tasks with their reasons, and does what is chosen', async () => {
    const first = tm(key, 'add', 'Tidy up', '-p', 'low');
    const best = tm(key, 'add', 'Mend the login', '-p', 'critical', '--file', 'src/main.ts:1');
    tm(key, 'add', 'Tell everybody', '--depends-on', best);
    await run('task.reveal', key, first);
    await until(
      async () => {
        await run('next.show');
        return person.offered.join('\n');
      },
      (offered) => /T-2 {2}Mend the login/.test(offered) && /T-1 {2}Tidy up/.test(offered),
    );
    assert.match(person.offered[0] ?? '', /T-2 {2}Mend the login/);
    assert.ok(!person.offered.some((row) => row.includes('T-3')), 'what waits is not offered');

    // The same words pick the task, and then what to do with it.
    person.will({ pick: 'T-2' });
    await run('next.show');
    assert.equal(show(key, best).status, 'in_progress');
    assert.deepEqual(
      person.offered.map((row) => row.replace(/^\$\([a-z-]+\) | ·.*$/g, '')),
      ['Start T-2', 'Claim T-2', 'Open T-2', 'Show T-2 in the Graph'],
    );
  });

  it('opens the best one and its code', async () => {
    tm(key, 'add', 'At once', '-p', 'critical', '--file', 'README.md:1');
    await until(
      async () => {
        await run('task.openNext');
        return vscode.window.activeTextEditor?.document.fileName ?? '';
      },
      (name) => name.endsWith('README.md'),
    );
  });

  it('says what is in the way where nothing is ready', async () => {
    for (const task of JSON.parse(tm(key, 'ready', '--json')).tasks) tm(key, 'block', task.id);
    await until(
      async () => {
        await run('next.show');
        return person.offered;
      },
      (offered) => offered.some((row) => /T-2 {2}Mend the login · In progress/.test(row)),
    );
  });
});
