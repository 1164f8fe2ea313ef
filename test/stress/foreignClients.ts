import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { StoreError } from '../../src/core/model/errors.js';
import { Store } from '../../src/store/store.js';
import { watchStore } from '../../src/store/watch.js';
import { Violation } from './checkHistory.js';
import {
  demand,
  emptySummary,
  newStorePath,
  type Rig,
  requireIntegrity,
  type Summary,
  storeOptions,
} from './scenario.js';
import { hasSqlite, runSqlite } from './sqlite.js';

export interface ForeignOptions {
  /** `tm` processes at once. */
  readonly commands: number;
  /** Tasks that each of them adds, renames and completes. */
  readonly rounds: number;
}

/** A task as its last acknowledged writer left it. */
interface Expected {
  title: string;
  status: string;
  assignee: string | null;
}

/**
 * `sqlite3` reads and writes `tasks.db` in a loop while a window and several `tm` work on the same tasks; then one that
 * keeps the file open across our checkpoints. At the end every row that anybody was told is written is there (G8), the
 * file is whole, and the window sees what a new reader sees.
 */
export async function foreignClients(rig: Rig, { commands, rounds }: ForeignOptions): Promise<Summary> {
  const summary = emptySummary();
  if (!hasSqlite()) {
    summary.notes.push('skipped: no sqlite3 on this machine');
    return summary;
  }
  const path = newStorePath(rig);
  const plan = new Map<string, Expected>();
  const tally = { refused: 0, moved: 0 };
  await mustRunTm(rig, path, 'init');
  const window = await Store.open(storeOptions(rig, path));
  const problems: unknown[] = [];
  const stopWatching = watchStore(window, (error) => problems.push(error));
  try {
    let working = true;
    const done = Promise.all(
      Array.from({ length: commands }, (_, at) => workWithTm(rig, path, { at, rounds, plan, summary, tally })),
    ).finally(() => {
      working = false;
    });
    await Promise.all([
      done,
      writeForeign(rig, path, { plan, summary, tally, isOver: () => !working }),
      commitHere(window, { plan, summary, isOver: () => !working }),
    ]);
    summary.rounds = rounds;
    rig.say(`${commands} tm and one sqlite3: ${summary.operations} writes, ${tally.refused} refused and repeated`);
    for (let turn = 0; turn < rounds; turn += 1) await keepOpen(path, window, turn, { plan, summary, tally });
    rig.say(`kept open across a checkpoint: ${tally.moved} of ${rounds} writes refused by SQLite, the others kept`);
    window.refresh();
    requirePlan(window, plan, 'the window');
    await window.checkpoint();
    requireIntegrity(path, window);
    const reader = await Store.open(storeOptions(rig, path));
    requirePlan(reader, plan, 'a new reader');
    reader.close();
    demand(problems.length === 0, () => `the window was told of ${String(problems[0])}`);
  } finally {
    stopWatching();
    window.close();
  }
  if (tally.refused > 0) summary.notes.push(`${tally.refused} refused while the other wrote, and repeated`);
  if (tally.moved > 0)
    summary.notes.push(`${tally.moved} writes of a client that kept the file open refused by SQLite`);
  return summary;
}

interface Common {
  readonly plan: Map<string, Expected>;
  readonly summary: Summary;
}

type Tally = { refused: number; moved: number };

/** A terminal in which tasks are added, renamed and completed, each by a `tm` of its own. */
async function workWithTm(
  rig: Rig,
  path: string,
  { at, rounds, plan, summary, tally }: Common & { at: number; rounds: number; tally: Tally },
): Promise<void> {
  const tm = async (...args: string[]): Promise<string> => {
    for (;;) {
      const start = performance.now();
      const { code, stdout, stderr } = await runTm(rig, path, args);
      summary.longestWait = Math.max(summary.longestWait, performance.now() - start);
      summary.operations += 1;
      if (code === 0) return stdout.trim();
      // A transaction of another SQLite client that is under way.
      demand(/Another program is writing/.test(stderr), () => `tm ${args.join(' ')} ended with ${code}: ${stderr}`);
      tally.refused += 1;
    }
  };
  for (let round = 1; round <= rounds; round += 1) {
    const id = await tm('add', `Terminal ${at}, task ${round}`);
    const task: Expected = { title: `Terminal ${at}, task ${round}`, status: 'pending', assignee: null };
    plan.set(id, task);
    await tm('update', id, '--title', `Renamed ${at}, ${round}`);
    task.title = `Renamed ${at}, ${round}`;
    await tm('complete', id);
    task.status = 'completed';
  }
}

/** What a script does: rows added, and columns changed in rows that others added. */
async function writeForeign(
  rig: Rig,
  path: string,
  { plan, summary, tally, isOver }: Common & { tally: Tally; isOver: () => boolean },
): Promise<void> {
  for (let round = 1; !isOver(); round += 1) {
    const id = `f${round.toString(16).padStart(7, '0')}`;
    const task: Expected = { title: `Script ${round}`, status: 'pending', assignee: null };
    if (await isDone(path, `INSERT INTO tasks (id, title) VALUES ('${id}', '${task.title}')`, tally))
      plan.set(id, task);
    summary.operations += 1;
    const [other, expected] = rig.random.pick([...plan]) ?? [];
    if (other === undefined || !expected) continue;
    const name = `script ${round}`;
    const changed = await isDone(
      path,
      `UPDATE tasks SET assignee = '${name}' WHERE id = '${other}'; SELECT changes()`,
      tally,
    );
    // A row that is only in the journal yet is not in the file that the script sees.
    if (changed === '1') expected.assignee = name;
    summary.operations += 1;
    demand(/^\d+$/.test(await runSqlite(path, 'SELECT count(*) FROM tasks')), () => 'sqlite3 cannot count the tasks');
  }
}

