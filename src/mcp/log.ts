import { plainLines } from '../core/model/plainText.js';

/** Says something to whoever started the server. Its standard output belongs to the protocol. */
export function log(message: string): void {
  process.stderr.write(`tm mcp: ${plainLines(message)}\n`);
}
