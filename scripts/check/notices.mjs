import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from '../lib/build.mjs';
import { dist, root } from '../lib/paths.mjs';

/** Ships in the package. */
export const noticesFile = join(root, 'ThirdPartyNotices.txt');

const header = `Third-party notices

Task Orchestrator contains code of the packages below. Each stands under its own licence, printed here.
This file is written by "npm run notices" from what the build really bundled.
`;

/**
 * sql.js holds SQLite itself, compiled; its licence file speaks of the JavaScript around it only.
 * Paths of codicons are written out in webview/shared/icons.ts.
 */
const additions = [
  'SQLite (inside sql.js)\nhttps://www.sqlite.org\n\nSQLite is in the public domain: https://www.sqlite.org/copyright.html',
  'Icons of codicons (CC-BY-4.0)\nhttps://github.com/microsoft/vscode-codicons\n\nCopyright (c) Microsoft Corporation. The icons stand under the Creative Commons Attribution 4.0 International licence: https://creativecommons.org/licenses/by/4.0/legalcode. Changed: their paths are drawn as one.',
];

/** @returns {Promise<string[]>} what is wrong */
export async function checkNotices() {
  const wanted = await composeNotices();
  const written = existsSync(noticesFile) ? await readFile(noticesFile, 'utf8') : '';
  return written === wanted ? [] : ['ThirdPartyNotices.txt is out of date: run "npm run notices"'];
}

/** The notices of every package that is in the bundles now. */
export async function composeNotices() {
  await ensureBuilt();
  /** @type {string[]} */
  const files = JSON.parse(await readFile(join(dist, 'bundled.json'), 'utf8'));
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  const notices = await Promise.all([...folders].map(notice));
  return `${[header, ...notices.sort(), ...additions].join(`\n${'-'.repeat(80)}\n\n`).trimEnd()}\n`;
}

/** @param {string} folder of a package, from the repository's */
async function notice(folder) {
  const path = join(root, folder);
  const { name, version, license, homepage, repository, author } = JSON.parse(
    await readFile(join(path, 'package.json'), 'utf8'),
  );
  const texts = (await readdir(path)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const read = await Promise.all(texts.map((file) => readFile(join(path, file), 'utf8')));
  const place = homepage ?? repository?.url ?? repository ?? '';
  const holder = typeof author === 'object' ? author.name : author;
  if (read.length === 0)
    read.push(`The package carries no licence text. Copyright holder: ${holder ?? 'its authors'}.`);
  const body = read.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
  return `${name} ${version} (${license})\n${place}\n\n${body}\n`.replaceAll('\n\n\n', '\n\n');
}