/** What SQLite printed, or undefined where it refused: then nothing was written. */
async function isDone(path: string, sql: string, tally: Tally): Promise<string | undefined> {
  try {
    return (await runSqlite(path, sql)) || 'done';
  } catch (error) {
    // Busy, or the file was renamed over between its opening and its writing.
    if (!/locked|readonly|unable to open/.test(String(error))) throw error;
    tally.refused += 1;
    return undefined;
  }
}

/** Commits of the window itself. */
async function commitHere(window: Store, { plan, summary, isOver }: Common & { isOver: () => boolean }): Promise<void> {
  for (let round = 1; !isOver(); round += 1) {
    const id = `e${round.toString(16).padStart(7, '0')}`;
    const title = `Window ${round}`;
    await window.commit('window', 'task.create', (transaction) => {
      const { at, actor } = transaction;
      const number = transaction.get<{ n: number }>(
        'SELECT 1 + max((SELECT max(number) FROM tasks), (SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE key = ?)) AS n',
        ['last_number'],
      )?.n;
      const row = {
        id,
        number: number ?? 1,
        title,
        status: 'pending',
        created_by: actor,
        created_at: at,
        updated_at: at,
      };
      transaction.insert('tasks', row);
    });
    plan.set(id, { title, status: 'pending', assignee: null });
    summary.operations += 1;
    if (round % 5 === 0) await window.checkpoint().catch(() => undefined);
    await new Promise((done) => setTimeout(done, 15));
  }
}

/**
 * A `sqlite3` that has read the file when a checkpoint puts a new one in its place, and writes then: SQLite either
 * refuses, because it notices that the file was moved, or the row is there.
 */
async function keepOpen(
  path: string,
  window: Store,
  turn: number,
  { plan, summary, tally }: Common & { tally: Tally },
): Promise<void> {
  const client = spawn('sqlite3', ['-cmd', '.timeout 5000', path], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [client.stdout, client.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  const said = async (pattern: RegExp) => {
    while (!pattern.test(output) && client.exitCode === null)
      await Promise.race([once(client.stdout, 'data'), once(client.stderr, 'data'), once(client, 'close')]);
  };
  // Sometimes with a transaction begun, sometimes with a statement that was only read.
  client.stdin.write(turn % 2 === 0 ? "SELECT 'ready' FROM tasks LIMIT 1;\n" : "BEGIN IMMEDIATE; SELECT 'ready';\n");
  await said(/ready/);
  const title = `Beside the kept one ${turn}`;
  const id = `d${turn.toString(16).padStart(7, '0')}`;
  await window.commit('window', 'task.create', (transaction) => {
    const { at, actor } = transaction;
    transaction.insert('tasks', { id, title, status: 'pending', created_by: actor, created_at: at, updated_at: at });
  });
  plan.set(id, { title, status: 'pending', assignee: null });
  await window.checkpoint().catch((error: unknown) => {
    if (!(error instanceof StoreError) || error.code !== 'STORE_LOCKED') throw error;
  });
  const late = `c${turn.toString(16).padStart(7, '0')}`;
  const sql = `INSERT INTO tasks (id, title) VALUES ('${late}', 'Late ${turn}')`;
  client.stdin.end(`${sql};\n${turn % 2 === 0 ? '' : 'COMMIT;\n'}SELECT 'over';\n`);
  await onceClosed(client);
  summary.operations += 2;
  if (/readonly|unable to open/.test(output)) tally.moved += 1;
  else if (/rror/.test(output)) throw new Violation(`sqlite3 says ${output}`);
  else plan.set(late, { title: `Late ${turn}`, status: 'pending', assignee: null });
}

async function onceClosed(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) await once(child, 'close');
}

function requirePlan(store: Store, plan: ReadonlyMap<string, Expected>, who: string): void {
  const rows = store.all<{ id: string; number: number; title: string; status: string; assignee: string | null }>(
    'SELECT id, number, title, status, assignee FROM tasks',
  );
  const there = new Map(rows.map((row) => [row.id, row]));
  for (const [id, { title, status, assignee }] of plan) {
    const row = there.get(id);
    demand(row !== undefined, () => `${who}: “${title}” (${id}) is lost`);
    demand(
      row.title === title && row.status === status && row.assignee === assignee,
      () => `${who}: ${id} is ${JSON.stringify(row)} instead of ${JSON.stringify({ title, status, assignee })}`,
    );
  }
  demand(rows.length === plan.size, () => `${who}: ${rows.length} tasks, ${plan.size} were written`);
  demand(new Set(rows.map((row) => row.number)).size === rows.length, () => `${who}: two tasks have one number`);
}

async function mustRunTm(rig: Rig, path: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await runTm(rig, path, args);
  demand(code === 0, () => `tm ${args.join(' ')} ended with ${code}: ${stderr}`);
}

function runTm(
  rig: Rig,
  path: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, TM_AGENT_ID: 'terminal', TM_DB_PATH: path };
  return new Promise((done) => {
    execFile(process.execPath, [rig.tm, ...args], { cwd: dirname(path), env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });
}
