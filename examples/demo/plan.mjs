/**
 * Fills a workspace (a copy of this folder) with the sample plan, through the `tm` command line alone:
 *
 *   node plan.mjs <path to tm.js> <workspace folder>
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * @typedef {object} PlannedTask
 * @property {string} key name inside this file
 * @property {string} title
 * @property {string} [text] description, Markdown
 * @property {'critical' | 'high' | 'medium' | 'low' | 'background'} [priority]
 * @property {string} [type]
 * @property {string} [who]
 * @property {string} [parent] key
 * @property {string[]} [needs] keys
 * @property {string[]} [code] references
 * @property {string[]} [tags]
 * @property {number} [due] days from today
 * @property {number} [notBefore] days from today
 * @property {number} [hours]
 * @property {State} [state]
 */

/** @typedef {'in_progress' | { done: string } | { blocked: string } | { cancelled: string }} State */

const [tmPath, workspacePath] = process.argv.slice(2);
if (!tmPath || !workspacePath) fail('usage: node plan.mjs <path to tm.js> <workspace folder>', 2);
const tmFile = resolve(tmPath);
const workspace = resolve(workspacePath);
if (!existsSync(tmFile)) fail(`${tmFile} does not exist; build it first`);
if (existsSync(join(workspace, '.task-orchestrator', 'tasks.db'))) fail(`${workspace} has a plan already`);

const { env } = process;
const ownEnv = Object.fromEntries(
  Object.entries(env).filter(([name]) => name !== 'TM_DB_PATH' && name !== 'TM_AGENT_ID'),
);

