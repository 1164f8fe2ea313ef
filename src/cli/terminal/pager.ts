import { spawn } from 'node:child_process';
import type { Output } from './output.js';

/** What shells answer for a program that is not there or cannot be run. */
const NOT_RUN = [126, 127];

/**
 * Shows text through `PAGER` (`less` by itself) if it is longer than the screen. False where it fits, where the pager
 * is switched off (`PAGER=cat`, `PAGER=`, `TERM=dumb`) or cannot be started: then it is still to be written.
 */
export async function page(text: string, { height, width }: Output): Promise<boolean> {
  const { PAGER: pager = 'less', TERM: term } = process.env;
  if (pager.trim() === '' || pager === 'cat' || term === 'dumb' || !(await isLonger(text, height, width))) return false;
  const env = { LESS: 'FRX', LV: '-c', ...process.env };
  const child = spawn(pager, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env });
  // Ctrl+C is the pager's, which may mean by it the end of a search.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  // Whoever leaves the pager before the end closes the pipe.
  child.stdin.on('error', ignore);
  child.stdin.end(`${text}\n`);
  try {
    return await new Promise((done) => {
      child.on('error', () => done(false));
      child.on('close', (code) => done(!NOT_RUN.includes(code ?? 0)));
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}

/** True where the text needs more lines of the screen than it has, one being the prompt's. */
async function isLonger(text: string, height: number, width: number): Promise<boolean> {
  const lines = text.split('\n');
  if (lines.length >= height) return true;
  const { default: stringWidth } = await import('string-width');
  const used = lines.reduce((total, line) => total + Math.max(1, Math.ceil(stringWidth(line) / width)), 0);
  return used >= height;
}
