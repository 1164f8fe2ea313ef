/**
 * What a suite gave.
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed at least 1 for a suite that crashed, timed out or held no test
 * @property {string} [note] why, when that is not plain from the output
 */

/**
 * A suite that says nothing of failure but is not fine counts as one failed test.
 * @param {Result} counts
 * @param {{ code?: number, timedOut?: boolean }} [end] how its process ended
 * @returns {Result}
 */
export function judge({ passed, failed, note }, { code = 0, timedOut = false } = {}) {
  if (timedOut) return { passed, failed: failed + 1, note: 'timed out' };
  if (failed > 0) return note ? { passed, failed, note } : { passed, failed };
  if (code !== 0) return { passed, failed: 1, note: note ?? `crashed with exit code ${code}` };
  if (passed === 0) return { passed, failed: 1, note: note ?? 'no tests' };
  return { passed, failed };
}
