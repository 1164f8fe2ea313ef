import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { loadDefinitions } from './mcpTools.mjs';

const manifestFile = join(root, 'package.json');
const textsFile = join(root, 'package.nls.json');

/** Where a text of package.nls.json belongs to a tool. */
const PREFIX = 'tool.';

/** How a tool looks where people choose among them. @type {Readonly<Record<string, string>>} */
const icons = {
  create_task: 'add',
  get_task: 'go-to-file',
  update_task: 'edit',
  update_task_status: 'check',
  delete_task: 'trash',
  list_tasks: 'list-unordered',
  search_tasks: 'search',
  changed_since: 'history',
  next_work: 'play',
  claim_task: 'pinned',
  release_task: 'pin',
  add_dependency: 'git-merge',
  link_file: 'link',
  get_task_graph: 'type-hierarchy',
  parse_prd: 'list-tree',
  analyze_complexity: 'graph',
  estimate_effort: 'clock',
  get_next_task: 'lightbulb',
  expand_task: 'list-tree',
};

/** @returns {Promise<string[]>} what is wrong */
export async function checkEditorTools() {
  const composed = await composeEditorTools();
  const files = Object.entries(composed);
  const wrong = await Promise.all(
    files.map(async ([file, text]) => ((await readFile(file, 'utf8')) === text ? [] : [file.slice(root.length + 1)])),
  );
  return wrong.flat().map((file) => `the tools in ${file} are out of date: run "npm run docs"`);
}

/**
 * package.json and package.nls.json with the editor's tools as the definitions have them now.
 * @returns {Promise<Record<string, string>>} texts by file
 */
export async function composeEditorTools() {
  const { tools: all, EDITOR_SETS, editorName, inEditorNames } = await loadDefinitions();
  const tools = all.filter(({ set }) => EDITOR_SETS.includes(set));
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8'));
  manifest.contributes.languageModelTools = tools.map(({ name, set, description, input }) => ({
    name: editorName(name),
    toolReferenceName: name,
    displayName: `%${PREFIX}${name}%`,
    userDescription: `%${PREFIX}${name}.description%`,
    // An editor has tasks of other kinds.
    modelDescription: `The project’s plan: ${inEditorNames(description, tools)}`,
    canBeReferencedInPrompt: true,
    icon: `$(${icons[name] ?? 'checklist'})`,
    tags: ['tasks', set],
    when: whenOf(set),
    inputSchema: { ...input, properties: { ...input.properties, folder } },
  }));
  const texts = Object.entries(JSON.parse(await readFile(textsFile, 'utf8'))).filter(
    ([key]) => !key.startsWith(PREFIX),
  );
  for (const { name, title, description } of tools)
    texts.push([`${PREFIX}${name}`, title], [`${PREFIX}${name}.description`, description]);
  return {
    [manifestFile]: `${JSON.stringify(manifest, null, 2)}\n`,
    [textsFile]: `${JSON.stringify(Object.fromEntries(texts), null, 2)}\n`,
  };
}

/** Which plan is meant, where a window has several. */
const folder = { type: 'string', description: 'Where the window has several plans: the folder' };

/** @param {string} set */
function whenOf(set) {
  const offered = 'config.taskOrchestrator.agents.access == tools';
  return set === 'core' ? offered : `${offered} && config.taskOrchestrator.agents.toolSets != core`;
}
