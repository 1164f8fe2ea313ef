/** `npm run docs`: writes docs/cli.md and docs/mcp-tools.md anew. */
import { writeFile } from 'node:fs/promises';
import { cliReference, composeCliReference } from './check/cli.mjs';
import { composeToolReference, toolReference } from './check/mcpTools.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runMain, say } from './lib/say.mjs';

await runMain(async () => {
  await ensureInstalled();
  await writeFile(cliReference, await composeCliReference());
  await writeFile(toolReference, await composeToolReference());
  say('Wrote docs/cli.md and docs/mcp-tools.md.');
});
