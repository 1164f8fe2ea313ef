/** `npm run docs`: writes docs/cli.md, docs/mcp-tools.md and the editor's tools in package.json anew. */
import { writeFile } from 'node:fs/promises';
import { cliReference, composeCliReference } from './check/cli.mjs';
import { composeEditorTools } from './check/editorTools.mjs';
import { composeToolReference, toolReference } from './check/mcpTools.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runMain, say } from './lib/say.mjs';

await runMain(async () => {
  await ensureInstalled();
  await writeFile(cliReference, await composeCliReference());
  await writeFile(toolReference, await composeToolReference());
  for (const [file, text] of Object.entries(await composeEditorTools())) await writeFile(file, text);
  say('Wrote docs/cli.md, docs/mcp-tools.md, and the tools in package.json and package.nls.json.');
});
