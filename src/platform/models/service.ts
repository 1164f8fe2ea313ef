import type { ModelProvider, ModelProviderName, ModelReply, ModelRequest } from '../../app/ports.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { type AttemptOptions, attempt } from './attempts.js';
import { redactor } from './redaction.js';

/** Characters of an answer at most: more is nonsense without an end. */
export const LONGEST_ANSWER = 400_000;

/** How a service is reached. */
export interface Connection {
  readonly name: Exclude<ModelProviderName, 'client' | 'vscode'>;
  readonly key?: string | undefined;
  /** Absent: the service's own. */
  readonly address?: string | undefined;
  /** For one attempt, ms. */
  readonly timeout: number;
}

/** What is sent beside the words. */
export interface Reduced {
  readonly model: string;
  /** False where the service refused the schema: then it is in the words only. */
  readonly withSchema: boolean;
  readonly temperature?: number | undefined;
}

/** A service on the network. The clients of the services are loaded when one is asked. */
export class Service implements ModelProvider {
  readonly name: Connection['name'];
  readonly label: string;
  readonly model: string | undefined;
  readonly unavailable: string | undefined;
  readonly #connection: Connection;

  constructor(
    connection: Connection,
    {
      label,
      model,
      unavailable,
    }: { readonly label: string; readonly model?: string | undefined; readonly unavailable?: string | undefined },
  ) {
    this.name = connection.name;
    this.label = label;
    this.model = model;
    this.unavailable = unavailable;
    this.#connection = connection;
  }

  async complete(request: ModelRequest): Promise<ModelReply> {
    const { key, timeout } = this.#connection;
    const options = {
      provider: this.name,
      label: this.label,
      signal: request.signal,
      timeout,
      redact: redactor([key]),
    };
    const model = request.model ?? this.model ?? (await this.#onlyModel(options));
    const reply = await this.#whatItTakes(request, model, options);
    return { ...reply, text: options.redact(reply.text), model: plain(options.redact(reply.model)).slice(0, 200) };
  }

  async models(signal: AbortSignal, timeout: number): Promise<readonly string[]> {
    const connection = { ...this.#connection, timeout: Math.min(timeout, this.#connection.timeout) };
    const redact = redactor([connection.key]);
    const options = { provider: this.name, label: this.label, signal, timeout: connection.timeout, redact, most: 1 };
    const list = await this.#lister();
    return attempt((limited) => list(connection, limited), options);
  }

  /** Loading the service's client is not a part of what it is waited for. */
  async #lister(): Promise<(connection: Connection, signal: AbortSignal) => Promise<readonly string[]>> {
    if (this.name === 'anthropic') return (await import('./anthropic.js')).listAnthropicModels;
    return (await import('./openAi.js')).listModels;
  }

  /** Asks with all that was wanted, then without what not every model and service takes. */
  async #whatItTakes(request: ModelRequest, model: string, options: AttemptOptions): Promise<ModelReply> {
    const { temperature } = request;
    const forms: (Reduced & { readonly note?: string })[] = [{ model, withSchema: true, temperature }];
    if (temperature !== undefined)
      forms.push({
        model,
        withSchema: true,
        note: `${this.label} refused the temperature ${temperature}: asked without.`,
      });
    forms.push({ model, withSchema: false, note: `${this.label} refused a schema: asked for JSON in words.` });
    for (const [at, { note, ...form }] of forms.entries()) {
      try {
        const words = form.withSchema ? request : inWords(request);
        const reply = await attempt((signal) => this.#ask(words, form, signal), options);
        return { ...reply, notes: note === undefined ? [] : [note] };
      } catch (error) {
        const isRefused =
          error instanceof OrchestratorError && (error.details.status === 400 || error.details.status === 422);
        if (!isRefused || at === forms.length - 1) throw error;
      }
    }
    throw new Error('There is always a last form.');
  }

  async #ask(request: ModelRequest, form: Reduced, signal: AbortSignal): Promise<Omit<ModelReply, 'notes'>> {
    const { askAnthropic } = this.name === 'anthropic' ? await import('./anthropic.js') : {};
    if (askAnthropic) return askAnthropic(this.#connection, request, form, signal);
    return (await import('./openAi.js')).askOpenAi(this.#connection, request, form, signal);
  }

  /** For a service of which nobody said which model: the only one that it offers. */
  async #onlyModel(options: AttemptOptions): Promise<string> {
    const list = await this.#lister();
    const models = await attempt((signal) => list(this.#connection, signal), options);
    const [only] = models;
    if (only !== undefined && models.length === 1) return only;
    const offered = models.slice(0, 8).map((model) => plain(options.redact(model)).slice(0, 80));
    throw new OrchestratorError(
      'PROVIDER_UNAVAILABLE',
      `${this.label} offers ${models.length === 0 ? 'no model' : `${models.length} models (${offered.join(', ')}${models.length > offered.length ? ', …' : ''})`}: name one with --model, TM_MODEL or the settings.`,
      { provider: this.name, reason: 'no model' },
    );
  }
}

/** The schema as part of the instruction. */
export function inWords(request: ModelRequest): ModelRequest {
  return { ...request, system: `${request.system}\nThe JSON schema of the answer:\n${JSON.stringify(request.schema)}` };
}
