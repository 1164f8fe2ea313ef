/**
 * @typedef {'info' | 'warn' | 'error'} Level
 * @typedef {(level: Level, event: string, fields?: Record<string, unknown>) => void} Log
 */

/**
 * A log of one JSON object a line. Secrets never get here: requests are logged by path, without headers.
 * @param {(line: string) => void} write
 * @param {() => number} now milliseconds
 * @returns {Log}
 */
export function createLog(write, now) {
  return (level, event, fields = {}) => {
    write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`);
  };
}

/** @param {unknown} error */
export function describe(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
