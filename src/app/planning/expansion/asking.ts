import { OrchestratorError } from '../../../core/model/errors.js';
import { plain } from '../../../core/model/plainText.js';
import type { ModelAnswer } from '../../../core/planning/expansion/answer.js';
import { type Prompt, repairPrompt } from '../../../core/planning/expansion/prompt.js';
import type { ModelProvider, ModelReply, ModelRequest } from '../../ports.js';
import { answerJsonSchema, readAnswer } from './answerSchema.js';
import { DEFAULT_MAX_TOKENS } from './expansionInputs.js';

/** Where an answer was cut at the default limit, it is asked for again with this one: models that think aloud need it. */
const MORE_TOKENS = 8 * DEFAULT_MAX_TOKENS;
/** Characters of a wrong answer that are sent back with what is wrong with it. */
const LONGEST_ECHO = 20_000;
/** Characters of what is wrong that are told. */
const LONGEST_REASON = 300;

/** How a model is asked. */
export interface AskingOptions {
  readonly model?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: AskingProgress) => void) | undefined;
}

/** What is being waited for. */
export interface AskingProgress {
  /** Who is asked. */
  readonly label: string;
  /** The subtask that is being broken down; absent: the task itself. */
  readonly about?: string | undefined;
  /** Of the answer so far. */
  readonly characters: number;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
}

/** The questions of one expansion: what they cost, and what went differently than wanted. */
export class Asking {
  readonly #options: AskingOptions;
  readonly #schema = answerJsonSchema();
  readonly #warnings: string[] = [];
  #requests = 0;
  #usage: { inputTokens: number; outputTokens: number } | null = null;
  #isUncounted = false;

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  get requests(): number {
    return this.#requests;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Of all answers; null unless each was counted by its provider. */
  get usage(): TokenUsage | null {
    if (this.#usage === null || this.#isUncounted) return null;
    const { inputTokens, outputTokens } = this.#usage;
    return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
  }

  warn(warning: string): void {
    if (!this.#warnings.includes(warning)) this.#warnings.push(warning);
  }

  /**
   * Asks one provider, and once more with what is wrong if the answer cannot be used. Throws PROVIDER_UNAVAILABLE and
   * TIMEOUT, and the signal's reason where it is aborted.
   */
  async ask(provider: ModelProvider, prompt: Prompt, about?: string): Promise<{ answer: ModelAnswer; model: string }> {
    const first: ModelRequest['messages'] = [{ role: 'user', text: prompt.user }];
    const reply = await this.#complete(
      provider,
      prompt.system,
      first,
      this.#options.maxTokens ?? DEFAULT_MAX_TOKENS,
      about,
    );
    const read = readAnswer(reply.text);
    if (read.answer) return { answer: read.answer, model: reply.model };
    const problems = reply.isCut
      ? ['it was cut at the limit of its length: be brief', ...read.problems]
      : read.problems;
    const repair: ModelRequest['messages'] = [
      ...first,
      // A provider refuses a turn without any text.
      { role: 'assistant', text: reply.text.slice(0, LONGEST_ECHO) || '(nothing)' },
      { role: 'user', text: repairPrompt(problems) },
    ];
    const limit = this.#options.maxTokens ?? (reply.isCut ? MORE_TOKENS : DEFAULT_MAX_TOKENS);
    const again = await this.#complete(provider, prompt.system, repair, limit, about);
    const mended = readAnswer(again.text);
    if (mended.answer) {
      this.warn(`${provider.label} was asked a second time: ${reasonOf(problems)}.`);
      return { answer: mended.answer, model: again.model };
    }
    const cut = again.isCut ? ` It was cut at ${limit} tokens.` : '';
    throw new OrchestratorError(
      'PROVIDER_UNAVAILABLE',
      `${provider.label} gave no plan that can be used, also when asked a second time: ${reasonOf(mended.problems)}.${cut}`,
      { provider: provider.name, reason: 'unusable', problems: mended.problems.slice(0, 20) },
    );
  }

  async #complete(
    provider: ModelProvider,
    system: string,
    messages: ModelRequest['messages'],
    maxTokens: number,
    about?: string,
  ): Promise<ModelReply> {
    const { model, temperature, signal, onProgress } = this.#options;
    signal.throwIfAborted();
    this.#requests += 1;
    const report = (characters: number) => onProgress?.({ label: provider.label, about, characters });
    report(0);
    const reply = await provider.complete({
      ...{ system, messages, maxTokens, signal, schema: this.#schema },
      ...{ model, temperature, onProgress: report },
    });
    signal.throwIfAborted();
    for (const note of reply.notes) this.warn(note);
    if (reply.usage) {
      this.#usage ??= { inputTokens: 0, outputTokens: 0 };
      this.#usage.inputTokens += reply.usage.inputTokens;
      this.#usage.outputTokens += reply.usage.outputTokens;
    } else this.#isUncounted = true;
    return reply;
  }
}

/** The first things that are wrong, on one line. What a model wrote there cannot do anything to a terminal. */
function reasonOf(problems: readonly string[]): string {
  const text = plain(problems.slice(0, 3).join('; '));
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
}
