import {
  type CreateMessageRequestParams,
  type CreateMessageResult,
  type CreateMessageResultWithTools,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { ModelProvider, ModelReply, ModelRequest } from '../app/ports.js';
import { OrchestratorError } from '../core/model/errors.js';
import { plain } from '../core/model/plainText.js';
import { inWords, LONGEST_ANSWER } from '../platform/models/service.js';
import { type Consent, keepRound, type ModelAnswers, type Round } from './rounds.js';

/** Under which name the model is asked. */
const QUESTION = 'model';
/** A person may look at the question and at the answer: patience with one, ms. */
const TIMEOUT = 600_000;
/** Clients go only so many rounds for one call: ten in the SDK, one of them perhaps for a consent. */
const MOST_REQUESTS = 8;
/** What the protocol has a client answer whose person said no. */
const REFUSED_BY_PERSON = -1;

/** A call that goes on once the client's model was asked. */
export class AnswerNeeded extends Error {
  readonly params: CreateMessageRequestParams;

  constructor(params: CreateMessageRequestParams) {
    super('The model of the client has to be asked first.');
    this.params = params;
  }
}

/** The question to the model: the client asks it, and calls the tool again with the answer. */
export function askModel(
  { params }: AnswerNeeded,
  decided: Consent | undefined,
  answers: ModelAnswers,
): InputRequiredResult {
  return inputRequired({
    inputRequests: { [QUESTION]: inputRequired.createMessage(params) },
    requestState: keepRound({ decided, question: keyOf(params), answers }),
  });
}

/** What the model of the client answered in this round and in earlier ones. */
export function answersIn({ mcpReq }: ServerContext, round: Round | undefined): ModelAnswers {
  const answers: ModelAnswers = new Map(round?.answers);
  if (round?.question === undefined) return answers;
  const answer = inputResponse(mcpReq.inputResponses, QUESTION);
  return answers.set(round.question, answer.kind === 'sampling' ? (answer.result as CreateMessageResult) : null);
}

/** The model that an MCP client lends by sampling: the client asks its person first, and pays. */
export class ClientModel implements ModelProvider {
  readonly name = 'client';
  readonly label = 'The client’s own model';
  readonly mostRequests = MOST_REQUESTS;
  readonly unavailable: string | undefined;
  readonly #context: ServerContext;
  readonly #answers: ModelAnswers;

  constructor(context: ServerContext, canSample: boolean, answers: ModelAnswers) {
    this.#context = context;
    this.#answers = answers;
    if (!canSample) this.unavailable = 'this client does not lend it (it offers no sampling).';
  }

  async complete(request: ModelRequest): Promise<ModelReply> {
    const params = paramsOf(request);
    const known = this.#answers.get(keyOf(params));
    if (known === null) throw this.#failure('PROVIDER_UNAVAILABLE', 'gave no answer.');
    const result = known ?? (await this.#ask(params, request.signal));
    this.#answers.set(keyOf(params), result as CreateMessageResult);
    const text = textOf(result);
    if (text.length > LONGEST_ANSWER)
      throw this.#failure('PROVIDER_UNAVAILABLE', 'gave an answer that is far too long.');
    request.onProgress?.(text.length);
    // The protocol does not say how many tokens it took.
    return { text, model: plain(result.model).slice(0, 200), isCut: result.stopReason === 'maxTokens', notes: [] };
  }

  async #ask(
    params: CreateMessageRequestParams,
    signal: AbortSignal,
  ): Promise<CreateMessageResult | CreateMessageResultWithTools> {
    const { mcpReq } = this.#context;
    // Since 2026-07-28 a server asks nothing by itself: it answers what it needs, and is called again.
    if (mcpReq.envelope !== undefined) throw new AnswerNeeded(params);
    try {
      return await mcpReq.requestSampling(params, { signal, timeout: TIMEOUT });
    } catch (error) {
      signal.throwIfAborted();
      throw this.#inWords(error);
    }
  }

  #inWords(error: unknown): OrchestratorError {
    if (error instanceof ProtocolError && error.code === REFUSED_BY_PERSON)
      return this.#failure('PROVIDER_UNAVAILABLE', 'may not be used: its person said no.', 'refused');
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)
      return this.#failure('TIMEOUT', `did not answer within ${TIMEOUT / 1000} s.`);
    const says = plain(error instanceof Error ? error.message : String(error)).slice(0, 300);
    return this.#failure('PROVIDER_UNAVAILABLE', `failed: ${says}`);
  }

  #failure(code: 'PROVIDER_UNAVAILABLE' | 'TIMEOUT', message: string, reason?: string): OrchestratorError {
    return new OrchestratorError(code, `${this.label} ${message}`, {
      provider: this.name,
      ...(reason !== undefined && { reason }),
    });
  }
}

function paramsOf(request: ModelRequest): CreateMessageRequestParams {
  const { system, messages, maxTokens, temperature, model } = inWords(request);
  return {
    systemPrompt: system,
    messages: messages.map(({ role, text }) => ({ role, content: { type: 'text', text } })),
    maxTokens,
    ...(temperature !== undefined && { temperature }),
    // The client chooses: this is what was wished for.
    ...(model !== undefined && { modelPreferences: { hints: [{ name: model }] } }),
  };
}

function keyOf(params: CreateMessageRequestParams): string {
  return JSON.stringify(params);
}

function textOf({ content }: CreateMessageResult | CreateMessageResultWithTools): string {
  const parts = Array.isArray(content) ? content : [content];
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
