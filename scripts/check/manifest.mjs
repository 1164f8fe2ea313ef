import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';

/**
 * Compares what package.json declares with what the code lists. That each listed command is really registered is the
 * host tests' to show; that an unlisted one is not, the type checker's.
 * @returns {Promise<string[]>} what is wrong
 */
export async function checkCommands() {
  const declared = (await manifest()).contributes?.commands?.map(({ command }) => command) ?? [];
  const source = await readFile(join(root, 'src/vscode/manifest.ts'), 'utf8');
  const list = /export const COMMANDS = \[([^\]]*)\]/.exec(source)?.[1];
  if (list === undefined) return ['src/vscode/manifest.ts has no list COMMANDS'];
  const listed = [...list.matchAll(/'([^']+)'/g)].map(([, id]) => id ?? '');
  return [
    ...difference(declared, listed).map((id) => `package.json declares ${id}, COMMANDS of manifest.ts lacks it`),
    ...difference(listed, declared).map(
      (id) => `COMMANDS of manifest.ts lists ${id}, package.json does not declare it`,
    ),
    ...repeated(declared).map((id) => `package.json declares ${id} twice`),
    ...undeclaredUses(await manifest(), declared),
  ];
}

/**
 * Compares the `%keys%` of package.json with the entries of package.nls.json.
 * @returns {Promise<string[]>} what is wrong
 */
export async function checkTexts() {
  const text = await readFile(join(root, 'package.json'), 'utf8');
  const used = [...text.matchAll(/"%([^%"\s]+)%"/g)].map(([, key]) => key ?? '');
  const texts = Object.keys(JSON.parse(await readFile(join(root, 'package.nls.json'), 'utf8')));
  return [
    ...difference(used, texts).map((key) => `package.nls.json lacks ${key}`),
    ...difference(texts, used).map((key) => `package.json does not use ${key} of package.nls.json`),
  ];
}

/**
 * @typedef {{ command?: string, [more: string]: unknown }} MenuItem
 * @typedef {{ command: string }} Command
 * @typedef {{ commands?: Command[], menus?: Record<string, MenuItem[]>, keybindings?: MenuItem[] }} Contributes
 * @returns {Promise<{ contributes?: Contributes }>}
 */
async function manifest() {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
}

/** Menus and keys that name one of our commands which does not exist. @param {{ contributes?: Contributes }} manifest @param {string[]} declared */
function undeclaredUses({ contributes }, declared) {
  const items = [...Object.values(contributes?.menus ?? {}).flat(), ...(contributes?.keybindings ?? [])];
  const used = items.flatMap(({ command }) => (command?.startsWith('taskOrchestrator.') ? [command] : []));
  return difference([...new Set(used)], declared).map(
    (id) => `a menu or key of package.json names ${id}, which is no command`,
  );
}

/** @param {readonly string[]} all @param {readonly string[]} without */
const difference = (all, without) => all.filter((item) => !without.includes(item));

/** @param {readonly string[]} items */
const repeated = (items) => items.filter((item, index) => items.indexOf(item) !== index);
