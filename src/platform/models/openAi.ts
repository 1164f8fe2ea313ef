import { OpenAI } from 'openai/client';
import type { ModelReply, ModelRequest } from '../../app/ports.js';
import { EndlessError, TruncatedError } from './attempts.js';
import type { Connection, Reduced } from './service.js';
import { LONGEST_ANSWER } from './service.js';

/** Asks OpenAI's Chat Completions API, or a service that speaks it, once and as a stream. */
export async function askOpenAi(
  connection: Connection,
  request: ModelRequest,
  { model, withSchema, temperature }: Reduced,
  signal: AbortSignal,
): Promise<Omit<ModelReply, 'notes'>> {
  const isOwn = connection.name === 'openai';
  const stream = await clientOf(connection).chat.completions.create(
    {
      model,
      messages: [
        { role: 'system', content: request.system },
        ...request.messages.map(({ role, text }) => ({ role, content: text })),
      ],
      stream: true,
      stream_options: { include_usage: true },
      // Other services know only the older name.
      ...(isOwn ? { max_completion_tokens: request.maxTokens } : { max_tokens: request.maxTokens }),
      ...(withSchema && {
        response_format: {
          type: 'json_schema' as const,
          json_schema: { name: 'plan', strict: true, schema: { ...request.schema } },
        },
      }),
      ...(temperature !== undefined && { temperature }),
    },
    { signal },
  );
  let text = '';
  let answered: string = model;
  let usage: ModelReply['usage'];
  let ended: string | undefined;
  for await (const chunk of stream) {
    if (chunk.model) answered = chunk.model;
    if (chunk.usage) usage = { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
    const choice = chunk.choices?.[0];
    ended = choice?.finish_reason ?? ended;
    const more = choice?.delta?.content;
    if (!more) continue;
    text += more;
    if (text.length > LONGEST_ANSWER) throw new EndlessError();
    request.onProgress?.(text.length);
  }
  signal.throwIfAborted();
  if (ended === undefined) throw new TruncatedError();
  return { text, model: answered, isCut: ended === 'length', ...(usage && { usage }) };
}

/** The models that a service offers. */
export async function listModels(connection: Connection, signal: AbortSignal): Promise<readonly string[]> {
  const page = await clientOf(connection).models.list({ signal });
  return page.data.map(({ id }) => id);
}

function clientOf({ key, address, timeout }: Connection): OpenAI {
  return new OpenAI({
    // The client insists on one; a service without keys does not look at it.
    apiKey: key ?? 'none',
    organization: null,
    project: null,
    ...(address !== undefined && { baseURL: address }),
    maxRetries: 0,
    timeout,
    logLevel: 'off',
    fetchOptions: { redirect: 'error' },
  });
}
