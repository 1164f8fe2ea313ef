import { DEFAULT_THRESHOLDS, type Thresholds } from '../../core/hooks/hook.js';
import { InvalidInputError } from '../../core/model/errors.js';
import type { StoreFolder } from '../ports.js';

const FILE = 'config/hooks.json';
/** Nobody waits longer for a hook than an hour (ms). */
const LONGEST = 3_600_000;

/** What the project set, else the defaults: also where the file is not what it should be. */
export function readThresholds(folder: StoreFolder): Thresholds {
  try {
    return checkThresholds({ ...DEFAULT_THRESHOLDS, ...JSON.parse(folder.read(FILE) ?? '{}').thresholds });
  } catch {
    return DEFAULT_THRESHOLDS;
  }
}

/** Throws INVALID_INPUT where they are not positive and rising. */
export function writeThresholds(folder: StoreFolder, thresholds: Thresholds): void {
  folder.write(FILE, `${JSON.stringify({ thresholds: checkThresholds(thresholds) }, null, 2)}\n`);
}

function checkThresholds(thresholds: Thresholds): Thresholds {
  const { warning, critical, timeout } = thresholds;
  const fits = [warning, critical, timeout].every((one) => Number.isInteger(one) && one > 0 && one <= LONGEST);
  if (!fits || warning > critical || critical > timeout)
    throw new InvalidInputError(
      'thresholds',
      `${warning} ${critical} ${timeout}: give three whole numbers of milliseconds from 1 to ${LONGEST}, each no smaller than the one before: warning, critical, time limit.`,
    );
  return { warning, critical, timeout };
}
