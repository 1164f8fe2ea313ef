import { spawn } from 'node:child_process';
import type { Output } from './output.js';

/**
 * Shows text through `PAGER` (`less` by itself) if it is longer than the screen. False where it fits, where the pager
 * is switched off (`PAGER=cat`, `PAGER=`, `TERM=dumb`) or cannot be started: then it is still to be written.
 */
export async function page(text: string, { height }: Output): Promise<boolean> {
  const { PAGER: pager = 'less', TERM: term } = process.env;
  if (text.split('\n').length < height || pager === '' || pager === 'cat' || term === 'dumb') return false;
  const env = { LESS: 'FRX', ...process.env };
  const child = spawn(pager, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env });
  // Whoever leaves the pager before the end closes the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${text}\n`);
  return new Promise((done) => {
    child.on('error', () => done(false));
    child.on('close', (code) => done(code !== 126 && code !== 127));
  });
}
