import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** Under which name a person is asked. */
const QUESTION = 'consent';
const MOST_OPEN = 100;

/** What a person said yes to, or no: exactly this. */
export interface Consent {
  /** So many tasks may change at once; 0 where the answer was no. */
  readonly tasks?: number | undefined;
  /** What was approved, word for word. */
  readonly subject?: string | undefined;
}

/** Those questions that are open, by their names, which nobody can guess. */
const asked = new Map<string, Consent>();

/** A call that goes on once a person was asked. */
export class ConsentNeeded extends Error {
  readonly consent: Consent;

  constructor(question: string, consent: Consent) {
    super(question);
    this.consent = consent;
  }
}

/** True where the client says that it puts a server's questions to a person. */
export function canAsk(server: Server, { mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  const capabilities = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return typeof capabilities === 'object' && capabilities !== null && 'elicitation' in capabilities;
}

/** The question to the person: the client asks it, and calls the tool again with the answer. */
export function consentTo({ message, consent }: ConsentNeeded): InputRequiredResult {
  const state = crypto.randomUUID();
  asked.set(state, consent);
  const [oldest] = asked.keys();
  if (asked.size > MOST_OPEN && oldest !== undefined) asked.delete(oldest);
  return inputRequired({
    inputRequests: {
      [QUESTION]: inputRequired.elicit({
        message,
        requestedSchema: {
          type: 'object',
          properties: { agree: { type: 'boolean', title: 'Yes, do it', default: false } },
          required: ['agree'],
        },
      }),
    },
    requestState: state,
  });
}

/** What a person answered; undefined where nobody was asked yet. */
export function consentIn({ mcpReq }: ServerContext): Consent | undefined {
  const answer = inputResponse(mcpReq.inputResponses, QUESTION);
  if (answer.kind !== 'elicit') return undefined;
  const state = mcpReq.requestState<string>();
  const consent = typeof state === 'string' ? asked.get(state) : undefined;
  if (typeof state === 'string') asked.delete(state);
  return answer.action === 'accept' && answer.content?.agree === true ? (consent ?? { tasks: 0 }) : { tasks: 0 };
}