/** @type {PlannedTask[]} */
const PLAN = [
  // --- The service as it runs today -------------------------------------------------------------------------------
  {
    key: 'core',
    title: 'Core service: make, follow and delete short links',
    text: 'The smallest service that the pilot team can use every day. Everything else builds on it.',
    priority: 'high',
    type: 'epic',
    who: 'mira',
    tags: ['core'],
    state: { done: 'In use by the pilot team since the first week.' },
  },
  {
    key: 'decide-storage',
    title: 'Decide how links are stored',
    text: 'Compare SQLite, one JSON file and a journal of JSON lines for 100,000 links on one machine.\n\n**Must:** no native module, no lost link after `kill -9`, readable with `less`.',
    type: 'decision',
    who: 'mira',
    parent: 'core',
    tags: ['storage'],
    hours: 3,
    state: {
      done: 'A journal of JSON lines: replaying 100,000 lines takes 0.2 s, and repair is cutting off one line.',
    },
  },
  {
    key: 'store',
    title: 'Link store: journal, replay, repair of a torn last line',
    text: 'Changes run one after the other; memory changes only after the line is in the file.',
    priority: 'high',
    type: 'feature',
    who: 'jonas',
    parent: 'core',
    needs: ['decide-storage'],
    code: [block('src/store.js', 'async #commit(change) {'), block('src/store.js', '#replay(text) {')],
    tags: ['storage'],
    hours: 10,
    state: { done: 'Damage in the middle is reported with its line number and never repaired silently.' },
  },
  {
    key: 'slugs',
    title: 'Random slugs without look-alike characters',
    text: 'People type links from posters. No `0 O 1 l I`.',
    type: 'feature',
    who: 'agent-claude',
    parent: 'core',
    code: [line('src/slug.js', 'export const ALPHABET'), block('src/slug.js', 'export function freeSlug')],
    tags: ['core'],
    hours: 2,
    state: { done: '56 characters, length 6; a collision makes the next attempt one longer.' },
  },
  {
    key: 'links',
    title: 'Validate targets, slugs and expiry dates in one place',
    type: 'feature',
    who: 'mira',
    parent: 'core',
    needs: ['store', 'slugs'],
    code: [block('src/links.js', 'async create(input, owner) {'), block('src/links.js', 'export function checkUrl')],
    tags: ['core'],
    hours: 5,
    state: { done: 'HTTP, CLI and the coming import share the same checks.' },
  },
  {
    key: 'router',
    title: 'Router with parameters, HEAD and a correct 405',
    type: 'feature',
    who: 'agent-2',
    parent: 'core',
    code: [block('src/router.js', 'match(method, path) {')],
    tags: ['http'],
    hours: 3,
    state: { done: '70 lines; 405 names the allowed methods.' },
  },
  {
    key: 'api',
    title: 'HTTP API for links, and the redirect',
    text: 'Routes as in README.md. A redirect never waits for the disk: clicks are counted in memory and flushed each second.',
    priority: 'high',
    type: 'feature',
    who: 'jonas',
    parent: 'core',
    needs: ['links', 'router'],
    code: [block('src/server.js', 'function createRouter('), line('src/app.js', 'const stopFlush = every(')],
    tags: ['http', 'core'],
    hours: 8,
    state: { done: 'A crash loses at most one second of clicks and no link.' },
  },
  {
    key: 'keys',
    title: 'API keys, stored as hashes',
    priority: 'high',
    type: 'feature',
    who: 'priya',
    parent: 'core',
    needs: ['router'],
    code: [block('src/auth.js', 'authenticate(header) {')],
    tags: ['security'],
    hours: 4,
    state: { done: 'The secret is shown once; the file is mode 600 and holds SHA-256 only.' },
  },
  {
    key: 'cli',
    title: 'Command line: serve, key, add, export',
    type: 'feature',
    who: 'agent-claude',
    parent: 'core',
    needs: ['api', 'keys'],
    code: [block('src/cli.js', 'async function main(argv) {')],
    tags: ['cli'],
    hours: 4,
    state: { done: '`export` opens the journal read-only, so it is safe beside a running server.' },
  },

  // --- Durability and operations ----------------------------------------------------------------------------------
  {
    key: 'ops',
    title: 'Durable and easy to run',
    text: 'An operator who has never seen Shortlink can run, back up, restore and upgrade it from the runbook alone.',
    priority: 'high',
    type: 'epic',
    who: 'jonas',
    needs: ['core'],
    tags: ['ops'],
    state: 'in_progress',
  },
  {
    key: 'fdatasync',
    title: 'Sync the journal before a change is acknowledged',
    text: 'Today a power cut may lose the last seconds of acknowledged links.\n\n- one `fdatasync` for everything that waits in the queue, not one a link\n- measure: 200 creates/s on the pilot machine must stay possible\n- prove it with a test that kills the process between write and sync',
    priority: 'critical',
    type: 'feature',
    who: 'jonas',
    parent: 'ops',
    needs: ['store'],
    code: [line('src/store.js', 'TODO: fdatasync'), block('src/store.js', '#enqueue(change) {')],
    tags: ['storage', 'durability'],
    due: 6,
    hours: 6,
    state: 'in_progress',
  },
  {
    key: 'lock',
    title: 'Refuse to start twice on one data folder',
    text: 'Two servers on one journal overwrite each other when one compacts. Take a lock file with the process id; a stale lock (process gone) is taken over with a log line.',
    priority: 'high',
    type: 'bug',
    who: 'agent-2',
    parent: 'ops',
    needs: ['store'],
    code: [line('src/store.js', 'TODO: take a lock file')],
    tags: ['storage'],
    hours: 3,
  },
  {
    key: 'compact',
    title: 'Compact the journal while the server runs',
    text: 'A busy server grows its journal until it is restarted. Write the snapshot beside it, append what happened meanwhile, rename.',
    type: 'feature',
    who: 'jonas',
    parent: 'ops',
    needs: ['fdatasync', 'lock'],
    code: [block('src/store.js', 'async #compact(file) {'), block('src/store.js', '#snapshot() {')],
    tags: ['storage', 'performance'],
    hours: 8,
  },
  {
    key: 'backup',
    title: 'Back up without stopping: `shortlink backup DIR`',
    text: 'Snapshot plus keys in one folder with a checksum file. Depends on the snapshot code of the running compaction.',
    priority: 'high',
    type: 'feature',
    who: 'jonas',
    parent: 'ops',
    needs: ['compact'],
    code: [block('src/cli.js', 'async function exportCsv(config) {')],
    tags: ['ops', 'cli'],
    hours: 5,
  },
  {
    key: 'restore-drill',
    title: 'Restore drill: from backup to serving in five minutes',
    text: 'Done by someone who did not write the backup. What they had to guess goes into the runbook.',
    priority: 'high',
    type: 'chore',
    who: 'priya',
    parent: 'ops',
    needs: ['backup'],
    tags: ['ops'],
    hours: 3,
  },
  {
    key: 'runbook',
    title: 'Write the runbook',
    text: 'Install, upgrade, back up, restore, rotate keys, disk full, journal damaged. One page each at most.',
    type: 'docs',
    who: 'priya',
    parent: 'ops',
    needs: ['restore-drill', 'health', 'shutdown'],
    code: [line('README.md', '# Shortlink')],
    tags: ['ops', 'docs'],
    hours: 6,
  },
  {
    key: 'health',
    title: 'Report a full or read-only disk as unhealthy',
    text: '`/healthz` says “ok” as long as the process answers. It should be 503 while the last append failed.',
    type: 'feature',
    who: 'agent-2',
    parent: 'ops',
    needs: ['fdatasync'],
    code: [line('src/server.js', 'TODO: report a full disk'), line('src/store.js', 'await this.#handle.truncate(')],
    tags: ['ops', 'http'],
    hours: 2,
  },
  {
    key: 'shutdown',
    title: 'Shut down within ten seconds, whatever clients do',
    text: 'A client that never finishes its request keeps the process alive. Drain, then destroy what is left.',
    type: 'bug',
    who: 'agent-claude',
    parent: 'ops',
    needs: ['api'],
    code: [line('src/app.js', 'TODO: drain with a deadline'), block('src/app.js', 'close: async () => {')],
    tags: ['ops'],
    hours: 3,
    state: 'in_progress',
  },
  {
    key: 'click-batch',
    title: 'Keep clicks whose flush failed',
    text: 'The batch is taken out of memory before it is written; when the disk is full, its clicks are gone.',
    type: 'bug',
    parent: 'ops',
    needs: ['api'],
    code: [block('src/stats.js', 'async flush() {')],
    tags: ['storage', 'stats'],
    hours: 2,
  },
  {
    key: 'image',
    title: 'Container image, non-root, read-only root file system',
    priority: 'low',
    type: 'chore',
    who: 'jonas',
    parent: 'ops',
    needs: ['shutdown'],
    code: [block('src/config.js', 'export function loadConfig(env) {'), line('package.json', '"start":')],
    tags: ['ops'],
    hours: 3,
  },

  // --- Abuse and security -----------------------------------------------------------------------------------------
  {
    key: 'safety',
    title: 'Safe to put on the open internet',
    text: 'Short links are loved by phishers. Before strangers can reach the service: limits that hold, targets that are checked, keys that can be taken back.',
    priority: 'critical',
    type: 'epic',
    who: 'priya',
    needs: ['core'],
    tags: ['security'],
    state: 'in_progress',
  },
  {
    key: 'loops',
    title: 'Refuse our own host as a target',
    text: '`/a` → `https://sho.rt/b` → `https://sho.rt/a` makes browsers spin. Compare hosts after normalising case, port and trailing dot.',
    priority: 'critical',
    type: 'bug',
    who: 'priya',
    parent: 'safety',
    needs: ['links'],
    code: [line('src/links.js', 'TODO: refuse our own host'), block('src/config.js', 'function baseUrl(text) {')],
    tags: ['security'],
    due: 3,
    hours: 2,
  },
  {
    key: 'blocklist',
    title: 'Block list of hosts, reloaded without a restart',
    text: 'A text file, one host a line, `*.` allowed. Checked when a link is made and when it is followed; a blocked link answers 451.',
    priority: 'high',
    type: 'feature',
    who: 'agent-claude',
    parent: 'safety',
    needs: ['loops'],
    code: [block('src/links.js', 'resolve(slug) {')],
    tags: ['security'],
    hours: 6,
  },
  {
    key: 'reputation-feed',
    title: 'Subscribe to a commercial URL reputation feed',
    priority: 'low',
    type: 'chore',
    who: 'priya',
    parent: 'safety',
    tags: ['security'],
    state: { cancelled: '€ 900 a month for a service with 40 users. The block list covers what we have seen so far.' },
  },
  {
    key: 'warning-page',
    title: 'Warning page before a suspicious target',
    text: 'Was meant to show the feed’s verdict. Without the feed: drop it, or show it for hosts that are younger than our block list?',
    type: 'feature',
    who: 'mira',
    parent: 'safety',
    needs: ['reputation-feed', 'api'],
    code: [line('src/server.js', 'response.writeHead(302')],
    tags: ['security', 'http'],
    hours: 5,
  },
  {
    key: 'buckets',
    title: 'Forget idle rate-limit buckets',
    text: 'A scan from many addresses grows the map for ever. A bucket that would be full again can be dropped.',
    priority: 'high',
    type: 'bug',
    who: 'agent-2',
    parent: 'safety',
    needs: ['api'],
    code: [block('src/rateLimit.js', 'take(client) {'), line('test/units.test.js', "test('rate limit:")],
    tags: ['security', 'performance'],
    hours: 2,
    state: 'in_progress',
  },
  {
    key: 'proxies',
    title: 'Take the client address from trusted proxies only',
    text: 'Behind the load balancer every client shares one bucket. Read `X-Forwarded-For` from the right, and only as far as the proxies are ours.',
    priority: 'high',
    type: 'feature',
    who: 'priya',
    parent: 'safety',
    needs: ['api'],
    code: [block('src/server.js', 'function clientOf(request) {')],
    tags: ['security', 'http'],
    hours: 4,
    state: { blocked: 'Hosting has not told us the load balancer’s address ranges yet (ticket HOST-212)' },
  },
  {
    key: 'limits',
    title: 'Separate limits for making and following links',
    text: 'Following is cheap and bursty; making is neither. Limit makers by key, followers by address.',
    type: 'feature',
    who: 'agent-2',
    parent: 'safety',
    needs: ['buckets', 'proxies'],
    code: [line('src/server.js', 'const wait = limiter.take('), line('src/config.js', 'ratePerMinute: integer(')],
    tags: ['security'],
    hours: 4,
  },
  {
    key: 'review-limits',
    title: 'Review the limits against two weeks of real traffic',
    priority: 'low',
    type: 'chore',
    who: 'priya',
    parent: 'safety',
    code: [line('README.md', '`SHORTLINK_RATE_PER_MINUTE`')],
    tags: ['security', 'stats'],
    notBefore: 14,
    hours: 2,
  },
  {
    key: 'scopes',
    title: 'Scopes for API keys: read, write, export',
    text: 'The wiki’s key should not be able to delete links. Old keys keep all three scopes.',
    type: 'feature',
    parent: 'safety',
    needs: ['keys'],
    code: [line('src/auth.js', 'TODO: scopes'), line('src/server.js', 'const ownerOf = (')],
    tags: ['security'],
    hours: 5,
  },
  {
    key: 'revoke',
    title: 'Revoke a key at once: `shortlink key revoke ID`',
    text: 'Needs the running server to reload the key file (SIGHUP, or a watch where there are no signals).',
    priority: 'high',
    type: 'feature',
    who: 'agent-claude',
    parent: 'safety',
    needs: ['keys', 'cli'],
    code: [line('src/auth.js', 'TODO: reload on SIGHUP'), line('src/cli.js', "command === 'key'")],
    tags: ['security', 'cli'],
    hours: 4,
  },
  {
    key: 'lookalikes',
    title: 'Refuse chosen slugs that look like an existing one',
    text: '`rn` and `m`, `l` and `1`. Unicode’s confusables table is far too big for slugs of `[A-Za-z0-9_-]`.',
    priority: 'background',
    type: 'feature',
    parent: 'safety',
    needs: ['slugs'],
    code: [line('src/slug.js', 'TODO: refuse slugs')],
    tags: ['security'],
    hours: 4,
  },
  {
    key: 'security-review',
    title: 'Security review by someone outside the team',
    text: 'Two days. They get the source, a test instance and a key with every scope.',
    priority: 'high',
    type: 'chore',
    who: 'priya',
    parent: 'safety',
    needs: ['blocklist', 'limits', 'scopes', 'revoke'],
    tags: ['security'],
    due: 24,
    hours: 16,
  },

  // --- Statistics and export --------------------------------------------------------------------------------------
  {
    key: 'insight',
    title: 'Statistics that one can believe',
    priority: 'medium',
    type: 'epic',
    who: 'mira',
    tags: ['stats'],
  },
  {
    key: 'bots',
    title: 'Leave crawlers and link previews out of the counts',
    text: 'Every message with a link in our chat counts as one click, because the chat fetches a preview. Marketing noticed; we promised a fix for last week.',
    priority: 'high',
    type: 'bug',
    who: 'mira',
    parent: 'insight',
    needs: ['api'],
    code: [
      block('src/stats.js', 'hit(slug) {'),
      line('src/server.js', "if (request.method === 'GET') clicks.hit(slug);"),
    ],
    tags: ['stats'],
    due: -5,
    hours: 3,
  },
  {
    key: 'referrers',
    title: 'Break clicks down by referrer and country',
    type: 'feature',
    who: 'mira',
    parent: 'insight',
    needs: ['api'],
    code: [block('src/stats.js', 'report(slug, days) {')],
    tags: ['stats', 'privacy'],
    hours: 8,
    state: { blocked: 'The data protection officer must say first whether a country per click is personal data' },
  },
  {
    key: 'uniques',
    title: 'Count visitors without cookies',
    text: 'A hash of address and user agent with a salt that is thrown away each night, so nobody can be followed from day to day.',
    priority: 'low',
    type: 'feature',
    parent: 'insight',
    needs: ['bots', 'referrers'],
    code: [block('src/stats.js', 'export function utcDay(time) {')],
    tags: ['stats', 'privacy'],
    hours: 6,
  },
  {
    key: 'csv-stream',
    title: 'Stream the CSV export',
    text: '100,000 links are one 11 MB string today, and the event loop stands still while it is built.',
    type: 'feature',
    who: 'agent-claude',
    parent: 'insight',
    needs: ['api'],
    code: [block('src/csv.js', 'export function linksToCsv('), line('src/server.js', "'/api/export.csv'")],
    tags: ['export', 'performance'],
    hours: 3,
  },
  {
    key: 'csv-excel',
    title: 'Export: "smart" quotes, [brackets] & `backticks` in targets arrive garbled in Excel <sigh> 🤯',
    text: 'Excel takes CSV without a byte order mark for the local code page. Reproduce with:\n\n```\nhttps://example.org/?q=“naïve”[1]`x`\n```\n\nAdd the mark to the HTTP export only; on the command line it would break `sort` and `join`.',
    type: 'bug',
    parent: 'insight',
    needs: ['csv-stream'],
    code: [block('src/csv.js', 'export function field(value) {'), line('test/units.test.js', "test('csv:")],
    tags: ['export'],
    hours: 1,
  },
  {
    key: 'digest',
    title: 'Weekly mail with the most followed links',
    priority: 'background',
    type: 'feature',
    who: 'mira',
    parent: 'insight',
    tags: ['stats'],
    state: { cancelled: 'Asked eight people of the pilot team; none would read it.' },
  },
  {
    key: 'metrics',
    title: 'Metrics for Prometheus at `/metrics`',
    text: 'Requests by route and status, queue length of the store, journal size, memory. On a port of its own, so that it is never public.',
    type: 'feature',
    who: 'jonas',
    parent: 'insight',
    needs: ['api'],
    code: [block('src/log.js', 'export function createLog('), line('src/server.js', "log('info', 'request'")],
    tags: ['ops', 'stats'],
    hours: 5,
  },

  // --- Everyday use -----------------------------------------------------------------------------------------------
  {
    key: 'everyday',
    title: 'Pleasant to use every day',
    text: 'What the pilot team asked for, in the order of how often they asked.',
    type: 'epic',
    who: 'mira',
    tags: ['ux'],
  },
  {
    key: 'paging',
    title: 'Page the list of links with a cursor',
    text: '`GET /api/links?limit=100&after=SLUG`. Order by creation; a cursor stays valid when its link is deleted.',
    type: 'feature',
    who: 'mira',
    parent: 'everyday',
    needs: ['api'],
    code: [block('src/links.js', 'list(owner) {'), line('src/server.js', "'GET', '/api/links', (")],
    tags: ['http', 'performance'],
    hours: 4,
    state: 'in_progress',
  },
  {
    key: 'edit',
    title: 'Change the target of a link: `PATCH /api/links/:slug`',
    text: 'Printed links cannot be reprinted. Keep the clicks; write who changed what into the journal.',
    priority: 'high',
    type: 'feature',
    who: 'agent-2',
    parent: 'everyday',
    needs: ['api'],
    code: [block('src/links.js', 'owned(slug, owner) {'), block('src/store.js', '#apply(change) {')],
    tags: ['http'],
    hours: 5,
  },
  {
    key: 'grace',
    title: 'Keep expired links for a week, so that they can be extended',
    type: 'feature',
    who: 'agent-2',
    parent: 'everyday',
    needs: ['edit', 'slug-release'],
    code: [
      block('src/sweeper.js', 'export async function sweep('),
      line('test/store.test.js', "test('the sweep deletes"),
    ],
    tags: ['core'],
    hours: 3,
  },
  {
    key: 'slug-release',
    title: 'An expired link still holds its slug until the next sweep',
    text: 'Making `/fair` again right after it ran out answers 409, for up to a minute. Replace the expired link in `insert`.',
    type: 'bug',
    parent: 'everyday',
    needs: ['links'],
    code: [line('src/links.js', 'TODO: an expired link holds'), block('src/store.js', 'insert(link) {')],
    tags: ['core'],
    hours: 2,
  },
  {
    key: 'qr',
    title: 'QR code of a link as SVG',
    text: '`GET /api/links/:slug/qr.svg`, error correction M, no dependency if it stays under 300 lines.',
    priority: 'low',
    type: 'feature',
    who: 'agent-claude',
    parent: 'everyday',
    needs: ['api'],
    code: ['src/qr.js', line('src/server.js', "'/api/links/:slug/stats'")],
    tags: ['http', 'ux'],
    hours: 8,
  },
  {
    key: 'import',
    title: 'Import from another shortener: `shortlink import FILE.csv`',
    text: 'Slug, target and creation date; clicks if the file has them. All or nothing, with every bad line named.',
    priority: 'high',
    type: 'feature',
    who: 'jonas',
    parent: 'everyday',
    needs: ['cli', 'lock'],
    code: [line('src/cli.js', 'TODO: `shortlink import'), block('src/slug.js', 'export function checkSlug(slug) {')],
    tags: ['cli', 'export'],
    hours: 6,
  },
  {
    key: 'cors',
    title: 'Answer OPTIONS with CORS headers',
    priority: 'low',
    type: 'feature',
    parent: 'everyday',
    needs: ['router'],
    code: [line('src/router.js', 'TODO: answer OPTIONS')],
    tags: ['http'],
    hours: 2,
  },
  {
    key: 'extension',
    title: 'Browser extension: shorten this page',
    priority: 'background',
    type: 'feature',
    who: 'mira',
    parent: 'everyday',
    needs: ['cors', 'scopes'],
    tags: ['ux'],
    hours: 16,
  },
  {
    key: 'content-type',
    title: 'Answer 415 to bodies that are not JSON',
    priority: 'background',
    type: 'chore',
    parent: 'everyday',
    needs: ['api'],
    code: [block('src/http.js', 'export async function readJson(')],
    tags: ['http'],
    hours: 1,
  },

  // --- Launch -----------------------------------------------------------------------------------------------------
  {
    key: 'launch',
    title: 'Launch 1.0 for the whole company',
    priority: 'high',
    type: 'epic',
    who: 'mira',
    needs: ['ops', 'safety'],
    tags: ['launch'],
    due: 45,
  },
  {
    key: 'load-test',
    title: 'Load test: 2,000 redirects a second for an hour',
    text: 'p99 below 20 ms, memory flat, journal compacted at least twice on the way.',
    type: 'test',
    who: 'jonas',
    parent: 'launch',
    needs: ['compact', 'limits', 'metrics'],
    code: [block('src/server.js', 'export function createHttpServer(services) {')],
    tags: ['performance', 'launch'],
    hours: 6,
  },
  {
    key: 'migrate-pilot',
    title: 'Move the pilot team’s 3,400 links over',
    type: 'chore',
    who: 'jonas',
    parent: 'launch',
    needs: ['import', 'restore-drill'],
    tags: ['launch'],
    hours: 3,
  },
  {
    key: 'api-reference',
    title: 'API reference with an example for every answer',
    type: 'docs',
    who: 'agent-claude',
    parent: 'launch',
    needs: ['paging', 'edit'],
    code: [line('README.md', '| request '), line('test/server.test.js', "test('bad input is refused")],
    tags: ['docs', 'launch'],
    hours: 4,
  },
  {
    key: 'go-no-go',
    title: 'Go or no-go',
    text: 'Thirty minutes with operations and security. Every open bug of priority high is read out.',
    priority: 'critical',
    type: 'decision',
    who: 'mira',
    parent: 'launch',
    needs: ['load-test', 'migrate-pilot', 'security-review', 'runbook', 'api-reference'],
    tags: ['launch'],
    due: 38,
    hours: 1,
  },
  {
    key: 'switch',
    title: 'Point go.example.org at Shortlink',
    text: 'Lower the DNS time to live to 60 s the day before. The old service stays up, read-only, for a month.',
    priority: 'critical',
    type: 'chore',
    who: 'jonas',
    parent: 'launch',
    needs: ['go-no-go', 'image'],
    code: [line('src/config.js', 'baseUrl: baseUrl(')],
    tags: ['ops', 'launch'],
    due: 42,
    hours: 2,
  },
];

