/** `npm run package`: the VSIX. Fails on any warning of vsce, on a file that is not meant to ship, and above the size. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled, node24 } from './lib/install.mjs';
import { root } from './lib/paths.mjs';
import { mustRun } from './lib/processes.mjs';
import { PlainError, runMain, say } from './lib/say.mjs';

const maximumBytes = 5 * 1024 * 1024;

/** Everything that ships; `.vscodeignore` names the same. */
const shipped = [
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE(\.txt)?$/,
  /^ThirdPartyNotices\.txt$/,
  /^package(\.nls)?\.json$/,
  /^dist\/(extension|tm|mcp)(-[^/]+)?\.js$/,
  /^dist\/tm-reference\.json$/,
  /^dist\/(pluginRunner\.js|sqlRunner\.js|plugin\.d\.ts|plugins\/[^/]+\.mjs|templates\/[^/]+\.yaml)$/,
  /^dist\/sql-wasm\.wasm$/,
  /^dist\/webview\/[^/]+\.(js|css|ttf)$/,
  /^media\/.+\.(png|svg|md)$/,
];

await runMain(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const listed = (await vsce('ls')).split('\n').filter((line) => line && !line.startsWith(' '));
  const strangers = listed.filter((file) => !shipped.some((pattern) => pattern.test(file)));
  if (strangers.length > 0) throw new PlainError(`These files are not meant to ship:\n  ${strangers.join('\n  ')}`);

  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const vsix = `${name}-${version}.vsix`;
  const output = await vsce('package', '--out', vsix);
  // It is bundled: into parts that are loaded when they are needed, which vsce takes for sources.
  const warnings = output
    .split('\n')
    .filter((line) => /\bwarn(ing)?\b/i.test(line) && !/consists of \d+ files/.test(line));
  if (warnings.length > 0) throw new PlainError(`vsce warns:\n  ${warnings.join('\n  ')}`);

  const { size } = await stat(join(root, vsix));
  say(`${vsix}: ${listed.length} files, ${(size / 1024 / 1024).toFixed(2)} MB`);
  if (size > maximumBytes) throw new PlainError(`It is larger than ${maximumBytes / 1024 / 1024} MB.`);
});

/** @param {string} command @param {string[]} args */
function vsce(command, ...args) {
  const program = join(root, 'node_modules/@vscode/vsce/vsce');
  return mustRun(`vsce ${command}`, node24, [program, command, '--no-dependencies', ...args], { cwd: root });
}
