import { Anthropic } from '@anthropic-ai/sdk/client';
import type { ModelReply, ModelRequest } from '../../app/ports.js';
import { EndlessError, TruncatedError } from './attempts.js';
import type { Connection, Reduced } from './service.js';
import { LONGEST_ANSWER } from './service.js';

/** Asks Anthropic's Messages API once, as a stream. */
export async function askAnthropic(
  connection: Connection,
  request: ModelRequest,
  { model, withSchema, temperature }: Reduced,
  signal: AbortSignal,
): Promise<Omit<ModelReply, 'notes'>> {
  const stream = await clientOf(connection).messages.create(
    {
      model,
      max_tokens: request.maxTokens,
      system: request.system,
      messages: request.messages.map(({ role, text }) => ({ role, content: text })),
      stream: true,
      ...(withSchema && { output_config: { format: { type: 'json_schema' as const, schema: { ...request.schema } } } }),
      // Newer models refuse it, so the client no longer knows it; older ones and other servers take it.
      ...(temperature !== undefined && { temperature }),
    },
    { signal },
  );
  let text = '';
  let answered: string = model;
  let input: number | undefined;
  let output: number | undefined;
  let isCut = false;
  let isWhole = false;
  for await (const event of stream) {
    if (event.type === 'message_start') {
      answered = event.message.model;
      input = inputTokens(event.message.usage);
      output = event.message.usage?.output_tokens;
    } else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      text += event.delta.text;
      if (text.length > LONGEST_ANSWER) throw new EndlessError();
      request.onProgress?.(text.length);
    } else if (event.type === 'message_delta') {
      output = event.usage?.output_tokens ?? output;
      isCut = event.delta.stop_reason === 'max_tokens';
    } else if (event.type === 'message_stop') isWhole = true;
  }
  signal.throwIfAborted();
  if (!isWhole) throw new TruncatedError();
  const usage =
    input === undefined || output === undefined ? {} : { usage: { inputTokens: input, outputTokens: output } };
  return { text, model: answered, isCut, ...usage };
}

/** The models that it offers; the first page is all of them for now. */
export async function listAnthropicModels(connection: Connection, signal: AbortSignal): Promise<readonly string[]> {
  const page = await clientOf(connection).models.list({ limit: 1000 }, { signal });
  return page.data.map(({ id }) => id);
}

function clientOf({ key, address, timeout }: Connection): Anthropic {
  return new Anthropic({
    apiKey: key ?? null,
    // Nothing but the key that was set up for this is sent.
    authToken: null,
    ...(address !== undefined && { baseURL: address }),
    maxRetries: 0,
    timeout,
    logLevel: 'off',
    fetchOptions: { redirect: 'error' },
  });
}

/** All tokens that went in; those from a cache are counted apart. */
function inputTokens(
  usage:
    | {
        readonly input_tokens: number;
        readonly cache_creation_input_tokens?: number | null;
        readonly cache_read_input_tokens?: number | null;
      }
    | undefined,
): number | undefined {
  if (usage?.input_tokens === undefined) return undefined;
  return usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
}