/** @type {Map<string, string>} ids by key */
const ids = new Map();
let dependencies = 0;
let references = 0;

tm(['init']);
/** @type {[string, string][]} dependencies on tasks that come later in the list */
const later = [];
for (const task of PLAN) {
  const known = (task.needs ?? []).filter((key) => ids.has(key));
  for (const key of task.needs ?? []) if (!ids.has(key)) later.push([task.key, key]);
  const id = tm([
    'add',
    task.title,
    ...option('-d', task.text),
    ...option('-p', task.priority),
    ...known.flatMap((key) => ['--depends-on', idOf(key)]),
    ...(task.code ?? []).flatMap((place) => ['--file', place]),
    ...(task.tags ?? []).flatMap((tag) => ['--tag', tag]),
    ...option('--assignee', task.who),
    ...option('--parent', task.parent && idOf(task.parent)),
    ...option('--type', task.type),
    ...option('--due', task.due === undefined ? undefined : day(task.due)),
    ...option('--not-before', task.notBefore === undefined ? undefined : day(task.notBefore)),
    ...option('--estimate', task.hours?.toString()),
  ]).trim();
  if (!/^[0-9a-f]{8}$/.test(id)) fail(`tm add printed "${id}", not an id of 8 hexadecimal characters`);
  ids.set(task.key, id);
  dependencies += known.length;
  references += task.code?.length ?? 0;
}
for (const [key, need] of later) {
  tm(['dep', 'add', idOf(key), idOf(need)]);
  dependencies++;
}
for (const task of inCompletionOrder(PLAN)) setState(task);
process.stdout.write(`${PLAN.length} tasks, ${dependencies} dependencies, ${references} references\n`);

