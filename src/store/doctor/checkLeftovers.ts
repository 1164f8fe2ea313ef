import { lstatSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { counted } from '../../core/model/counted.js';
import { isRunning } from '../lock.js';
import type { Finding } from './finding.js';
import type { Survey } from './survey.js';

/** No write takes so long, ms. */
const UNFINISHED_AGE = 60_000;

/** The lock, and what writers that died left behind. */
export function checkLeftovers(survey: Survey, now: number): Finding[] {
  const left = orphans(survey, now).map(
    ({ name, size }): Finding => ({
      code: 'TEMPORARY_LEFT',
      severity: 'warning',
      what: `${name} (${counted(size, 'byte')}) was left behind by a process that died before its work counted.`,
      fix: 'Remove it.',
    }),
  );
  return [...checkLock(survey), ...left];
}

function checkLock({ lock, lockPath }: Survey): Finding[] {
  if (!lock) return [];
  const name = basename(lockPath);
  if (lock.state === 'left') {
    return [
      {
        code: 'LOCK_LEFT',
        severity: 'warning',
        what: `${name} is of ${lock.holder}, which took it at ${lock.since} and is gone.`,
        fix: 'Remove it, as the next change does too.',
      },
    ];
  }
  return [
    {
      code: 'LOCK_HELD',
      severity: 'note',
      what: `${name} is held by ${lock.holder}, since ${lock.since}.`,
      advice:
        'It is there for the length of a change. If it stays, look what that process does, and end it if it hangs.',
    },
  ];
}

/** Temporary files whose process is dead, or that are too old to be in use. */
export function orphans(
  { folder, names, image, journal, lock, lockPath }: Survey,
  now: number,
): { name: string; size: number }[] {
  const links = [`${image.name}-journal`, `${image.name}-wal`];
  const patterns = [
    ...[image.name, journal.name].map((name) => new RegExp(`^${literally(name)}\\.([0-9a-z]+)(-[0-9a-z]+)?\\.tmp$`)),
    new RegExp(`^${literally(basename(lockPath))}\\.([0-9a-z]+)(-[0-9a-z]+)?$`),
  ];
  return names.flatMap((name) => {
    // A checkpoint's, which is over before the lock is given back; see otherClients.ts.
    if (links.includes(name)) {
      const link = lstatSync(join(folder, name), { throwIfNoEntry: false });
      return link?.isSymbolicLink() && !lock ? [{ name, size: link.size }] : [];
    }
    const match = patterns.map((pattern) => pattern.exec(name)).find((found) => found);
    const stat = match && statSync(join(folder, name), { throwIfNoEntry: false });
    if (!stat?.isFile()) return [];
    const isDead = match?.[2] !== undefined && !isRunning(Number.parseInt(match[1] as string, 36));
    return isDead || now - stat.mtimeMs > UNFINISHED_AGE ? [{ name, size: stat.size }] : [];
  });
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
