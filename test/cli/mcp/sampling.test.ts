import { type CreateMessageRequestParams, ProtocolError } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import type { ExpandedTask } from '../../../src/app/planning/expansion/expansionInputs.js';
import { answer, ModelServer, planOf } from '../../support/modelServer.js';
import type { Project } from '../project.js';
import { Agent, type AgentOptions, emptyProject, Listener } from './agent.js';

const ERAS = ['legacy', 'modern'] as const;

interface Proposed {
  readonly expansion: Pick<ExpandedTask, 'metadata' | 'subtasks'>;
  readonly proposal: string;
  readonly created?: readonly number[];
}

/** What the model of a client says, given all that it was asked so far. */
type Model = (asked: readonly CreateMessageRequestParams[]) => unknown;

/** A client that lends a model; what it is asked is kept. */
async function lending(
  model: Model,
  { name, capabilities = {}, ...options }: AgentOptions & { readonly capabilities?: object },
  start: (options: AgentOptions) => Promise<Agent>,
) {
  const agent = await start({ ...options, client: { capabilities: { sampling: {}, ...capabilities } } });
  const asked: CreateMessageRequestParams[] = [];
  agent.client.setRequestHandler('sampling/createMessage', ({ params }) => {
    asked.push(params);
    const said = model(asked);
    const text = typeof said === 'string' ? said : JSON.stringify(said);
    return { role: 'assistant', content: { type: 'text', text }, model: 'model-of-the-client', stopReason: 'endTurn' };
  });
  return { agent, asked };
}

const overStdio = (project: Project) => (options: AgentOptions) => Agent.start(project.folder, options);

function withTask(): Project {
  const project = emptyProject();
  project.say('add', 'Login for users', '--type', 'feature');
  return project;
}

/** Says no to every question, as a person may. */
const refusing: Model = () => {
  throw new ProtocolError(-1, 'User rejected sampling request');
};

describe.each(ERAS)('expand_task asks the model of its client (%s)', (era) => {
  test.each(['stdio', 'http'])('over %s, without a key', async (transport) => {
    const project = withTask();
    let start = overStdio(project);
    if (transport === 'http') {
      const { url, token } = await Listener.start(project.folder);
      start = (options) => Agent.connect(url, token, options);
    }
    const { agent, asked } = await lending(() => planOf(), { era }, start);
    const { expansion, proposal } = await agent.call<Proposed>('expand_task', {
      ...{ task_id: 1, provider: 'client', model: 'a-wish', max_tokens: 3000, temperature: 0, full: true },
    });
    expect(asked).toMatchObject([
      {
        messages: [{ role: 'user', content: { type: 'text', text: expect.stringContaining('Login for users') } }],
        systemPrompt: expect.stringContaining('The JSON schema of the answer'),
        maxTokens: 3000,
        temperature: 0,
        modelPreferences: { hints: [{ name: 'a-wish' }] },
      },
    ]);
    expect(expansion.subtasks.map(({ title }) => title)).toEqual([
      'Design the schema',
      'Write the API',
      'Build the page',
    ]);
    expect(expansion.metadata).toMatchObject({
      ...{ provider: 'client', model: 'model-of-the-client', tokenUsage: null, warnings: [], basis: 'model' },
    });
    expect(project.list().total).toBe(1);
    const { created } = await agent.call<Proposed>('expand_task', { task_id: 1, proposal, apply: true });
    expect(created).toEqual([2, 3, 4, 5, 6]);
    expect(asked).toHaveLength(1);
  });

  test('before any service, each question once, also where large subtasks and wrong answers make more of them', async () => {
    const service = await ModelServer.start();
    service.will(answer(planOf()));
    const project = withTask();
    const [first, ...others] = planOf().subtasks as object[];
    const large = planOf({ subtasks: [{ ...first, estimatedEffort: 14 }, ...others] });
    const { agent, asked } = await lending(
      (questions) => (questions.length === 1 ? 'I would rather talk.' : questions.length === 2 ? large : planOf()),
      { era, env: { OPENAI_API_KEY: 'sk-of-a-test', OPENAI_BASE_URL: `${service.address}/v1` } },
      overStdio(project),
    );
    const { expansion } = await agent.call<Proposed>('expand_task', { task_id: 1, full: true });
    expect(asked).toHaveLength(3);
    expect(asked[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(expansion.metadata).toMatchObject({
      ...{ provider: 'client', requests: 3, expansionDepth: 2 },
      warnings: [expect.stringContaining('was asked a second time')],
    });
    expect(service.questions).toEqual([]);
    await service.stop();
  });

  test('once, also where a person is asked whether so many tasks may be made', async () => {
    const project = withTask();
    const { agent, asked } = await lending(
      () => planOf(),
      { era, args: ['--bulk-limit', '2'], capabilities: { elicitation: { form: {} } } },
      overStdio(project),
    );
    const questions: string[] = [];
    agent.client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message);
      return { action: 'accept', content: { agree: true } };
    });
    const { created } = await agent.call<Proposed>('expand_task', { task_id: 1, apply: true });
    expect(created).toHaveLength(5);
    expect(questions).toEqual([expect.stringContaining('tasks at once')]);
    expect(asked).toHaveLength(1);
  });

  test('and not one that it does not lend: that is said, with what can be done', async () => {
    const project = withTask();
    const agent = await Agent.start(project.folder, { era });
    const refusal = await agent.refused('expand_task', { task_id: 1, provider: 'client' });
    expect(refusal).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: expect.stringContaining('this client does not lend it (it offers no sampling)'),
      next: expect.stringContaining('template'),
    });
    const { expansion } = await agent.call<Proposed>('expand_task', { task_id: 1, full: true });
    expect(expansion.metadata).toMatchObject({ provider: 'template' });
    expect(expansion.metadata.warnings[0]).toContain('does not lend it');
    project.say('config', 'set', 'models.provider', 'template');
    expect(await agent.refused('expand_task', { task_id: 1, provider: 'client' })).toMatchObject({
      message: expect.stringContaining('not where the settings say “template”'),
    });
  });
});

describe('a person who says no to the question', () => {
  test('is told of, and the next provider is asked only where the choice was left open', async () => {
    const project = withTask();
    const { agent, asked } = await lending(refusing, {}, overStdio(project));
    expect(await agent.refused('expand_task', { task_id: 1, provider: 'client' })).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: expect.stringContaining('may not be used: its person said no.'),
      details: { provider: 'client', reason: 'refused' },
    });
    const { expansion } = await agent.call<Proposed>('expand_task', { task_id: 1, full: true });
    expect(expansion.metadata).toMatchObject({ provider: 'template' });
    expect(expansion.metadata.warnings[0]).toContain('its person said no');
    expect(asked).toHaveLength(2);
  });

  test('ends the call since 2026-07-28: the client does not make it again', async () => {
    const project = withTask();
    const { agent } = await lending(refusing, { era: 'modern' }, overStdio(project));
    await expect(
      agent.client.callTool({ name: 'expand_task', arguments: { task_id: 1, provider: 'client', apply: true } }),
    ).rejects.toThrow('User rejected sampling request');
    expect(project.list().total).toBe(1);
    expect(await agent.call<Proposed>('expand_task', { task_id: 1, provider: 'template' })).toMatchObject({
      expansion: { metadata: { provider: 'template' } },
    });
  });
});