/** @param {PlannedTask} task */
function setState({ key, who, state }) {
  if (!state) return;
  const id = idOf(key);
  // Agents act under their own name, people under that of whoever runs this.
  const actor = who?.startsWith('agent-') ? who : undefined;
  if (state === 'in_progress') tm(['start', id], actor);
  else if ('blocked' in state) tm(['update', id, '--status', 'blocked', '--reason', state.blocked], actor);
  else if ('cancelled' in state) tm(['update', id, '--status', 'cancelled', '--reason', state.cancelled], actor);
  else {
    tm(['start', id], actor);
    tm(['complete', id, '--summary', state.done], actor);
  }
}

/**
 * Completed tasks first, each after what it depends on and an epic after its subtasks; then the others.
 * @param {PlannedTask[]} plan
 */
function inCompletionOrder(plan) {
  /** @type {Set<PlannedTask>} */
  const order = new Set();
  const isDone = (/** @type {PlannedTask} */ task) => typeof task.state === 'object' && 'done' in task.state;
  /** @param {PlannedTask} task */
  const visit = (task) => {
    if (order.has(task)) return;
    for (const other of plan) if (task.needs?.includes(other.key) || other.parent === task.key) visit(other);
    order.add(task);
  };
  plan.filter(isDone).forEach(visit);
  for (const task of plan) order.add(task);
  return order;
}

