import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import type { WatchEventView } from '../../src/app/watch/watchInputs.js';
import { Shell } from './shell.js';

/** `tm watch` at work. */
class Watch {
  readonly #child: ChildProcess;
  readonly #end: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(shell: Shell, ...args: string[]) {
    this.#child = spawn(inject('nodes')[0] ?? process.execPath, [inject('tm'), 'watch', ...args], {
      cwd: shell.folder,
      env: { PATH: process.env.PATH, HOME: shell.folder, TM_AGENT_ID: 'ann' },
    });
    this.#child.stdout?.on('data', (data) => {
      this.stdout += data;
    });
    this.#child.stderr?.on('data', (data) => {
      this.stderr += data;
    });
    this.#end = new Promise((done) => this.#child.on('close', done));
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  get lines(): string[] {
    return this.stdout.split('\n').slice(0, -1);
  }

  get events(): WatchEventView[] {
    return this.lines.map((line) => JSON.parse(line) as WatchEventView);
  }

  /** Waits until it has said so many lines. */
  async said(count: number): Promise<string[]> {
    await vi.waitUntil(() => this.lines.length >= count, { timeout: 30_000, interval: 20 });
    return this.lines;
  }

  closeOutput(): void {
    this.#child.stdout?.destroy();
  }

  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.#end;
  }

  get end(): Promise<number | null> {
    return this.#end;
  }
}

function start(): Shell {
  const shell = new Shell({ env: { TM_AGENT_ID: 'bob' } });
  shell.say('init');
  shell.say('add', 'One');
  return shell;
}

describe('tm watch', () => {
  test('prints a line for each changed task and what you are told, until it is stopped', async () => {
    const tm = start();
    const before = tm.disk();
    const watch = new Watch(tm, '--since', '0');
    await watch.said(1);
    expect(tm.disk()).toEqual(before);
    tm.say('update', '1', '--title', 'Uno', '--priority', 'high');
    tm.say('share', '1', 'hello @ann');
    tm.say('note', '1', 'a secret');
    await watch.said(5);
    const head = (seq: number, action: string) =>
      new RegExp(`^#${seq}  \\d{4}-\\d\\d-\\d\\d [\\d:]{8}  bob  ${action}  `);
    expect(watch.lines.map((line) => line.replace(/^(?:.*? {2}){4}/, ''))).toEqual([
      'T-1 “One”',
      expect.stringMatching(/^T-1 (title: “One” → “Uno”; T-1 )?.*priority: “medium” → “high”/),
      'T-1 [update] “hello @ann”',
      '[MENTION] bob mentioned you on T-1: hello @ann',
      'T-1 [note]',
    ]);
    expect(watch.lines[0]).toMatch(head(1, 'task.create'));
    expect(watch.lines[3]).toMatch(head(3, 'collaboration.update'));
    expect(await watch.stop('SIGTERM')).toBe(0);
    expect(watch.stderr).toBe('');
  });

  test('starts with the present, or after a transaction, and ends cleanly on Ctrl+C', async () => {
    const tm = start();
    tm.say('add', 'Two');
    const after = new Watch(tm, '--json', '--since', '1');
    await after.said(1);
    expect(after.events).toMatchObject([{ seq: 2, action: 'task.create', tasks: [{ name: 'T-2', title: 'Two' }] }]);
    const now = new Watch(tm, '--json');
    // It is at work once it has opened the store; what comes before that is not its to tell.
    let number = 3;
    await vi.waitUntil(
      () => {
        tm.say('update', '2', '--priority', number % 2 ? 'low' : 'high');
        number += 1;
        return now.lines.length > 0;
      },
      { timeout: 30_000 },
    );
    expect(now.events[0]?.seq).toBeGreaterThan(2);
    expect(await now.stop('SIGINT')).toBe(0);
    expect(await after.stop('SIGINT')).toBe(0);
  });

  test('tells each change exactly once, in order, whatever eight writers and checkpoints do', async () => {
    const tm = start();
    const watch = new Watch(tm, '--json', '--since', '1');
    const writers = Array.from({ length: 8 }, (_, at) => tm.with({ env: { TM_AGENT_ID: `agent-${at}` } }));
    for (let round = 0; round < 3; round += 1) {
      const runs = await Promise.all(writers.map((writer, at) => writer.start('add', `Task ${round}.${at}`)));
      expect(runs.map((run) => run.code)).toEqual(Array(8).fill(0));
      tm.say('checkpoint');
    }
    await watch.said(24);
    tm.say('add', 'Last');
    await watch.said(25);
    expect(watch.events.map((event) => event.seq)).toEqual(Array.from({ length: 25 }, (_, at) => at + 2));
    const titles = watch.events.flatMap((event) => event.tasks.map((task) => task.title));
    expect(new Set(titles).size).toBe(25);
    expect(await watch.stop('SIGTERM')).toBe(0);
  });

  test('tells only what the filters admit', async () => {
    const tm = start();
    tm.say('add', 'Tagged', '--tag', 'api');
    tm.say('complete', '2');
    tm.with({ env: { TM_AGENT_ID: 'cleo' } }).say('share', '1', 'x');
    tm.say('undo');
    const seen = async (count: number, ...args: string[]) => {
      const watch = new Watch(tm, '--json', '--since', '0', ...args);
      await watch.said(count);
      await watch.stop('SIGTERM');
      return watch.events.map(({ seq, action }) => `${seq} ${action}`);
    };
    expect(await seen(2, '--query', 'tag:api')).toEqual(['2 task.create', '3 task.completed', '5 undo 3']);
    expect(await seen(1, '--type', 'task.completed', 'collaboration')).toEqual([
      '3 task.completed',
      '4 collaboration.update',
    ]);
    expect(await seen(1, '--actor', 'cleo')).toEqual(['4 collaboration.update']);
    expect(await seen(2, '--task', 'T-1')).toEqual(['1 task.create', '4 collaboration.update']);
    expect(tm.run('watch', '--task', 'T-9').code).toBe(3);
    expect(tm.run('watch', '--query', 'nonsense:1').code).toBe(2);
    expect(tm.run('watch', '--since', 'soon').code).toBe(2);
    expect(tm.run('watch', '--once', '--task', '1').code).toBe(2);
  });

  test('says that another program wrote the store', async () => {
    const tm = start();
    const watch = new Watch(tm, '--json', '--since', '0');
    await watch.said(1);
    const { default: initSqlJs } = await import('sql.js');
    const sql = await initSqlJs();
    tm.say('checkpoint');
    const database = new sql.Database(readFileSync(tm.storePath));
    database.run("INSERT INTO tasks (id, title) VALUES ('deadbeef', 'Foreign')");
    writeFileSync(tm.storePath, database.export());
    database.close();
    await watch.said(2);
    expect(watch.events[1]).toMatchObject({
      action: 'store.reloaded',
      tasks: [{ id: 'deadbeef', title: 'Foreign' }],
      changes: [],
    });
    await watch.stop('SIGTERM');
  });

  test('ends when nobody reads it any more', async () => {
    const tm = start();
    const watch = new Watch(tm, '--since', '0');
    await watch.said(1);
    watch.closeOutput();
    tm.say('add', 'Two');
    expect(await watch.end).toBe(0);
  });

  test('shows a task’s text without what moves the cursor', async () => {
    const tm = start();
    tm.say('add', 'red \u001b[31m title\u0007');
    const watch = new Watch(tm, '--since', '1');
    expect((await watch.said(1))[0]).not.toMatch(/\p{Cc}/u);
    await watch.stop('SIGTERM');
  });
});

