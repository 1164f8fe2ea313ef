/** `npm run docs`: writes docs/cli.md anew. */
import { writeFile } from 'node:fs/promises';
import { cliReference, composeCliReference } from './check/cli.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runMain, say } from './lib/say.mjs';

await runMain(async () => {
  await ensureInstalled();
  await writeFile(cliReference, await composeCliReference());
  say('Wrote docs/cli.md.');
});
