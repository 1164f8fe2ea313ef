import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { type Consent, keepRound, type ModelAnswers, type Round } from './rounds.js';

/** Under which name a person is asked. */
const QUESTION = 'consent';

/** A call that goes on once a person was asked. */
export class ConsentNeeded extends Error {
  readonly consent: Consent;

  constructor(question: string, consent: Consent) {
    super(question);
    this.consent = consent;
  }
}

/** True where the client says that it can: put a server's questions to a person, or lend its model. */
export function clientCan(what: 'elicitation' | 'sampling', server: Server, { mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  const capabilities = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return typeof capabilities === 'object' && capabilities !== null && what in capabilities;
}

/** The question to the person: the client asks it, and calls the tool again with the answer. */
export function consentTo({ message, consent }: ConsentNeeded, answers: ModelAnswers): InputRequiredResult {
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
    requestState: keepRound({ asked: consent, answers }),
  });
}

/** What a person answered, now or in an earlier round; undefined where nobody was asked yet. */
export function consentIn({ mcpReq }: ServerContext, round: Round | undefined): Consent | undefined {
  const answer = inputResponse(mcpReq.inputResponses, QUESTION);
  if (answer.kind !== 'elicit') return round?.decided;
  return answer.action === 'accept' && answer.content?.agree === true ? (round?.asked ?? { tasks: 0 }) : { tasks: 0 };
}
