/** `npm run check`: types, lint, layers, dead code, the manifest and the notices. */
import { ensureInstalled } from './lib/install.mjs';
import { runMain, say } from './lib/say.mjs';
import { runCheck } from './suites/check.mjs';

await runMain(async () => {
  await ensureInstalled();
  const { passed, failed } = await runCheck();
  say(`check: ${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
