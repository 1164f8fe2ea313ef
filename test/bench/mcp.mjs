import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { slimMcp } from '../../scripts/slimMcp.mjs';
import { root } from './build.mjs';
import { inTurns, spread } from './measure.mjs';

const SERVER = join(root, 'dist/mcp.js');
const READS = 200;

/**
 * The MCP server as a client sees it, on standard input and output: from its start to its first answers, warm reads, and
 * the sizes of what it sends; against an empty server of the same library.
 * @param {{ folder: string, scratch: string, size: number, runs: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureMcp({ folder, scratch, size, runs }) {
  const empty = join(scratch, 'emptyMcpServer.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'emptyMcpServer.ts')],
    outfile: empty,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    logLevel: 'warning',
    plugins: [slimMcp()],
  });
  /** @type {(() => unknown)[]} */
  const running = [];
  const starting = async (/** @type {string} */ program) => {
    const client = await open(program, folder);
    running.push(client.close);
    return client;
  };
  const starts = await inTurns(
    runs,
    {
      floor: () => starting(empty),
      start: () => starting(SERVER),
      firstList: async () => (await starting(SERVER)).call('list_tasks', {}),
    },
    // How long it takes to end is no part of it, and must not fall on the next one.
    () => running.pop()?.(),
  );
  const floor = { what: 'an empty server of the same library', ...spread(starts.floor) };
  const [client, bare] = [await open(SERVER, folder), await open(empty, folder)];
  const { task } = JSON.parse((await client.call('create_task', { title: 'Read by the benchmark' })).text);
  const reads = await inTurns(READS, {
    floor: () => bare.call('get_task', {}),
    get: () => client.call('get_task', { task_id: task.id }),
    list: () => client.call('list_tasks', {}),
    search: () => client.call('search_tasks', { query: 'status:ready sort:-priority' }),
    since: () => client.call('changed_since', {}),
  });
  const readFloor = { what: 'a call of an empty server', ...spread(reads.floor) };
  const sizes = [
    ...(await Promise.all(
      [
        ['list_tasks', {}],
        ['get_task_graph', {}],
        ['next_work', {}],
      ].map(async ([name, given]) => (await client.call(String(name), /** @type {object} */ (given))).bytes),
    )),
  ];
  const core = await begin(folder, (one) => one.request('tools/list', {}), '--tools', 'core');
  await Promise.all([client.close(), bare.close()]);
  const library = 'Node, and loading and setting up the library';
  const line = (/** @type {string} */ what, /** @type {readonly number[]} */ times) => ({
    what: `MCP: ${what}`,
    size,
    ...spread(times),
    floor: readFloor,
  });
  return [
    {
      what: 'MCP: from the start to the first answer',
      size,
      ...spread(starts.start),
      floor,
      budget: '≤ 300 ms',
      limit: library,
    },
    {
      what: 'MCP: from the start to a first list of tasks',
      size,
      ...spread(starts.firstList),
      floor,
      limit: `${library}; then opening the store and building the graph`,
    },
    { ...line('get_task, warm', reads.get), budget: '≤ 5 ms' },
    { ...line('changed_since, warm', reads.since), budget: '≤ 5 ms' },
    { ...line('list_tasks, warm', reads.list), limit: 'every task is looked at and sorted by priority' },
    { ...line('search_tasks, warm', reads.search), limit: 'every task is looked at and sorted by priority' },
    {
      what: 'MCP: the largest of the default replies',
      size,
      p50: Math.max(...sizes) / 1024,
      unit: 'KB',
      budget: '≤ 8 KB',
    },
    {
      what: 'MCP: what the core tools take, at 4 characters a token',
      p50: JSON.stringify(core.result.tools).length / 4,
      unit: 'tokens',
      budget: '≤ 3,000',
    },
  ];
}

/**
 * Runs one piece of work on a server of its own.
 * @template T
 * @param {string} folder
 * @param {(client: Awaited<ReturnType<typeof open>>) => Promise<T>} work
 * @param {string[]} args
 */
async function begin(folder, work, ...args) {
  const client = await open(SERVER, folder, ...args);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/**
 * Starts a server and waits for its answer to `initialize`.
 * @param {string} program
 * @param {string} folder
 * @param {string[]} args
 */
async function open(program, folder, ...args) {
  const env = { PATH: process.env.PATH, HOME: folder, LOGNAME: 'bench', GIT_CONFIG_NOSYSTEM: '1' };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
  /** @type {Map<number, (line: string) => void>} */
  const waiting = new Map();
  let rest = '';
  let last = 0;
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ data) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) waiting.get(JSON.parse(line).id)?.(line);
  });
  const send = (/** @type {object} */ message) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = async (/** @type {string} */ method, /** @type {object} */ params) => {
    last += 1;
    const id = last;
    /** @type {Promise<string>} */
    const answer = new Promise((done) => waiting.set(id, done));
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
      }),
  };
}
