/**
 * A process of its own that uses a store, for the tests of several processes and of sudden deaths:
 *
 *   worker add PATH FIRST COUNT CHECKPOINT   commits tasks FIRST, FIRST + 1, … and tells of each when it is acknowledged;
 *                                            every CHECKPOINT commits a checkpoint (0: none)
 *   worker hold PATH                         takes the lock, says so and keeps it until it is killed
 *   worker lock PATH COUNT                   takes the lock COUNT times and adds 1 to the number in PATH.count each time
 *   worker try PATH                          tries one commit and prints the error's code
 */
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { OrchestratorError } from '../../src/core/model/errors.js';
import { FileLock } from '../../src/store/lock.js';
import { Store } from '../../src/store/store.js';
import { testEngine } from '../support/engine.js';
import { addTask } from './addTask.js';

const [command, path = '', ...rest] = process.argv.slice(2);
const [first = 0, count = 0, checkpoint = 0] = rest.map(Number);
const say = (text: string | number) => writeSync(1, `${text}\n`);

function open(): Promise<Store> {
  return Store.open({
    path,
    engine: () => testEngine(process.env.SQL_WASM),
    program: 'worker',
    now: () => new Date().toISOString(),
  });
}

async function add(): Promise<void> {
  const store = await open();
  for (let number = first; number < first + count; number += 1) {
    await addTask(store, number);
    say(number);
    if (checkpoint > 0 && (number - first) % checkpoint === checkpoint - 1) await store.checkpoint();
  }
}

async function hold(): Promise<void> {
  await new FileLock(path, 'the holder').acquire(1000);
  say('held');
  setInterval(() => undefined, 1000);
}

async function lock(): Promise<void> {
  const lock = new FileLock(path, 'counter');
  for (let turn = 0; turn < first; turn += 1) {
    await lock.acquire(30_000);
    const counted = Number(readFileSync(`${path}.count`, 'utf8'));
    writeFileSync(`${path}.count`, String(counted + 1));
    lock.release();
  }
}

async function attempt(): Promise<void> {
  const outcome = await open()
    .then((store) => addTask(store, 1))
    .then(
      () => 'done',
      (error: unknown) => (error instanceof OrchestratorError ? error.code : String(error)),
    );
  say(outcome);
}

const commands: Record<string, () => Promise<void>> = { add, hold, lock, try: attempt };
await commands[command ?? '']!();
