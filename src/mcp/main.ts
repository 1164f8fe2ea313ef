import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { toolsOf } from '../app/tools/registry.js';
import { OrchestratorError } from '../core/model/errors.js';
import { Host } from './host.js';
import { LineTransport } from './lineTransport.js';
import { log } from './log.js';
import { type GivenOptions, type Options, parseCommandLine, readOptions } from './options.js';
import { createServer } from './server.js';

const USAGE = 2;

const HELP = `Serves the plan to coding agents over the Model Context Protocol.
Usage: node mcp.js [--tools core,planning,execution|all] [--http [--port N]] [--bulk-limit N] [--agent-id NAME]
“tm mcp --help” explains them.
`;

/** Serves until its client goes away, or the process is told to end. Throws INVALID_INPUT for options that cannot be. */
export async function serve(given: GivenOptions): Promise<void> {
  const options = readOptions(given, process.env);
  const host = new Host(process.cwd(), options);
  try {
    if (options.port === undefined) await serveStreams(host, options);
    else {
      host.warm();
      await (await import('./http.js')).serveHttp(host, serverOptions(options), options.port, told());
    }
  } finally {
    await host.close();
  }
}

function serverOptions({ sets, agent }: Options) {
  return { tools: toolsOf(sets), agent };
}

async function serveStreams(host: Host, options: Options): Promise<void> {
  const transport = new LineTransport(process.stdin, process.stdout);
  const settings = serverOptions(options);
  const server = serveStdio(
    // Since 2026-07-28 the library keeps the subscriptions.
    ({ era }) => {
      // A client's first question is who this is: it need not wait for the store.
      setImmediate(() => host.warm());
      return createServer(host, settings, era === 'modern' ? 'all' : 'subscribed');
    },
    { transport, onerror: (error) => log(error.message) },
  );
  await Promise.race([transport.closed, told()]);
  await server.close();
}

/** Resolves when the process is asked to end. */
function told(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });
}

/** Serves as the command line of `mcp.js` says, and ends the process. */
export function run(words: readonly string[]): void {
  runAs(words).then(
    (code) => process.exit(code),
    (error: unknown) => {
      log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      process.exit(1);
    },
  );
}

async function runAs(words: readonly string[]): Promise<number> {
  try {
    const { help, ...given } = parseCommandLine(words);
    if (help) process.stdout.write(HELP);
    else await serve(given);
    return 0;
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    log(error.message);
    return USAGE;
  }
}
