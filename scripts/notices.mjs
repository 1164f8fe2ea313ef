/** `npm run notices`: writes ThirdPartyNotices.txt anew. */
import { writeFile } from 'node:fs/promises';
import { composeNotices, noticesFile } from './check/notices.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runMain, say } from './lib/say.mjs';

await runMain(async () => {
  await ensureInstalled();
  await writeFile(noticesFile, await composeNotices());
  say('Wrote ThirdPartyNotices.txt.');
});
