import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import initSqlJs from 'sql.js';
import { expect, inject } from 'vitest';
import type { TaskListView, TaskView } from '../../src/app/tasks/taskView.js';
import { temporaryFolder } from '../support/stores.js';
import type {} from './setup.js';

const sql = await initSqlJs();

/** What a run of `tm` left. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellOptions {
  /** Absent: {@link nodeOfTest}. */
  readonly node?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The working folder; absent: a new temporary one. */
  readonly folder?: string;
}

/**
 * The Node that `tm` runs on in the test at hand. Tests take turns by their names, so that each part of `tm` is seen on
 * both. The machine's own, which may be the slower one by half, has one in three; `commands.test.ts` runs on both throughout.
 */
export function nodeOfTest(): string {
  const [own = process.execPath, toolchain = own] = inject('nodes');
  const hash = createHash('sha256')
    .update(expect.getState().currentTestName ?? '')
    .digest();
  return hash.readUInt32BE() % 3 === 0 ? own : toolchain;
}

/** A terminal in a folder, with nothing of this machine's own settings. */
export class Shell {
  readonly folder: string;
  readonly #node: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor({ node = nodeOfTest(), env = {}, folder = temporaryFolder() }: ShellOptions = {}) {
    this.folder = folder;
    this.#node = node;
    this.#env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LOGNAME: 'tester', ...env };
  }

  /** The same, elsewhere or with other settings. */
  with(options: ShellOptions): Shell {
    return new Shell({ node: this.#node, folder: this.folder, ...options, env: { ...this.#env, ...options.env } });
  }

  /** Runs `tm` whatever comes of it. */
  run(...args: string[]): Run {
    return this.pipe('', ...args);
  }

  /** The same with a text on standard input. */
  pipe(input: string, ...args: string[]): Run {
    const { status, stdout, stderr } = spawnSync(this.#node, [inject('tm'), ...args], {
      input,
      cwd: this.folder,
      env: this.#env,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: status, stdout, stderr };
  }

  /** Runs `tm` beside others. */
  start(...args: string[]): Promise<Run> {
    const child = spawn(this.#node, [inject('tm'), ...args], { cwd: this.folder, env: this.#env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
  }

  /** What a run that has to succeed says on stdout, without the last line feed. */
  say(...args: string[]): string {
    const { code, stdout, stderr } = this.run(...args);
    expect(`${code} ${stderr}`, `${this.#node} tm ${args.join(' ')}`).toMatch(/^0 /);
    return stdout.replace(/\n$/, '');
  }

  json<T = { task: TaskView }>(...args: string[]): T {
    return JSON.parse(this.say(...args, '--json')) as T;
  }

  list(...args: string[]): TaskListView {
    return this.json<TaskListView>('list', ...args);
  }

  task(name: string): TaskView {
    return this.json('show', name).task;
  }

  /** Writes a file of so many lines into the folder. */
  file(path: string, lines: number): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), Array.from({ length: lines }, (_, at) => `line ${at + 1}`).join('\n'));
  }

  get storePath(): string {
    return join(this.folder, '.task-orchestrator', 'tasks.db');
  }

  /** Everything on disk: every row of every table, and the journal as it is. */
  disk(): unknown {
    if (!existsSync(this.storePath)) return undefined;
    const database = new sql.Database(readFileSync(this.storePath));
    const names = database.exec("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")[0]?.values ?? [];
    const tables = names.map(([name]) => [name, database.exec(`SELECT * FROM ${name}`)]);
    database.close();
    return { tables, journal: readFileSync(this.storePath.replace(/db$/, 'journal'), 'utf8') };
  }
}

/** A terminal of ann's, in a folder with an empty store. */
export function start(env: NodeJS.ProcessEnv = {}): Shell {
  const tm = new Shell({ env: { TM_AGENT_ID: 'ann', ...env } });
  const test = expect.getState().currentTestName;
  // Whoever acts, and in which request, stands in the store; and two copies in one test would be one store to `tm`.
  if (test === lastStarted || Object.keys(env).some((name) => /^TM_(AGENT|REQUEST)/.test(name))) tm.say('init');
  else cpSync(emptyStore(), tm.folder, { recursive: true, preserveTimestamps: true });
  lastStarted = test;
  return tm;
}

let lastStarted: string | undefined;
let empty: string | undefined;

/** A folder in which `tm init` ran as ann, once for the tests of a file. */
function emptyStore(): string {
  if (empty === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'task-orchestrator-empty-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    new Shell({ folder, env: { TM_AGENT_ID: 'ann' } }).say('init');
    empty = folder;
  }
  return empty;
}

/** A refusal: its code, nothing on stdout, no traceback, and these words on stderr. */
export function expectRefused(run: Run, code: number, ...words: string[]): void {
  expect(`${run.code}: ${run.stderr}`).toMatch(new RegExp(`^${code}: `));
  expect(run.stdout).toBe('');
  expect(run.stderr).not.toContain('    at ');
  for (const word of words) expect(run.stderr).toContain(word);
}
