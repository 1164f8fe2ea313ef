import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from './person.js';
import { activated, folder, pause, run, show, until } from './support.js';

describe('a store of a newer schema', () => {
  const key = folder();
  const database = join(key, '.task-orchestrator/tasks.db');
  const person = new Person();

  before(activated);
  after(() => person.leave());

  it('is read, says why it cannot be written, and stays as it is', async () => {
    const untouched = readFileSync(database);
    const { id } = show(key, '1');
    await run('task.reveal', key, id);
    // What the window said of itself when it opened the store, it does not say again.
    await pause(500);
    person.sit();
    await run('history.show', key, id);
    await pause(1_500);
    assert.equal(person.told.length, 0);
    await run('task.start', key, id);
    await until(
      () => person.told.map(({ text }) => text),
      ([text]) => text !== undefined && /was written by a newer version .* update to change it/.test(text),
    );
    await run('store.migrate', key);
    assert.match(person.told.at(-1)?.text ?? '', /was written by a newer version/);
    assert.deepEqual(readFileSync(database), untouched);
  });
});
