/** Two public task servers, measured beside ours in the same run. They are installed into a folder of their own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from '../../scripts/lib/npm.mjs';
import { root } from './build.mjs';
import { openClient } from './mcpClient.mjs';
import { inTurns, spread } from './measure.mjs';

/** Git-ignored, and used again when it is there. */
const FOLDER = join(root, '.bench');
const VERSIONS = { 'backlog.md': '1.52.0', 'mcp-shrimp-task-manager': '1.0.21' };

/**
 * From the start to the first answer, and what the tools take for a model to read. No lines, and a word on standard error,
 * where they cannot be installed.
 * @param {{ scratch: string, runs: number, floor: NonNullable<import('./measure.mjs').Line['floor']>, say: (text: string) => void }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measurePeers({ scratch, runs, floor, say }) {
  const project = join(scratch, 'peers');
  const packages = join(FOLDER, 'node_modules');
  try {
    await install();
    mkdirSync(project, { recursive: true });
    execFileSync('git', ['init', '-q', project]);
    execFileSync(join(packages, '.bin/backlog'), ['init', 'bench', '--defaults'], { cwd: project, stdio: 'ignore' });
  } catch (error) {
    say(`Without the other task servers: ${error instanceof Error ? error.message : error}`);
    return [];
  }
  /** @type {Record<string, () => ReturnType<typeof openClient>>} */
  const peers = {
    'Backlog.md': () => openClient([join(packages, '.bin/backlog'), 'mcp', 'start'], project),
    'Shrimp Task Manager': () =>
      openClient([process.execPath, join(packages, 'mcp-shrimp-task-manager/dist/index.js')], project, {
        DATA_DIR: join(project, 'shrimp'),
        ENABLE_GUI: 'false',
      }),
  };
  /** @type {(() => unknown)[]} */
  const running = [];
  const works = Object.fromEntries(
    Object.entries(peers).map(([name, open]) => [name, async () => running.push((await open()).close)]),
  );
  const times = await inTurns(Math.min(runs, 5), works, () => running.pop()?.());
  const lines = [];
  for (const [name, open] of Object.entries(peers)) {
    const client = await open();
    const { tools } = (await client.request('tools/list', {})).result;
    await client.close();
    const version = VERSIONS[name === 'Backlog.md' ? 'backlog.md' : 'mcp-shrimp-task-manager'];
    const what = `MCP: ${name} ${version}`;
    lines.push(
      { what: `${what}: from the start to the first answer`, ...spread(times[name] ?? []), floor },
      { what: `${what}: what its ${tools.length} tools take`, p50: JSON.stringify(tools).length / 4, unit: 'tokens' },
    );
  }
  return lines;
}

async function install() {
  const wanted = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  if (existsSync(join(FOLDER, 'node_modules/.bin/backlog'))) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify({ private: true }));
  await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted], FOLDER);
}
