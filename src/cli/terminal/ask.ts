import { createInterface } from 'node:readline';

let lines: AsyncIterator<string> | undefined;

/** Asks on stderr and reads a line from stdin, from a terminal or not; empty where there is no more. */
export async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  if (!lines) {
    lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  }
  const { value, done } = await lines.next();
  if (done) process.stderr.write('\n');
  return done ? '' : value;
}
