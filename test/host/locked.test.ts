import * as assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { activated, folder, run, show, tm, until } from './support.js';

/** Another process that holds the store's lock for so many milliseconds, as our own programs take it. */
function holdLock(key: string, milliseconds: number): ChildProcess {
  const script = `
    const fs = require('node:fs');
    const [, path, time] = process.argv;
    const stat = fs.existsSync('/proc/self/stat') ? fs.readFileSync('/proc/self/stat', 'latin1') : '';
    const born = stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] : '';
    const holder = { pid: process.pid, host: require('node:os').hostname(), born, nonce: 'held', program: 'a slow program' };
    fs.writeFileSync(path, JSON.stringify(holder), { flag: 'wx' });
    setTimeout(() => fs.unlinkSync(path), Number(time));
  `;
  return spawn(process.execPath, ['-e', script, join(key, '.task-orchestrator/tasks.lock'), String(milliseconds)], {
    stdio: 'ignore',
  });
}

describe('a store that another process holds locked', () => {
  const key = folder();
  const lock = join(key, '.task-orchestrator/tasks.lock');
  let task: string;

  before(async () => {
    await activated();
    task = tm(key, 'add', 'Wait for it');
    await run('task.reveal', key, task);
  });

  it('a change waits for it', async () => {
    const limited = process.env.TASK_HOST_LOCK_TIMEOUT !== undefined;
    const holder = holdLock(key, 3_000);
    const ended = new Promise((resolve) => holder.once('exit', resolve));
    await until(() => existsSync(lock), Boolean);
    await run('task.start', key, task);
    // Within the limit it is done when the lock is free; beyond it a message names the holder and nothing changed.
    assert.equal(existsSync(lock), limited);
    await ended;
    assert.equal(show(key, task).status, limited ? 'pending' : 'in_progress');
  });
});
