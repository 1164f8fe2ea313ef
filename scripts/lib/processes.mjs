/** Child processes that never outlive this one: each is a process group, ended on return, on failure and on a signal. */
import { spawn, spawnSync } from 'node:child_process';
import { PlainError } from './say.mjs';

const windows = process.platform === 'win32';

/** Process groups that still run, by the process id of their leader. @type {Set<number>} */
const groups = new Set();

/** @type {Record<string, number>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

let ending = false;
let watching = false;

/** Whether a signal asked this process to end. */
export function isEnding() {
  return ending;
}

/** Ends every group when this process ends, however it does. */
function watchEnd() {
  if (watching) return;
  watching = true;
  const end = async (/** @type {number} */ code) => {
    if (ending) return;
    ending = true;
    await Promise.all([...groups].map(endGroup));
    process.exit(code);
  };
  for (const [signal, number] of Object.entries(signalNumbers)) process.on(signal, () => end(128 + number));
  // npm passes SIGTERM on to its shell only, which dies of it and leaves this process to another parent.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(128 + 15), 500).unref();
  process.on('exit', () => {
    for (const pid of groups) signalGroup(pid, 'SIGKILL');
  });
}

/**
 * Starts a child in a process group of its own.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function spawnGroup(command, args, options) {
  watchEnd();
  const child = spawn(command, args, { ...options, detached: !windows });
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    child.once('exit', () => {
      if (groupMembers(pid).length === 0) groups.delete(pid);
    });
  }
  return child;
}

/**
 * Ends a process group: politely, then after 3 s by force. Resolves when no process of it is left.
 * @param {number} pid the group's leader
 */
export async function endGroup(pid) {
  const deadline = Date.now() + 3000;
  signalGroup(pid, 'SIGTERM');
  while (groupMembers(pid).length > 0) {
    if (Date.now() > deadline) signalGroup(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  groups.delete(pid);
}

/**
 * The living processes of a group, zombies apart.
 * @param {number} pid the group's leader
 * @returns {number[]}
 */
export function groupMembers(pid) {
  if (windows) return isAlive(pid) ? [pid] : [];
  if (!isAlive(-pid)) return [];
  const table = spawnSync('ps', ['-A', '-o', 'pid=,pgid=,stat='], { encoding: 'utf8' });
  if (table.status !== 0) return [pid];
  return table.stdout
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, group, state]) => Number(group) === pid && !state?.startsWith('Z'))
    .map(([member]) => Number(member));
}

/** @param {number} pid a process, or a group when negative */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** @param {number} pid the group's leader @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  try {
    if (windows) spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    else process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.show] pass its output on to the terminal as well
 * @param {number} [options.timeout] milliseconds after which it is ended
 * @returns {Promise<{ code: number, output: string, stdout: string, timedOut: boolean }>} `output` is stdout and stderr as they came
 */
export async function run(command, args, { cwd, env, show = false, timeout } = {}) {
  const child = spawnGroup(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let stdout = '';
  let timedOut = false;
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
      if (show) process.stdout.write(text);
    });
  }
  const timer = setTimeout(
    () => {
      timedOut = true;
      if (child.pid !== undefined) endGroup(child.pid);
    },
    timeout ?? 2 ** 31 - 1,
  );
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 1));
    });
    return { code, output, stdout, timedOut };
  } finally {
    clearTimeout(timer);
    if (child.pid !== undefined) await endGroup(child.pid);
  }
}

/**
 * Runs a program that has to succeed; its output is shown only when it fails.
 * @param {string} what the step, for the message: "npm ci"
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export async function mustRun(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new PlainError(`${output}\n${what} failed (exit code ${code}); its output is above.`);
  return output;
}