describe('tm watch --exec', () => {
  test('runs the command for each change, one after the other, with the change on its input', async () => {
    const tm = start();
    const script = join(tm.folder, 'told.sh');
    writeFileSync(
      script,
      `[ -e busy ] && echo overlap; touch busy; cat >> input; echo >> input; sleep 0.05; rm busy; echo "$TM_EVENT_SEQ|$TM_EVENT_ACTION|$TM_EVENT_ACTOR|$TM_EVENT_NAMES|$TM_EVENT_TITLE"\n`,
    );
    const watch = new Watch(tm, '--since', '1', '--exec', `sh ${script}`);
    const runs = await Promise.all(['Two', 'Three', 'Four'].map((title) => tm.start('add', title)));
    expect(runs.map((run) => run.code)).toEqual([0, 0, 0]);
    await watch.said(3);
    await watch.stop('SIGTERM');
    expect(watch.lines.map((line) => line.replace(/\|[^|]*$/, ''))).toEqual(
      [2, 3, 4].map((number) => `${number}|task.create|bob|T-${number}`),
    );
    const told = readFileSync(join(tm.folder, 'input'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    expect(told.map((line) => (JSON.parse(line) as WatchEventView).seq)).toEqual([2, 3, 4]);
  });

  test('a title is data for it, never a command', async () => {
    const tm = start();
    const evil = '$(touch evil); `touch evil` "; touch evil #';
    tm.say('add', evil);
    const watch = new Watch(tm, '--since', '1', '--exec', 'printf "%s\\n" "$TM_EVENT_TITLE"');
    expect(await watch.said(1)).toEqual([evil]);
    await watch.stop('SIGTERM');
    expect(existsSync(join(tm.folder, 'evil'))).toBe(false);
  });

  test('says what failed and goes on', async () => {
    const tm = start();
    tm.say('add', 'Two');
    const watch = new Watch(tm, '--since', '0', '--exec', '[ "$TM_EVENT_SEQ" = 2 ] && echo fine');
    expect(await watch.said(1)).toEqual(['fine']);
    expect(watch.stderr).toBe('The command failed for #1 (task.create): exit 1. Watching goes on.\n');
    expect(await watch.stop('SIGTERM')).toBe(0);
  });

  test('stops a command that is running when it is stopped itself', async () => {
    const tm = start();
    const watch = new Watch(tm, '--since', '0', '--exec', 'echo begun; exec sleep 600');
    await watch.said(1);
    expect(await watch.stop('SIGTERM')).toBe(0);
  });
});
