import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileLock } from '../../src/store/lock.js';
import { refusalOf } from '../support/refusal.js';
import { temporaryFolder } from '../support/stores.js';
import { Worker } from './workers.js';

const lockPath = () => join(temporaryFolder(), 'tasks.lock');

/** A lock file as another holder would have written it. */
function writeHolder(path: string, holder: object): void {
  writeFileSync(path, JSON.stringify({ pid: 1, host: hostname(), born: '', nonce: 'n', program: 'tm', ...holder }));
}

function makeOlder(path: string, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  utimesSync(path, time, time);
}

describe('the lock', () => {
  test('is a file that is there while it is held', () => {
    const path = lockPath();
    const lock = new FileLock(path, 'tm');
    expect(lock.tryAcquire()).toBe(true);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, program: 'tm' });
    expect(lock.isHeld()).toBe(true);
    lock.release();
    expect(existsSync(path)).toBe(false);
    expect(lock.isHeld()).toBe(false);
  });

  test('has one holder at a time', () => {
    const path = lockPath();
    const [first, second] = [new FileLock(path, 'first'), new FileLock(path, 'second')];
    expect(first.tryAcquire()).toBe(true);
    expect(second.tryAcquire()).toBe(false);
    second.release();
    expect(first.isHeld()).toBe(true);
    first.release();
    expect(second.tryAcquire()).toBe(true);
  });

  test('held by a live process is refused after the time-out, naming program and process', async () => {
    const path = lockPath();
    const holder = new Worker('hold', path);
    await holder.wrote(1);
    const told: string[] = [];
    const error = await refusalOf(new FileLock(path, 'tm').acquire(300, (who) => told.push(who), 50));
    expect(error.code).toBe('STORE_LOCKED');
    expect(error.message).toContain(`the holder (process ${holder.pid} on ${hostname()})`);
    expect(told).toEqual([`the holder (process ${holder.pid} on ${hostname()})`]);
    expect(existsSync(path)).toBe(true);
  });

  test('is waited for, and nobody is told of a short wait', async () => {
    const path = lockPath();
    const [holder, other] = [new FileLock(path, 'holder'), new FileLock(path, 'other')];
    holder.tryAcquire();
    const told: string[] = [];
    const waiting = other.acquire(10_000, (who) => told.push(who), 5_000);
    setTimeout(() => holder.release(), 30);
    await waiting;
    expect(other.isHeld()).toBe(true);
    expect(told).toEqual([]);
  });

  test('of a process that was killed is taken over at once', async () => {
    const path = lockPath();
    const holder = new Worker('hold', path);
    await holder.wrote(1);
    await holder.kill();
    expect(existsSync(path)).toBe(true);
    expect(new FileLock(path, 'tm').tryAcquire()).toBe(true);
  });

  test('of a process whose number another one has now is taken over', () => {
    const path = lockPath();
    writeHolder(path, { pid: process.pid, born: '1' });
    expect(new FileLock(path, 'tm').tryAcquire()).toBe(process.platform === 'linux');
  });

  test('of a dead process is removed by one at a time, also when that one died over it', () => {
    const path = lockPath();
    const lock = new FileLock(path, 'tm');
    writeHolder(path, { pid: 2 ** 22 + 1 });
    const dead = readFileSync(path, 'utf8');
    writeFileSync(`${path}.removal`, '');
    expect(lock.tryAcquire()).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(dead);
    makeOlder(`${path}.removal`, 3);
    lock.tryAcquire();
    expect(lock.isHeld() || lock.tryAcquire()).toBe(true);
    expect(existsSync(`${path}.removal`)).toBe(false);
  });

  test('of another machine is respected, until it is too old to be meant', () => {
    const path = lockPath();
    writeHolder(path, { host: 'elsewhere' });
    expect(new FileLock(path, 'tm').tryAcquire()).toBe(false);
    makeOlder(path, 60);
    expect(new FileLock(path, 'tm').tryAcquire()).toBe(true);
  });

  test.each(['', '{"pid":', 'null', '[]'])('file with %j is respected while it may still be written', (text) => {
    const path = lockPath();
    writeFileSync(path, text);
    expect(new FileLock(path, 'tm').tryAcquire()).toBe(false);
    makeOlder(path, 10);
    expect(new FileLock(path, 'tm').tryAcquire()).toBe(true);
  });

  test('that was taken over is not released by its late holder', () => {
    const path = lockPath();
    const [late, next] = [new FileLock(path, 'late'), new FileLock(path, 'next')];
    late.tryAcquire();
    makeOlder(path, 60);
    expect(next.tryAcquire()).toBe(true);
    expect(late.isHeld()).toBe(false);
    late.release();
    expect(next.isHeld()).toBe(true);
  });

  test('keeps four processes from each other', async () => {
    const path = lockPath();
    writeFileSync(`${path}.count`, '0');
    const workers = [1, 2, 3, 4].map(() => new Worker('lock', path, 50));
    await Promise.all(workers.map((worker) => worker.done()));
    expect(readFileSync(`${path}.count`, 'utf8')).toBe('200');
    expect(existsSync(path)).toBe(false);
  });
});
