import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { root } from './build.mjs';
import { inTurns, spread } from './measure.mjs';

const FOLDER = join(root, 'test/fixtures/prd');
const BYTES = 5_000_000;
const RUNS = 3;
/** The syntax tree takes many times as long: it is made of so much of the text. */
const SHARE = 1 / 20;

/**
 * @typedef {object} PrdLine
 * @property {string} what
 * @property {number} megabytes
 * @property {number} ours MB/s, the median run @property {number} best MB/s
 * @property {number} floor MB/s
 */

/**
 * Reads documents, as `tm prd parse` does without a store; beside it, the syntax tree of the same text alone.
 * @param {typeof import('./library.js')} library
 * @returns {Promise<PrdLine[]>}
 */
export async function measurePrd(library) {
  const corpus = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'));
  const repeated = (/** @type {number} */ bytes) =>
    Array.from({ length: Math.ceil(bytes / bytesOf(corpus)) }, () => corpus).flat();
  const measure = async (/** @type {string} */ what, /** @type {(bytes: number) => readonly string[]} */ make) => {
    const [whole, part] = [make(BYTES), make(BYTES * SHARE)];
    const times = await inTurns(RUNS, {
      ours: () => whole.map((text) => library.parsePrd(text, library.PRD_DEFAULTS).statistics.taskCount),
      floor: () => part.map((text) => fromMarkdown(text).children.length),
    });
    const [megabytes, ours, floor] = [bytesOf(whole) / 1e6, spread(times.ours), spread(times.floor)];
    const rate = (/** @type {number} */ ms) => megabytes / (ms / 1000);
    return {
      what,
      megabytes,
      ours: rate(ours.p50),
      best: rate(ours.best),
      floor: bytesOf(part) / 1e3 / floor.p50,
    };
  };
  return [
    await measure(`${corpus.length} documents of the corpus, again and again`, repeated),
    await measure('one document of thousands of features', (bytes) => [largeDocument(bytes)]),
  ];
}

/** @param {number} size in bytes, at least */
function largeDocument(size) {
  const parts = ['# A large product\n\n## Features\n'];
  for (let at = 0, bytes = 0; bytes < size; at += 1) {
    const after = at > 0 ? `- Depends on: Feature ${at - 1} of the product\n` : '';
    const part = `### Feature ${at} of the product\n\nPeople do thing ${at} with **all** its words and a [link](https://example.com/${at}).\n\n- Priority: High\n${after}- Acceptance criteria:\n  - A user can do thing ${at}\n  - It is stored\n  - It answers within ${at} seconds\n`;
    parts.push(part);
    bytes += part.length;
  }
  return parts.join('\n');
}

/** @param {readonly string[]} texts */
function bytesOf(texts) {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** @param {readonly PrdLine[]} lines */
export function prdTable(lines) {
  const rows = lines.map(({ what, megabytes, ours, best, floor }) => [
    what,
    megabytes.toFixed(1),
    ours.toFixed(2),
    best.toFixed(2),
    floor.toFixed(2),
    `${(ours / floor).toFixed(1)} ×`,
    '≥ 1 MB/s',
  ]);
  const head = ['what', 'MB', 'MB/s, p50', 'best', 'syntax tree alone, MB/s', 'faster', 'budget'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The section of docs/BENCHMARKS.md. @param {readonly PrdLine[]} lines */
export function prdSection(lines) {
  return `## Reading product requirements documents

From the text to features, criteria, dependencies and tasks with their lines, within one process. Beside it
\`mdast-util-from-markdown\` makes the syntax tree of a twentieth of the same text and nothing else, in turns with ours, ${RUNS} runs each.

${prdTable(lines)}
`;
}
