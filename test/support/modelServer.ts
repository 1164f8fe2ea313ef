import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was asked. */
export interface Question {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came. */
  readonly raw: string;
  readonly body: {
    readonly model?: string;
    readonly temperature?: number;
    readonly max_tokens?: number;
    readonly max_completion_tokens?: number;
    readonly system?: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly output_config?: { readonly format: { readonly schema: object } };
    readonly response_format?: { readonly json_schema: { readonly schema: object; readonly strict: boolean } };
  };
}

/** How the server reacts to one question. */
export type Reaction =
  | {
      readonly kind: 'answer';
      readonly text: string;
      readonly usage?: { readonly input: number; readonly output: number } | null;
      /** Ended at the limit of tokens. */
      readonly isCut?: boolean;
    }
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Breaks off after this text. */
  | { readonly kind: 'truncated'; readonly text: string }
  /** Begins, and then says nothing more. */
  | { readonly kind: 'silent'; readonly text: string };

export function answer(
  value: unknown,
  usage: { input: number; output: number } | null = { input: 321, output: 123 },
): Reaction {
  return { kind: 'answer', text: typeof value === 'string' ? value : JSON.stringify(value), usage };
}

/** A service on loopback that speaks Anthropic's and OpenAI's formats, as streams. */
export class ModelServer {
  readonly questions: Question[] = [];
  /** What it offers as models of an OpenAI-compatible service. */
  models = ['local-model'];
  /** What it does instead of naming them. */
  listing: Extract<Reaction, { readonly kind: 'error' | 'silent' }> | undefined;
  /** Who asked for them: path, and what was sent along. */
  readonly listings: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  /** How many callers went away before their answer was whole. */
  gone = 0;
  readonly #server: Server;
  readonly #reactions: (Reaction | ((question: Question) => Reaction))[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      let raw = '';
      request.on('data', (data) => {
        raw += data;
      });
      request.on('end', () => this.#react(request.url ?? '', request.headers, raw, response));
    });
  }

  static async start(): Promise<ModelServer> {
    const server = new ModelServer();
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  /** Without a path: what `ANTHROPIC_BASE_URL` is. */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next reactions; the last of all is given again and again. */
  will(...reactions: (Reaction | ((question: Question) => Reaction))[]): this {
    this.#reactions.push(...reactions);
    return this;
  }

  /** The same, forgetting what it was to do before. */
  now(...reactions: (Reaction | ((question: Question) => Reaction))[]): this {
    this.#reactions.length = 0;
    return this.will(...reactions);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #react(path: string, headers: IncomingHttpHeaders, raw: string, response: ServerResponse): void {
    if (/\/models(?:\?|$)/.test(path)) {
      this.listings.push({ path, headers });
      if (this.listing?.kind === 'silent') return;
      if (this.listing) {
        response.writeHead(this.listing.status, { 'content-type': 'application/json', ...this.listing.headers });
        response.end(JSON.stringify({ type: 'error', error: { type: 'some_error', message: this.listing.message } }));
        return;
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data: this.models.map((id) => ({ id, object: 'model' })) }));
      return;
    }
    const question: Question = { path, headers, raw, body: JSON.parse(raw) };
    this.questions.push(question);
    const next = this.#reactions.length > 1 ? this.#reactions.shift() : this.#reactions[0];
    const reaction = typeof next === 'function' ? next(question) : next;
    if (!reaction) throw new Error('The test did not say what the model is to do.');
    response.on('close', () => {
      if (!response.writableFinished) this.gone += 1;
    });
    if (reaction.kind === 'error') {
      response.writeHead(reaction.status, { 'content-type': 'application/json', ...reaction.headers });
      const error = { type: 'some_error', message: reaction.message };
      response.end(JSON.stringify({ type: 'error', error }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const events = path.endsWith('/messages') ? anthropic(question, reaction) : openAi(question, reaction);
    for (const event of events) response.write(event);
    if (reaction.kind === 'answer') response.end();
    else if (reaction.kind === 'truncated') response.end();
  }
}

const pieces = (text: string) => text.match(/[\s\S]{1,700}/g) ?? [];

function anthropic({ body }: Question, reaction: Exclude<Reaction, { kind: 'error' }>): string[] {
  const event = (data: { readonly type: string }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
  const usage = reaction.kind === 'answer' ? reaction.usage : { input: 5, output: 1 };
  const message = {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', content: [], model: `${body.model}-of-loopback` },
    ...(usage && { usage: { input_tokens: usage.input, output_tokens: 1 } }),
  };
  const begin = [
    event({ type: 'message_start', message } as { type: string }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as { type: string }),
    ...pieces(reaction.text).map((text) =>
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as { type: string }),
    ),
  ];
  if (reaction.kind !== 'answer') return begin;
  const delta = { stop_reason: reaction.isCut ? 'max_tokens' : 'end_turn' };
  return [
    ...begin,
    event({ type: 'content_block_stop', index: 0 } as { type: string }),
    event({ type: 'message_delta', delta, ...(usage && { usage: { output_tokens: usage.output } }) } as {
      type: string;
    }),
    event({ type: 'message_stop' }),
  ];
}

function openAi({ body }: Question, reaction: Exclude<Reaction, { kind: 'error' }>): string[] {
  const chunk = (data: object) =>
    `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: `${body.model}-of-loopback`, ...data })}\n\n`;
  const texts = pieces(reaction.text).map((content) =>
    chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  );
  if (reaction.kind !== 'answer') return texts;
  const usage = reaction.usage && {
    prompt_tokens: reaction.usage.input,
    completion_tokens: reaction.usage.output,
    total_tokens: reaction.usage.input + reaction.usage.output,
  };
  return [
    ...texts,
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: reaction.isCut ? 'length' : 'stop' }] }),
    ...(usage ? [chunk({ choices: [], usage })] : []),
    'data: [DONE]\n\n',
  ];
}

