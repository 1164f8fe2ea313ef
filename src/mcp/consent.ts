import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Tool } from '../app/tools/tool.js';
import type { BulkChangeError } from './bulkLimit.js';

/** Under which name a person is asked. */
const QUESTION = 'consent';
/** How many tasks a person agreed to: those questions that are open, by their names, which nobody can guess. */
const asked = new Map<string, number>();
const MOST_OPEN = 100;

/** True where the client says that it puts a server's questions to a person. */
export function canAsk(server: Server, { mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  const capabilities = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return typeof capabilities === 'object' && capabilities !== null && 'elicitation' in capabilities;
}

/** The question to the person: the client asks it, and calls the tool again with the answer. */
export function consentTo({ count }: BulkChangeError, { title }: Tool): InputRequiredResult {
  const state = crypto.randomUUID();
  asked.set(state, count);
  const [oldest] = asked.keys();
  if (asked.size > MOST_OPEN && oldest !== undefined) asked.delete(oldest);
  return inputRequired({
    inputRequests: {
      [QUESTION]: inputRequired.elicit({
        message: `“${title}” would change ${count} tasks at once. Do you agree? It is one change that “tm undo” takes back.`,
        requestedSchema: {
          type: 'object',
          properties: { agree: { type: 'boolean', title: `Change ${count} tasks`, default: false } },
          required: ['agree'],
        },
      }),
    },
    requestState: state,
  });
}

/** So many tasks may change, by what a person answered; undefined where nobody was asked, 0 where the answer was no. */
export function consentIn({ mcpReq }: ServerContext): number | undefined {
  const answer = inputResponse(mcpReq.inputResponses, QUESTION);
  if (answer.kind !== 'elicit') return undefined;
  const state = mcpReq.requestState<string>();
  const count = typeof state === 'string' ? asked.get(state) : undefined;
  if (typeof state === 'string') asked.delete(state);
  return answer.action === 'accept' && answer.content?.agree === true ? (count ?? 0) : 0;
}
