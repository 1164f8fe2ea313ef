import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';

/** Ways to run a text as a program that the linter knows, each in a file of its own. @type {Record<string, string>} */
const refused = {
  eval: "export const x = eval('1');\n",
  'globalThis.eval': "export const x = globalThis.eval('1');\n",
  'new Function': "export const x = new Function('return 1');\n",
  Function: "export const x = Function('return 1');\n",
  'a name for Function': 'const make = Function;\nexport const x = make;\n',
};

/** Those that it does not know, as they would stand in the sources. @type {Record<string, RegExp>} */
const forms = {
  'the module vm': /(from|import|require|import\(|require\(|getBuiltinModule\()\s*\(?['"`](node:)?vm(\/\w+)?['"`]/,
  'a constructor taken from a value': /\.constructor\s*\(|\bconstructor['"`]\]\s*\(/,
  'Function of the global object': /\b(globalThis|window|global|self)\s*(\.|\[['"`])(Function|eval)\b/,
  'a timer of a text': /\bset(Timeout|Interval|Immediate)\(\s*['"`]/,
  'a script of a text': /\b(runInThisContext|runInNewContext|compileFunction|_compile)\s*\(/,
};

/** The one place where a program is started from its file with V8's kept code: that of the build itself (docs/decisions/0015). */
const START = 'src/platform/start/start.ts';

/**
 * Proves that no text is ever run as a program here: the linter refuses it, and what the linter does not know is not there.
 * @param {(args: string[], cwd: string) => Promise<unknown>} biome runs the linter in a folder
 * @returns {Promise<string[]>} what is wrong
 */
export async function checkEvaluation(biome) {
  return [...(await linterLetsThrough(biome)), ...(await formsInSources())];
}

/** @param {(args: string[], cwd: string) => Promise<unknown>} biome */
async function linterLetsThrough(biome) {
  const dir = await mkdtemp(join(tmpdir(), 'task-orchestrator-evaluation-'));
  try {
    const config = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
    await writeFile(join(dir, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    const attempts = ['src/app', 'src/cli', 'src/vscode', 'webview'].flatMap((folder) =>
      Object.entries(refused).map(([name, text], at) => ({
        name,
        text,
        path: `${folder}/probe/attempt${at}.ts`,
        folder,
      })),
    );
    for (const { path, text, folder } of attempts) {
      await mkdir(join(dir, folder, 'probe'), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    const report = join(dir, 'report.json');
    const rules = ['--only=security/noGlobalEval', '--only=style/noRestrictedGlobals'];
    await biome(['lint', ...rules, '--reporter=json', `--reporter-file=${report}`, '--max-diagnostics=none', '.'], dir);
    const { diagnostics } = JSON.parse(await readFile(report, 'utf8'));
    /** @type {string[]} */
    const paths = diagnostics.map((/** @type {{ location: { path: string } }} */ { location }) => location.path);
    return attempts
      .filter(({ path }) => !paths.some((found) => found.endsWith(path)))
      .map(({ name, folder }) => `${folder} may use ${name}: the linter allows it`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function formsInSources() {
  const problems = [];
  for (const folder of ['src', 'webview']) {
    for (const name of await readdir(join(root, folder), { recursive: true })) {
      if (!name.endsWith('.ts') || `${folder}/${name}` === START) continue;
      const text = await readFile(join(root, folder, name), 'utf8');
      for (const [form, pattern] of Object.entries(forms))
        if (pattern.test(text)) problems.push(`${folder}/${name} runs a text as a program: ${form}`);
    }
  }
  const start = await readFile(join(root, START), 'utf8');
  if (start.match(/new Script\(/g)?.length !== 1 || !start.includes('new Script(program.source,'))
    problems.push(`${START} runs something else than the program that it reads`);
  return problems;
}
