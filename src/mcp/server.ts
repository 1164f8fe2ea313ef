import {
  CLIENT_INFO_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Tool } from '../app/tools/tool.js';
import { checkAgentName } from '../core/model/agentName.js';
import { plain } from '../core/model/plainText.js';
import type { Host } from './host.js';
import { onNotice } from './notices.js';
import { servePrompts } from './prompts.js';
import { serveResources } from './resources.js';
import { serveTools } from './toolCalls.js';

/** Replaced by the build. */
declare const VERSION: string;

/** In whose name a client acts that does not say who it is. */
const NAMELESS = 'mcp';
const LONGEST_NAME = 100;
const MOST_SUBSCRIPTIONS = 1_000;

export interface ServerOptions {
  readonly tools: readonly Tool[];
  /** Who acts, if the person who started the server said so; else the client's name. */
  readonly agent?: string | undefined;
}

const INSTRUCTIONS = `The plan of this project: tasks and what they wait for, shared with people and other agents.
To work: next_work claims the best ready task and gives all to begin with; set it in_progress, then completed with a summary, or release it.
A task is named by its number (12), T-12 or its key. Replies are small: use next_cursor or full for more, changed_since to stay current. Give lease (from your claim) with a change to be refused if the claim was lost.`;

/** How a connection hears of changes: told of those that it subscribed to, of all (and filtered elsewhere), or not at all. */
export type Hearing = 'subscribed' | 'all' | 'none';

/** The server of one connection. */
export function createServer(host: Host, { tools, agent }: ServerOptions, hearing: Hearing): Server {
  const capabilities = { tools: {}, prompts: {}, resources: { subscribe: true, listChanged: true } };
  const server = new Server(
    { name: 'task-orchestrator', title: 'Task Orchestrator', version: VERSION },
    { capabilities, instructions: INSTRUCTIONS },
  );
  const actorOf = (context: ServerContext) => agent ?? clientName(server, context);
  serveTools(server, host, tools, actorOf);
  serveResources(server, host, actorOf);
  servePrompts(server);
  if (hearing !== 'none') tellOfChanges(server, host, hearing);
  return server;
}

function tellOfChanges(server: Server, host: Host, hearing: Hearing): void {
  const subscribed = new Set<string>();
  server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    if (subscribed.size >= MOST_SUBSCRIPTIONS && !subscribed.has(uri))
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${MOST_SUBSCRIPTIONS} subscriptions are the most.`);
    subscribed.add(uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });
  // A connection that is gone, or does not exist yet, misses nothing: it reads when it comes.
  const ignore = () => undefined;
  const end = onNotice(host, ({ updated, list }) => {
    for (const uri of updated)
      if (hearing === 'all' || subscribed.has(uri)) server.sendResourceUpdated({ uri }).catch(ignore);
    if (list) server.sendResourceListChanged().catch(ignore);
  });
  server.onclose = end;
}

/** The client's name, as it stands in the request (since 2026-07-28) or was given when the connection began. */
function clientName(server: Server, { mcpReq }: ServerContext): string {
  const envelope = mcpReq.envelope as Readonly<Record<string, { readonly name?: unknown }>> | undefined;
  const name = envelope?.[CLIENT_INFO_META_KEY]?.name ?? server.getClientVersion()?.name;
  if (typeof name !== 'string' || plain(name).trim() === '') return NAMELESS;
  return checkAgentName(plain(name).trim().slice(0, LONGEST_NAME));
}
