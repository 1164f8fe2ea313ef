import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { nativeName } from './native.mjs';

/** @param {number} value */
function ms(value) {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value >= 0.1 ? value.toFixed(2) : value.toFixed(4);
}

/** @param {number | undefined} size */
const tasks = (size) => (size === undefined ? '' : size.toLocaleString('en'));

/** @param {import('./measure.mjs').Line[]} lines */
function rows(lines) {
  return lines.map(({ what, size, best, p50, p95, p99, longest, floor, budget = '', unit = 'ms' }) => {
    const cell = (/** @type {number | undefined} */ value) => (value === undefined ? '' : `${ms(value)} ${unit}`);
    return [
      what,
      tasks(size),
      cell(p50),
      cell(p95),
      p99 === undefined ? '' : cell(p99) + (longest === undefined ? '' : `, longest ${ms(longest)} ms`),
      floor ? `${ms(floor.p50)} ms (${floor.what})` : '',
      floor ? `${(p50 / floor.p50).toFixed(1)} ×` : '',
      floor && best !== undefined ? `${(best / floor.best).toFixed(1)} ×` : '',
      budget,
    ];
  });
}

const HEAD = ['what', 'tasks', 'p50', 'p95', 'p99', 'beside it, p50', 'ratio', 'of the best', 'budget'];

/** @param {import('./measure.mjs').Line[]} lines */
export function table(lines) {
  const all = [HEAD, ...rows(lines)];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * What limits each figure, once for all sizes.
 * @param {import('./measure.mjs').Line[]} lines
 */
function limits(lines) {
  const known = new Map(lines.flatMap(({ what, limit }) => (limit ? [[what, limit]] : [])));
  return [...known].map(([what, limit]) => `- **${what}**: ${limit}.`);
}

/**
 * @param {import('./measure.mjs').Line[]} lines
 * @param {{ runs: number, load: number, folder: string }} how
 */
export function markdown(lines, { runs, load, folder }) {
  const processor = cpus()[0]?.model.trim() ?? 'unknown';
  const memory = Math.round(totalmem() / 2 ** 30);
  const cells = (/** @type {string[]} */ row) => `| ${row.join(' | ')} |`;
  return `# Benchmarks

Made by \`npm run bench\` (\`--sizes 1000,10000,100000 --runs N\`; \`--only store,writers\` measures some parts and only
prints them). Every time stands beside another that was measured in the same run, in turns with it: the least that this
machine needs for the job, or native SQLite (WAL, synchronous FULL) doing the same work on a copy of the same file. Compare
the ratios, not the times; that of the best of each depends least on what else the machine does.

- ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${processor}, ${memory} GB of memory, ${type()} ${release().split('-')[0]},
  Node ${process.versions.node}; the stores lie on ${fileSystem(folder)}
- native SQLite: ${nativeName}
- load of the machine at the start: ${load.toFixed(1)} (a busy machine lengthens the p95, and whole processes most)
- ${runs} runs, a third of them at more than 10,000 tasks; 1,000 for a commit, 100 for an event
- stores: tasks of 1 KB with 3 dependencies each, in groups of 50, one reference to code for every fifth, two fifths
  of them completed; the same ones each time

${[cells(HEAD), cells(HEAD.map(() => '---')), ...rows(lines).map(cells)].join('\n')}

## What limits each figure

${limits(lines).join('\n')}
`;
}

/**
 * The kind of file system that a folder lies on, where the system tells.
 * @param {string} folder
 */
function fileSystem(folder) {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '));
    const over = mounts.filter(([, point = '']) => point === '/' || `${folder}/`.startsWith(`${point}/`));
    const [, , kind] = over.sort(([, a = ''], [, b = '']) => b.length - a.length)[0] ?? [];
    return kind ?? 'an unknown file system';
  } catch {
    return 'an unknown file system';
  }
}

/**
 * Sizes of what is built, in KB.
 * @param {string} dist
 * @param {string} file
 */
export function kilobytes(dist, file) {
  return readFileSync(`${dist}/${file}`).length / 1024;
}
