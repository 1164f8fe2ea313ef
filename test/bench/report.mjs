import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

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
  return lines.map(({ what, size, best, p50, p95, floor, budget = '', unit = 'ms' }) => [
    what,
    tasks(size),
    `${ms(p50)} ${unit}`,
    p95 === undefined ? '' : `${ms(p95)} ${unit}`,
    floor ? `${ms(floor.p50)} ms (${floor.what})` : '',
    floor ? `${(p50 / floor.p50).toFixed(1)} ×` : '',
    floor && best !== undefined ? `${(best / floor.best).toFixed(1)} ×` : '',
    budget,
  ]);
}

const HEAD = ['what', 'tasks', 'p50', 'p95', 'floor, p50', 'ratio', 'of the best', 'budget'];

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
 * @param {import('./measure.mjs').Line[]} lines
 * @param {{ runs: number, load: number }} how
 */
export function markdown(lines, { runs, load }) {
  const processor = cpus()[0]?.model.trim() ?? 'unknown';
  const cells = (/** @type {string[]} */ row) => `| ${row.join(' | ')} |`;
  return `# Benchmarks

Made by \`npm run bench\` (\`--sizes 1000,10000,100000 --runs N\`). Every time stands beside a floor that was measured in the
same run, in turns with it: the least that this machine needs for the job. Compare the ratios, not the times; that of the
best of each depends least on what else the machine does.

- ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${processor}, Node ${process.versions.node}, ${runs} runs
- load of the machine at the start: ${load.toFixed(1)} (a busy machine lengthens the p95, and whole processes most)
- stores: tasks of 1 KB with 3 dependencies each, in groups of 50, one reference to code for every fifth, two fifths
  of them completed; the same ones each time

${[cells(HEAD), cells(HEAD.map(() => '---')), ...rows(lines).map(cells)].join('\n')}
`;
}

/**
 * Sizes of what is built, in KB.
 * @param {string} dist
 * @param {string} file
 */
export function kilobytes(dist, file) {
  return readFileSync(`${dist}/${file}`).length / 1024;
}
