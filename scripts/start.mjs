/** `npm start`: a real VS Code on the demo workspace with this extension in it, from a bare clone. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureDemo } from './lib/demo.mjs';
import { openInBrowser, runDesktop } from './lib/desktop.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { installExtension } from './lib/installExtension.mjs';
import { rigDir } from './lib/paths.mjs';
import { isEnding } from './lib/processes.mjs';
import { PlainError, runMain, say } from './lib/say.mjs';
import { startServer, windowAddress } from './lib/server.mjs';
import { ensureVsCodeServer, requireServerTools } from './lib/vscodeServer.mjs';

const usage = `npm start [-- OPTIONS]   opens VS Code on the demo workspace, in the browser

  --folder DIR   open this folder instead of the demo
  --fresh        make the demo workspace anew
  --port N       listen on this port of 127.0.0.1 (default 8731, or a free one)
  --desktop      use a desktop VS Code instead of the browser
  --no-open      print the address only`;

const preferredPort = 8731;

await runMain(async () => {
  const options = readOptions();
  if (options.help) return say(usage);

  // Ctrl-C is how this ends: npm need not call it an error.
  process.on('exit', () => {
    if (isEnding()) process.exitCode = 0;
  });

  if (!options.desktop) requireServerTools();
  await ensureInstalled();
  if (!options.desktop) await ensureVsCodeServer();
  await ensureBuilt();
  const folder = options.folder ? resolve(options.folder) : await ensureDemo(options);
  if (!existsSync(folder)) throw new PlainError(`There is no folder ${folder}.`);
  if (options.desktop) return runDesktop(folder);

  const extensionsDir = join(rigDir, 'start/extensions');
  await installExtension(extensionsDir);
  const server = await startServer({ port: options.port, dataDir: join(rigDir, 'start'), extensionsDir });
  const address = windowAddress(server.port, folder);
  say(`\n  Task Orchestrator in VS Code: ${address}\n\n  Ctrl-C ends it.`);
  if (options.open) openInBrowser(address);
  await server.ended;
  if (isEnding()) return;
  throw new PlainError(`${server.log()}\nVS Code's server ended by itself; its output is above.`);
});

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        desktop: { type: 'boolean' },
        folder: { type: 'string' },
        fresh: { type: 'boolean' },
        help: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        port: { type: 'string', default: String(preferredPort) },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${values.port} is not a port`);
    return { ...values, port, open: !values['no-open'] };
  } catch (error) {
    throw new PlainError(`${error.message}\n\n${usage}`);
  }
}