/**
 * Runs `tm` in the workspace and gives what it printed.
 * @param {string[]} args
 * @param {string} [agent]
 */
function tm(args, agent) {
  const run = spawnSync(process.execPath, [tmFile, ...args], {
    cwd: workspace,
    env: agent ? { ...ownEnv, TM_AGENT_ID: agent } : ownEnv,
    encoding: 'utf8',
  });
  if (run.error) fail(`tm could not be started in ${workspace}: ${run.error.message}`);
  if (run.status !== 0) {
    const command = ['tm', ...args].map((arg) => (/\s/.test(arg) ? JSON.stringify(arg) : arg)).join(' ');
    fail(`${command}\nended with ${run.signal ?? `code ${run.status}`}: ${run.stderr.trim()}`);
  }
  return run.stdout;
}

/**
 * The line that holds a text, as `path:line`. The text must be there exactly once, so a reference cannot go astray.
 * @param {string} path
 * @param {string} text
 */
function line(path, text) {
  return `${path}:${find(path, text).index + 1}`;
}

/**
 * From the line that holds a text to the line that closes its block, as `path:line:end`.
 * @param {string} path
 * @param {string} text
 */
function block(path, text) {
  const { index, lines } = find(path, text);
  const indent = /^ */.exec(lines[index] ?? '')?.[0];
  const length = lines.slice(index + 1).findIndex((other) => other.startsWith(`${indent}}`));
  if (length < 0) fail(`${path}: the block that starts with “${text}” does not end`);
  return `${path}:${index + 1}:${index + 2 + length}`;
}

/**
 * @param {string} path
 * @param {string} text
 */
function find(path, text) {
  const file = join(workspace, path);
  if (!existsSync(file)) fail(`${file} does not exist; the workspace must be a copy of the demo`);
  const lines = readFileSync(file, 'utf8').split('\n');
  const hits = lines.flatMap((other, index) => (other.includes(text) ? [index] : []));
  const [index] = hits;
  if (index === undefined || hits.length > 1) fail(`${path}: “${text}” is in ${hits.length} lines, not in one`);
  return { index, lines };
}

/**
 * @param {string} name
 * @param {string | undefined} value
 */
function option(name, value) {
  return value === undefined ? [] : [name, value];
}

/** @param {string} key */
function idOf(key) {
  return ids.get(key) ?? fail(`the plan has no task “${key}” (or it comes later)`);
}

/** @param {number} days from today */
function day(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * @param {string} message
 * @param {number} [code]
 * @returns {never}
 */
function fail(message, code = 1) {
  process.stderr.write(`plan: ${message}\n`);
  process.exit(code);
}