/** A plan of a model: three subtasks in a row, a test and a document of the second, two steps. */
export function planOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const subtask = (key: string, title: string, more: object = {}) => ({
    ...{ key, title, description: `About ${key}.`, estimatedEffort: 4, priority: 'high', dependencies: [] },
    ...{ type: 'development', requiredSkills: ['SQL'], acceptanceCriteria: [`${key} holds`] },
    ...{ implementationHints: 'Begin small.', technicalNotes: null, ...more },
  });
  return {
    subtasks: [
      subtask('schema', 'Design the schema', { type: 'design', estimatedEffort: 2.5 }),
      subtask('api', 'Write the API', { dependencies: ['schema'] }),
      subtask('page', 'Build the page', { dependencies: ['api'], priority: 'medium' }),
    ],
    implementationSteps: [
      {
        title: 'Read the code',
        description: 'All of it.',
        expectedOutcome: 'A list',
        dependencies: [],
        resources: ['src/main.ts'],
        timeEstimate: 1,
        riskLevel: 'low',
        validationCriteria: ['Somebody read it'],
      },
      {
        title: 'Write it',
        description: '',
        expectedOutcome: '',
        dependencies: [1],
        resources: [],
        timeEstimate: null,
        riskLevel: 'high',
        validationCriteria: [],
      },
    ],
    testTasks: [
      {
        title: 'Test the API',
        type: 'integration',
        description: 'With a real server.',
        targets: ['api'],
        priority: 'high',
        estimatedEffort: 3,
        frameworkSuggestions: ['vitest'],
        scenarios: [
          {
            description: 'A wrong password',
            steps: ['Send it'],
            expectedResults: ['401'],
            edgeCases: ['An empty one'],
            testDataRequirements: ['A user'],
          },
        ],
      },
    ],
    documentationTasks: [
      {
        title: 'Document the API',
        type: 'api',
        description: '',
        targets: ['api', 'page'],
        priority: 'low',
        estimatedEffort: 1,
        sections: [
          { title: 'Calls', contentOutline: ['Log in'], requiredElements: ['Errors'], targetAudience: 'developers' },
        ],
      },
    ],
    ...changes,
  };
}
