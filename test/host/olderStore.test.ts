import * as assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from './person.js';
import { activated, folder, run, show, until } from './support.js';

describe('a store of an older schema', () => {
  const key = folder();
  const database = join(key, '.task-orchestrator/tasks.db');
  const person = new Person();
  const untouched = readFileSync(database);

  before(async () => {
    person.sit();
    await activated();
  });
  after(() => person.leave());

  it('is read, and not written; a change is refused with the way on', async () => {
    const { id } = show(key, '1');
    await run('task.start', key, id);
    assert.match(person.told.at(-1)?.text ?? '', /was written by an older version/);
    assert.deepEqual(person.told.at(-1)?.buttons, ['Migrate']);
    assert.deepEqual(readFileSync(database), untouched);
  });

  it('is migrated after a backup, and the window goes on with it', async () => {
    const { id } = show(key, '1');
    person.will({ press: 'Migrate' });
    await run('task.start', key, id);
    const said = await until(
      () => person.statusBar.at(-1) ?? '',
      (text) => text.startsWith('Task store migrated · backup in '),
    );
    const backup = said.replace('Task store migrated · backup in ', '');
    assert.ok(existsSync(join(key, backup)), backup);
    person.will({});
    await run('task.start', key, id);
    assert.equal(show(key, id).status, 'in_progress');
    await run('store.migrate', key);
    assert.equal(person.statusBar.at(-1), 'The task store is up to date');
  });
});
