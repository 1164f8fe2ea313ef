/**
 * Records `docs/session.md`: two agents plan, claim, work, share and complete, with the real `tm`. Ids and times are
 * replaced by ones that count up, so that the same program gives the same text.
 *
 *   npm run build && node scripts/recordSession.mjs [--check]
 *
 * `--check` writes nothing and fails where the text is another one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, tmProgram } from './lib/paths.mjs';

const target = join(root, 'docs/session.md');
const folder = mkdtempSync(join(tmpdir(), 'tm-session-'));

/** @type {Map<string, string>} */
const ids = new Map();

/**
 * One command of an agent, as it stands in a terminal: the line, then what it says.
 * @param {string} agent
 * @param {string[]} words
 * @param {{ fails?: boolean }} options
 * @returns {string}
 */
function run(agent, words, { fails = false } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tmProgram, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', TM_AGENT_ID: agent },
    encoding: 'utf8',
  });
  if ((status === 0) === fails) throw new Error(`tm ${words.join(' ')} ended with ${status}: ${stderr}`);
  // Both streams end on a terminal; the messages come last here.
  const said = [stdout, stderr].map((text) => text.trimEnd()).filter((text) => text !== '');
  const exit = fails ? [`# exit ${status}`] : [];
  return [`${agent}$ tm ${words.map(quoted).join(' ')}`, ...said, ...exit].join('\n');
}

/** @param {string} word @returns {string} as it is typed */
function quoted(word) {
  return /^[\w./:=@%-]+$/.test(word) ? word : `"${word}"`;
}

/** @param {string} text @returns {string} the text with ids and times that count up */
function normalised(text) {
  const known = text
    .replace(/\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(?:\.\d+)?(Z?)/g, '2026-01-01$112:00:00$2')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '2026-01-01 12:00 UTC')
    .replace(/\b[0-9a-f]{16}\b/g, (id) => named(id).repeat(2));
  return known.replace(/\b(?=[0-9a-f]*\d|[a-f]{8}\b)[0-9a-f]{8}\b/g, (id) => named(id));
}

/** @param {string} id @returns {string} */
function named(id) {
  if (!ids.has(id)) ids.set(id, `${(ids.size + 1).toString(16).padStart(2, '0')}`.repeat(4));
  return ids.get(id) ?? id;
}

/**
 * @param {string} title
 * @param {string} says
 * @param {string[]} commands
 */
function part(title, says, ...commands) {
  return [`## ${title}`, '', says, '', '```console', commands.join('\n'), '```', ''].join('\n');
}

/** @returns {string} */
function record() {
  const ann = 'ann';
  const bob = 'bob';
  return [
    '# Two agents at one plan\n',
    'Recorded by `scripts/recordSession.mjs` from real runs of `tm`; ids and times are replaced by plain ones. `ann$` and',
    '`bob$` are two terminals in one project, with `TM_AGENT_ID` set to `ann` and `bob`.\n',
    part(
      'Plan',
      'ann makes the store and three tasks; each says what must be completed first. What it prints is the id alone.',
      run(ann, ['init']),
      run(ann, ['agent', 'register', 'bob', 'API agent', '--capabilities', 'api']),
      run(ann, ['add', 'Design the schema', '-p', 'high']),
      run(ann, ['add', 'Build the API', '--depends-on', '1', '--tag', 'api']),
      run(ann, ['add', 'Write the client', '--depends-on', '2']),
      run(ann, ['ready']),
    ),
    part(
      'Claim',
      'ann takes the best ready task. bob finds nothing ready yet, is refused ann’s, and joins the next one.',
      run(ann, ['claim']),
      run(bob, ['claim'], { fails: true }),
      run(bob, ['start', '1'], { fails: true }),
      run(bob, ['join', '2']),
    ),
    part(
      'Work and share',
      'ann starts, reports how far the work is, and tells bob what matters to him. Notes are for herself.',
      run(ann, ['start', '1']),
      run(ann, ['note', '1', 'index on created_at might be needed']),
      run(ann, ['progress', '1', '50%', 'tables are there, indexes left']),
      run(ann, ['discover', '1', 'ids are UUIDs, not integers']),
      run(ann, ['share', '2', '@bob the schema is in docs/schema.md']),
      run(bob, ['notifications']),
      run(bob, ['notifications', 'read', '--all']),
    ),
    part(
      'Complete and hand over',
      'Completing the first task makes the second one ready; bob claims it and sees what was shared.',
      run(ann, ['complete', '1', '--summary', 'Schema with indexes']),
      run(bob, ['claim', '--query', 'tag:api']),
      run(bob, ['context', '2']),
      run(bob, ['sync', '2', 'endpoints are frozen']),
      run(bob, ['message', 'ann', 'the client can start on the mock']),
      run(bob, ['complete', '2']),
      run(ann, ['messages', '--unread']),
      run(ann, ['next']),
    ),
    part(
      'What happened',
      'Everything is one history, for both of them.',
      run(ann, ['list']),
      run(ann, ['context', '2']),
      run(ann, ['log', '-n', '6']),
    ),
  ].join('\n');
}

try {
  const text = normalised(record());
  const isSame = existsSync(target) && readFileSync(target, 'utf8') === text;
  if (process.argv.includes('--check')) {
    if (!isSame) {
      process.stderr.write('docs/session.md is another one now: run node scripts/recordSession.mjs\n');
      process.exitCode = 1;
    }
  } else writeFileSync(target, text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
