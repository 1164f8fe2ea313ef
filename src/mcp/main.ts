import { parseArgs } from 'node:util';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { toolsOf } from '../app/tools/registry.js';
import { BULK_LIMIT } from './bulkLimit.js';
import { Host } from './host.js';
import { LineTransport } from './lineTransport.js';
import { log } from './log.js';
import { createServer } from './server.js';

export async function serve() {
  const host = new Host(process.cwd(), { bulkLimit: BULK_LIMIT });
  const transport = new LineTransport(process.stdin, process.stdout);
  const tools = toolsOf();
  const ended = new Promise<void>((done) => {
    const { close } = transport;
    transport.close = async () => {
      await close.call(transport);
      done();
    };
  });
  serveStdio(() => createServer(host, { tools, agent: process.env.TM_AGENT_ID }), {
    transport,
    onerror: (error) => log(error.message),
  });
  await ended;
  await host.close();
}
void parseArgs;
serve().then(() => process.exit(0));
