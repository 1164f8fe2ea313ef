/**
 * `npm run stress [-- --seed N] [--minutes M] [--scale X] [--kills N] [--processes N] [--only kills,claims]
 * [--write]`: the long
 * run of what the store guarantees, with real processes. A whole run, or `--write`, renews the table in docs/RELIABILITY.md.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildStress } from '../test/stress/build.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root, tmProgram } from './lib/paths.mjs';
import { PlainError, runMain, say } from './lib/say.mjs';

/**
 * What a scenario did (`test/stress/scenario.ts`).
 * @typedef {{ rounds: number, operations: number, kills: number, longestWait: number, notes: readonly string[] }} Summary
 */
/** @typedef {Summary & { name: string, guarantees: string, seconds: number, violation?: string }} Line */
/** @typedef {{ name: string, guarantees: string, run: (rig: object, size: object) => Promise<Summary> }} Scenario */

const page = join(root, 'docs/RELIABILITY.md');
/** @type {Summary} */
const nothing = { rounds: 0, operations: 0, kills: 0, longestWait: 0, notes: [] };
const [begin, end] = ['<!-- last long run -->', '<!-- end of the last long run -->'];

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      minutes: { type: 'string' },
      scale: { type: 'string' },
      kills: { type: 'string' },
      processes: { type: 'string' },
      only: { type: 'string' },
      write: { type: 'boolean' },
    },
  });
  await ensureInstalled();
  await ensureBuilt();
  const built = await buildStress(['scenarios']);
  try {
    const library = await import(pathToFileURL(join(built.folder, 'scenarios.mjs')).href);
    /** @type {readonly Scenario[]} */
    const SCENARIOS = library.SCENARIOS;
    const { LONG, SeededRandom } = library;
    const names = values.only?.split(',') ?? SCENARIOS.map(({ name }) => name);
    const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
    if (unknown.length > 0)
      throw new PlainError(
        `There is no scenario ${unknown.join(', ')}: use ${SCENARIOS.map(({ name }) => name).join(', ')}.`,
      );
    const scale = number(values.scale, LONG.scale);
    const size = {
      scale,
      processes: number(values.processes, LONG.processes),
      kills: number(values.kills, Math.ceil(LONG.kills * scale)),
    };
    const until = values.minutes === undefined ? 0 : Date.now() + number(values.minutes, 0) * 60_000;
    const wasmPath = join(root, 'node_modules/sql.js/dist/sql-wasm.wasm');
    const seed = number(values.seed, 0);
    say(`seed ${seed}`);
    /** @type {Line[]} */
    const lines = [];
    // With --minutes, again and again with other choices until the time is up.
    for (let turn = 0; turn === 0 || Date.now() < until; turn += 1) {
      for (const { name, guarantees, run } of SCENARIOS.filter((scenario) => names.includes(scenario.name))) {
        const folder = join(built.folder, `${name}-${turn}`);
        await mkdir(folder);
        const random = new SeededRandom(seed + turn);
        const progress = (/** @type {string} */ text) => say(`${name}: ${text}`);
        const fixtures = join(root, 'test/fixtures/stores');
        const worker = join(built.folder, 'worker.mjs');
        const start = Date.now();
        /** @type {Summary & { violation?: string }} */
        const summary = await run(
          { folder, worker, tm: tmProgram, wasmPath, fixtures, random, say: progress },
          size,
        ).catch((error) => ({
          ...nothing,
          violation: `${error.stack}\nRepeat it with --only ${name} --seed ${seed + turn}.`,
        }));
        const seconds = (Date.now() - start) / 1000;
        add(lines, { name, guarantees, ...summary, seconds });
        if (summary.violation) say(`${name}: ${summary.violation}`);
      }
      if (lines.some(({ violation }) => violation)) break;
    }
    const table = toTable(lines);
    say(`\n${table}`);
    const violated = lines.some(({ violation }) => violation);
    const whole = values.only === undefined && scale >= 1;
    if ((whole || values.write) && !violated) await renewPage(table, commandOf(seed));
    return violated ? 1 : 0;
  } finally {
    await built.remove();
  }
});

/** @param {string | undefined} text @param {number} otherwise */
function number(text, otherwise) {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new PlainError(`${text} is not a number.`);
}

/** Adds a scenario's figures to those of earlier turns. @param {Line[]} lines @param {Line} line */
function add(lines, line) {
  const there = lines.find(({ name }) => name === line.name);
  if (!there) {
    lines.push(line);
    return;
  }
  for (const key of /** @type {const} */ (['rounds', 'operations', 'kills', 'seconds'])) there[key] += line[key];
  there.longestWait = Math.max(there.longestWait, line.longestWait);
  if (line.violation) there.violation = line.violation;
}

/** @param {Line[]} lines */
function toTable(lines) {
  const rows = lines.map(({ name, guarantees, rounds, operations, kills, longestWait, seconds, violation, notes }) => {
    const wait = longestWait > 0 ? `${(longestWait / 1000).toFixed(2)} s` : '';
    const outcome = violation ? 'VIOLATED' : '0';
    return `| ${name} | ${guarantees} | ${rounds} | ${operations} | ${kills} | ${outcome} | ${wait} | ${Math.round(seconds)} | ${notes.join('; ')} |`;
  });
  const sum = (/** @type {'operations' | 'kills' | 'seconds'} */ key) =>
    Math.round(lines.reduce((total, line) => total + line[key], 0));
  return [
    '| scenario | shows | rounds | operations | kills | losses | longest wait | seconds | |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
    `| all | | | ${sum('operations')} | ${sum('kills')} | ${lines.some(({ violation }) => violation) ? 'VIOLATED' : '0'} | | ${sum('seconds')} | |`,
  ].join('\n');
}

/**
 * The command line of this run, whatever its seed came from.
 * @param {number} seed
 */
function commandOf(seed) {
  const others = process.argv.slice(2).filter((word, at, words) => word !== '--seed' && words[at - 1] !== '--seed');
  return ['npm run stress -- --seed', seed, ...others.filter((word) => word !== '--write')].join(' ');
}

/** @param {string} table @param {string} command */
async function renewPage(table, command) {
  if (!existsSync(page)) return;
  const text = await readFile(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < 0) throw new PlainError(`${page} has no place for the table.`);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)} at the end`;
  const section = `${begin}\n${new Date().toISOString().slice(0, 10)}, ${machine}. \`${command}\` repeats it.\n\n${table}\n`;
  await writeFile(page, text.slice(0, from) + section + text.slice(to));
}
