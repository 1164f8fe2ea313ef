import * as assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { activated, folder, run, show, tm, until } from './support.js';

describe('hooks and plugins in a window', () => {
  const key = folder();
  let task: string;

  const put = (path: string, text: string) => {
    const file = join(key, '.task-orchestrator', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  const written = (name: string) => (existsSync(join(key, name)) ? readFileSync(join(key, name), 'utf8') : '');

  before(async () => {
    await activated();
    task = tm(key, 'add', 'Watched');
    put('hooks/post-update', '#!/bin/sh\necho "$1 $3 in $(pwd)" >> updates\n');
    put('hooks/pre-complete', '#!/bin/sh\necho "Not without tests"\nexit 1\n');
    put(
      'plugins/told.mjs',
      `import { appendFileSync } from 'node:fs';
      export default (tm) => ({ name: 'Told', version: '1', async onTaskUpdated(id, before, after) {
        appendFileSync(tm.root + '/told', before.status + ' to ' + after.status + ' of ' + (await tm.get(id)).title + '\\n');
      } });`,
    );
  });

  it('do not run before they are trusted', async () => {
    await run('task.reveal', key, task);
    await run('task.start', key, task);
    await until(
      () => show(key, task).status,
      (status) => status === 'in_progress',
    );
    assert.equal(existsSync(join(key, 'updates')), false);
    assert.equal(existsSync(join(key, 'told')), false);
  });

  it('run once they are: after a change, at the folder’s root, and plugins with the editor’s own Node', async () => {
    tm(key, 'hooks', 'trust');
    await run('task.reopen', key, task);
    await until(() => written('told'), Boolean);
    assert.equal(written('updates'), `${task} pending in ${key}\n`);
    assert.equal(written('told'), 'in_progress to pending of Watched\n');
  });

  it('refuse a change', async () => {
    await run('task.complete', key, task);
    assert.equal(show(key, task).status, 'pending');
    const { hooks } = JSON.parse(tm(key, 'hooks', 'report', 'pre-complete', '--json'));
    assert.deepEqual([hooks[0].runs, hooks[0].refused], [1, 1]);
  });

  it('do not run after a change of theirs', async () => {
    put('hooks/pre-complete', '#!/bin/sh\ntouch changed\n');
    await run('task.complete', key, task);
    await until(
      () => show(key, task).status,
      (status) => status === 'completed',
    );
    assert.equal(existsSync(join(key, 'changed')), false);
  });
});
