import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './stores.js';

/**
 * A folder on a disk of its own of so many kilobytes, gone after the test; undefined where this machine does not let
 * us mount one.
 */
export function smallDisk(kilobytes: number): string | undefined {
  const folder = temporaryFolder();
  if (!mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', folder)) return undefined;
  onTestFinished(() => {
    execFileSync('umount', [folder]);
  });
  return folder;
}

/** Makes such a disk read-only. */
export function makeReadOnly(disk: string): void {
  if (!mount('-o', 'remount,ro', disk)) throw new Error('the disk cannot be made read-only');
}

function mount(...args: string[]): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
