import { CLIENT_INFO_META_KEY, Server, type ServerContext } from '@modelcontextprotocol/server';
import type { Tool } from '../app/tools/tool.js';
import { checkAgentName } from '../core/model/agentName.js';
import { plain } from '../core/model/plainText.js';
import type { Host } from './host.js';
import { serveTools } from './toolCalls.js';

/** Replaced by the build. */
declare const VERSION: string;

/** In whose name a client acts that does not say who it is. */
const NAMELESS = 'mcp';
const LONGEST_NAME = 100;

export interface ServerOptions {
  readonly tools: readonly Tool[];
  /** Who acts, if the person who started the server said so; else the client's name. */
  readonly agent?: string | undefined;
}

const INSTRUCTIONS = `The plan of this project: tasks and what they wait for, shared with people and other agents.
To work: next_work claims the best ready task and gives all to begin with; set it in_progress, then completed with a summary, or release it.
A task is named by its number (12), T-12 or its key. Replies are small: use next_cursor or full for more, changed_since to stay current.`;

/** The server of one connection. */
export function createServer(host: Host, { tools, agent }: ServerOptions): Server {
  const server = new Server(
    { name: 'task-orchestrator', title: 'Task Orchestrator', version: VERSION },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  const actorOf = (context: ServerContext) => agent ?? clientName(server, context);
  serveTools(server, host, tools, actorOf);
  return server;
}

/** The client's name, as it stands in the request (since 2026-07-28) or was given when the connection began. */
function clientName(server: Server, { mcpReq }: ServerContext): string {
  const envelope = mcpReq.envelope as Readonly<Record<string, { readonly name?: unknown }>> | undefined;
  const name = envelope?.[CLIENT_INFO_META_KEY]?.name ?? server.getClientVersion()?.name;
  if (typeof name !== 'string' || plain(name).trim() === '') return NAMELESS;
  return checkAgentName(plain(name).trim().slice(0, LONGEST_NAME));
}
