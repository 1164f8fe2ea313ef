import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../lib/paths.mjs';

/**
 * Who may import whom: every layer names all that it may. The rule itself stands in `biome.json`, as editors and
 * `biome check` know it; this table proves that the rule says so.
 * @type {Record<string, readonly string[]>}
 */
const allowed = {
  'src/core': [],
  'src/store': ['src/core', 'node', 'sql.js'],
  'src/app': ['src/core', 'src/store'],
  'src/platform': ['src/core', 'src/app', 'node'],
  'src/protocol': ['src/core'],
  'src/cli': ['src/core', 'src/store', 'src/app', 'src/platform', 'src/protocol', 'node'],
  'src/mcp': ['src/core', 'src/store', 'src/app', 'src/platform', 'src/protocol', 'node'],
  'src/vscode': ['src/core', 'src/store', 'src/app', 'src/platform', 'src/protocol', 'node', 'vscode'],
  webview: ['src/core', 'src/protocol'],
};

/** What a file may write to import something that is no layer. @type {Record<string, string>} */
const packages = { node: 'node:fs/promises', 'sql.js': 'sql.js', vscode: 'vscode' };

/**
 * Tries every import between two layers, also of types only and at run time, and compares what the linter refuses
 * with {@link allowed}.
 * @param {(args: string[], cwd: string) => Promise<unknown>} biome runs the linter in a folder
 * @returns {Promise<string[]>} what is wrong
 */
export async function checkLayers(biome) {
  const problems = (await folders()).filter((layer) => !allowed[layer]).map((layer) => `${layer} has no layer rule`);
  const dir = await mkdtemp(join(tmpdir(), 'task-orchestrator-layers-'));
  try {
    const config = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
    await writeFile(join(dir, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    const attempts = await writeAttempts(dir);
    const report = join(dir, 'report.json');
    const args = ['lint', '--only=style/noRestrictedImports', '--reporter=json', `--reporter-file=${report}`];
    await biome([...args, '--max-diagnostics=none', '.'], dir);
    const { diagnostics } = JSON.parse(await readFile(report, 'utf8'));
    const refused = new Set(diagnostics.map(pathOf));
    for (const { path, from, to, form } of attempts) {
      const legal = from === to || allowed[from]?.includes(to);
      if (legal && refused.has(path)) problems.push(`${from} may import ${to} (${form}), but the linter refuses it`);
      if (!legal && !refused.has(path))
        problems.push(`${from} may not import ${to} (${form}), but the linter allows it`);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return problems;
}

/** The layers that exist. */
async function folders() {
  const entries = await readdir(join(root, 'src'), { withFileTypes: true });
  return [...entries.filter((entry) => entry.isDirectory()).map((entry) => `src/${entry.name}`), 'webview'];
}

/** One file for each attempt. @param {string} dir */
async function writeAttempts(dir) {
  const attempts = [];
  for (const from of Object.keys(allowed)) {
    const targets = [...Object.keys(allowed), ...Object.keys(packages)];
    for (const to of targets) {
      const up = '../'.repeat(from.split('/').length + 1);
      const specifier = packages[to] ?? `${up}${to}/deep/x.js`;
      const forms = {
        value: `import { x } from '${specifier}';\nx();\n`,
        type: `import type { X } from '${specifier}';\nexport type Y = X;\n`,
        dynamic: `export const x = import('${specifier}');\n`,
      };
      for (const [form, text] of Object.entries(forms)) {
        const path = `${from}/probe/${to.replaceAll(/\W/g, '-')}.${form}.ts`;
        await mkdir(dirname(join(dir, path)), { recursive: true });
        await writeFile(join(dir, path), text);
        attempts.push({ path, from, to, form });
      }
    }
  }
  return attempts;
}

/** @param {{ location: { path: string } }} diagnostic */
function pathOf({ location: { path } }) {
  return path.replace(/^.*?((src\/\w+|webview)\/probe\/)/, '$1');
}
