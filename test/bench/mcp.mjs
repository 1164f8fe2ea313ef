import { join } from 'node:path';
import { build } from 'esbuild';
import { slimMcp } from '../../scripts/slimMcp.mjs';
import { root } from './build.mjs';
import { openClient } from './mcpClient.mjs';
import { measurePeers } from './mcpPeers.mjs';
import { inTurns, spread } from './measure.mjs';

const SERVER = join(root, 'dist/mcp.js');
const READS = 200;

/**
 * The MCP server as a client sees it, on standard input and output: from its start to its first answers, warm reads, and
 * the sizes of what it sends; against an empty server of the same library.
 * @param {{ folder: string, scratch: string, size: number, runs: number, say: (text: string) => void }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureMcp({ folder, scratch, size, runs, say }) {
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
  const peers = await measurePeers({ scratch, runs, floor, say });
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
    ...peers,
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
 * @param {string} program
 * @param {string} folder
 * @param {string[]} args
 */
function open(program, folder, ...args) {
  return openClient([process.execPath, program, ...args], folder);
}
