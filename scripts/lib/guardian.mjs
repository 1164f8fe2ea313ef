/**
 * Runs a program for as long as its own standard input stays open: `node guardian.mjs COMMAND ARGS…`.
 * When the process that started it ends, even by SIGKILL, the pipe closes and the whole process group ends.
 */
import { spawn } from 'node:child_process';

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

/** @param {NodeJS.Signals} signal */
function signalGroup(signal) {
  if (process.platform === 'win32') child.kill(signal);
  else process.kill(-process.pid, signal);
}

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), 2000);
}

process.on('SIGTERM', end);
process.on('SIGINT', end);
process.on('SIGHUP', end);
process.stdin.on('end', end).on('error', end).resume();
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
  end();
});
