import { spawn } from 'node:child_process';

/** How long a server may take to answer, ms. */
const PATIENCE = 60_000;

/**
 * Starts an MCP server and waits for its answer to `initialize`.
 * @param {string[]} command the program and its arguments
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} [more] variables of its environment
 */
export async function openClient([program = '', ...args], folder, more = {}) {
  const env = { PATH: process.env.PATH, HOME: folder, LOGNAME: 'bench', GIT_CONFIG_NOSYSTEM: '1', ...more };
  const child = spawn(program, args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'ignore'] });
  /** @type {Map<number, (line: string) => void>} */
  const waiting = new Map();
  let rest = '';
  let last = 0;
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ data) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { id, method } = JSON.parse(line);
      // There are servers that ask for the client's folders: it names none.
      if (method !== undefined && id !== undefined) send({ id, result: { roots: [] } });
      else waiting.get(id)?.(line);
    }
  });
  const send = (/** @type {object} */ message) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = async (/** @type {string} */ method, /** @type {object} */ params) => {
    last += 1;
    const id = last;
    /** @type {Promise<string>} */
    const answer = new Promise((done, fail) => {
      waiting.set(id, done);
      setTimeout(() => fail(new Error(`${program} does not answer ${method}`)), PATIENCE).unref();
    });
    send({ id, method, params });
    const line = await answer;
    waiting.delete(id);
    const message = JSON.parse(line);
    if (message.error || message.result.isError) throw new Error(`${method}: ${line}`);
    return { line, message };
  };
  const clientInfo = { name: 'bench', version: '1.0.0' };
  await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  send({ method: 'notifications/initialized' });
  return {
    request: async (/** @type {string} */ method, /** @type {object} */ params) => (await ask(method, params)).message,
    call: async (/** @type {string} */ name, /** @type {object} */ given) => {
      const { line, message } = await ask('tools/call', { name, arguments: given });
      return { text: message.result.content[0].text, bytes: Buffer.byteLength(JSON.stringify(message.result)), line };
    },
    close: () =>
      new Promise((done) => {
        child.once('close', done);
        child.stdin.end();
        // There are servers that go on without anybody to serve.
        setTimeout(() => child.kill('SIGKILL'), 2_000).unref();
      }),
  };
}
