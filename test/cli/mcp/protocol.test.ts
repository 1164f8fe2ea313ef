import { spawn } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/stores.js';
import { Agent, emptyProject, environment, serverFile } from './agent.js';

interface Message {
  readonly jsonrpc: string;
  readonly id?: number | string | null;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A server whose streams are ours. */
class Raw {
  readonly #child;
  #said = '';
  readonly ended: Promise<number | null>;

  constructor(folder: string, ...args: string[]) {
    this.#child = spawn(inject('nodes')[0] ?? process.execPath, [serverFile(), ...args], {
      cwd: folder,
      env: environment(folder),
    });
    this.#child.stdout.on('data', (data) => {
      this.#said += data;
    });
    this.ended = new Promise((done) => this.#child.once('close', done));
    onTestFinished(() => void this.#child.kill());
  }

  say(...lines: readonly (string | object | Buffer)[]): void {
    for (const line of lines) {
      this.#child.stdin.write(Buffer.isBuffer(line) || typeof line === 'string' ? line : JSON.stringify(line));
      this.#child.stdin.write('\n');
    }
  }

  /** Ends the input, and returns what was answered until the server ended. */
  async end(): Promise<{ code: number | null; messages: Message[] }> {
    this.#child.stdin.end();
    const code = await this.ended;
    return {
      code,
      messages: this.#said
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Message),
    };
  }
}

const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
const call = (id: number, name: string, given: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: given },
});

describe('standard input and output', () => {
  test('whatever comes in, the server lives, and answers what was wrong', async () => {
    const server = new Raw(emptyProject().folder);
    server.say(initialize, initialized);
    const wrong = [
      'not json',
      '{"jsonrpc":"2.0","id":1',
      '[]',
      'null',
      '42',
      '"text"',
      '{}',
      { jsonrpc: '1.0', id: 71, method: 'ping' },
      { jsonrpc: '2.0', id: 72 },
      { jsonrpc: '2.0', id: {}, method: 'ping' },
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
      `{"jsonrpc":"2.0","id":73,"method":"ping","params":"${'x'.repeat(5 * 1024 * 1024)}"}`,
    ];
    server.say(...wrong);
    server.say('', '   ', { jsonrpc: '2.0', id: 80, method: 'no/such/method' }, call(81, 'no_such_tool'));
    server.say({ jsonrpc: '2.0', id: 82, method: 'tools/call', params: { name: 7 } });
    server.say({ jsonrpc: '2.0', id: 83, method: 'tools/call' }, { jsonrpc: '2.0', id: 84, result: {} });
    server.say({ jsonrpc: '2.0', id: 99, method: 'ping' });
    const { code, messages } = await server.end();
    expect(code).toBe(0);
    const errors = messages.filter(({ error }) => error);
    expect(errors.filter(({ error }) => error?.code === -32_700)).toHaveLength(3);
    expect(errors.filter(({ error }) => error?.code === -32_600).length).toBeGreaterThanOrEqual(wrong.length - 3);
    const byId = new Map(messages.map((message) => [message.id, message]));
    expect(byId.get(80)?.error?.code).toBe(-32_601);
    expect(byId.get(81)?.error).toMatchObject({
      code: -32_602,
      message: expect.stringContaining('There is no tool “no_such_tool”'),
    });
    for (const id of [82, 83]) expect(byId.get(id)?.error, String(id)).toBeDefined();
    expect(byId.get(99)?.result).toEqual({});
  });

  test('random messages end nothing', async () => {
    const server = new Raw(emptyProject().folder);
    server.say(initialize, initialized);
    const names = [
      'tools/call',
      'resources/read',
      'prompts/get',
      'resources/subscribe',
      'tools/list',
      'initialize',
      'logging/setLevel',
    ];
    const message = fc.record(
      {
        jsonrpc: fc.constantFrom('2.0', '2.0', '1.0', 2),
        id: fc.oneof(fc.integer({ min: 1000 }), fc.string(), fc.constant(null)),
        method: fc.oneof(fc.constantFrom(...names), fc.string()),
        params: fc.oneof(
          fc.jsonValue(),
          fc.record({ name: fc.constantFrom('get_task', 'search_tasks', 'update_task'), arguments: fc.jsonValue() }),
        ),
      },
      { requiredKeys: [] },
    );
    const lines = fc.sample(
      fc.oneof(
        message.map((one) => JSON.stringify(one)),
        fc.string().map((text) => text.replaceAll('\n', ' ')),
      ),
      { numRuns: 400, seed: 7 },
    );
    server.say(...lines, { jsonrpc: '2.0', id: 'last', method: 'ping' });
    const { code, messages } = await server.end();
    expect(code).toBe(0);
    expect(messages.find(({ id }) => id === 'last')?.result).toEqual({});
  });

  test('requests that were on the way when the input ended are answered, and done', async () => {
    const project = emptyProject();
    const server = new Raw(project.folder);
    server.say(
      initialize,
      initialized,
      ...Array.from({ length: 20 }, (_, at) => call(at + 1, 'create_task', { title: `T ${at}` })),
    );
    const { messages } = await server.end();
    expect(messages.filter(({ result }) => result?.structuredContent)).toHaveLength(20);
    expect(project.list().total).toBe(20);
  });

  test('tm mcp is the same server', async () => {
    const project = emptyProject();
    const { code, stdout, stderr } = project.pipe(
      `${[initialize, initialized, call(1, 'create_task', { title: 'By tm' })].map((one) => JSON.stringify(one)).join('\n')}\n`,
      'mcp',
      '--tools',
      'core',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Message).id);
    // The answers; besides them it may tell of the change.
    expect(ids.filter((id) => id !== undefined)).toEqual([0, 1]);
    expect(project.task('1')).toMatchObject({ title: 'By tm', createdBy: 'ann' });
    expect(project.say('mcp', '--help')).toContain('--tools <sets>');
    for (const wrong of [
      ['--tools', 'nonsense'],
      ['--port', '1'],
      ['--http', '--port', 'x'],
      ['--bulk-limit', '-1'],
    ])
      expect(project.run('mcp', ...wrong)).toMatchObject({ code: 2, stdout: '' });
  });
});

test('without a store every call says how to make one, and works once it is there', async () => {
  const folder = temporaryFolder();
  const agent = await Agent.start(folder);
  expect((await agent.client.listTools()).tools.length).toBeGreaterThan(10);
  expect(await agent.refused('list_tasks')).toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('Run “tm init”'),
  });
  emptyProject().with({ folder }).say('init');
  expect(await agent.call('list_tasks')).toMatchObject({ total: 0 });
});

test('two servers, a person and their changes on one store', async () => {
  const project = emptyProject();
  const one = await Agent.start(project.folder, { name: 'one' });
  const [, toolchain] = inject('nodes');
  const other = await Agent.start(project.folder, {
    name: 'other',
    era: 'modern',
    node: toolchain ?? process.execPath,
  });
  await Promise.all(
    Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? one : other).call('create_task', { title: `Task ${at}` })),
  );
  project.say('add', 'By a person');
  for (const agent of [one, other]) expect(await agent.call('list_tasks')).toMatchObject({ total: 21 });
  await one.call('update_task', { task_id: 21, title: 'Changed by one' });
  expect(await other.call('get_task', { task_id: 21 })).toMatchObject({
    task: { title: 'Changed by one', updated_by: 'one' },
  });
  expect(project.task('21').title).toBe('Changed by one');
});

describe('resources', () => {
  test('are listed, read and refused', async () => {
    const project = emptyProject();
    project.say('add', 'One');
    project.say('add', 'Two', '--depends-on', '1');
    const agent = await Agent.start(project.folder);
    const { resources } = await agent.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['plan://summary', 'tasks://ready', 'task://1']);
    const { resourceTemplates } = await agent.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['task://{id}', 'graph://focus/{id}']);
    expect(JSON.parse(await agent.read('plan://summary'))).toMatchObject({ open: 2, waiting: 1, ready: { total: 1 } });
    expect(JSON.parse(await agent.read('tasks://ready'))).toMatchObject({ tasks: [{ id: 1 }], total: 1 });
    expect(JSON.parse(await agent.read('task://T-2'))).toMatchObject({ task: { id: 2, blocked_by: [1] } });
    expect(await agent.read('graph://focus/2')).toMatch(/^flowchart LR[\s\S]*t1[\s\S]*t2/);
    for (const uri of [
      'task://99',
      'task://',
      'task://%',
      'graph://1',
      'task://focus/1',
      'file:///etc/passwd',
      'nonsense',
    ])
      await expect(agent.client.readResource({ uri }), uri).rejects.toThrow();
  });

  test.each(['legacy', 'modern'] as const)('tell of changes that another program makes (%s)', async (era) => {
    const project = emptyProject();
    project.say('add', 'One');
    project.say('add', 'Two');
    const agent = await Agent.start(project.folder, { era });
    const told = new Set<string>();
    let heard: () => void = () => undefined;
    const note = (what: string) => {
      told.add(what);
      heard();
    };
    agent.client.setNotificationHandler('notifications/resources/updated', ({ params }) => note(params.uri));
    agent.client.setNotificationHandler('notifications/resources/list_changed', () => note('list'));
    const uris = ['task://T-1', 'plan://summary', 'graph://focus/1'];
    if (era === 'modern') await agent.client.listen({ resourceSubscriptions: uris, resourcesListChanged: true });
    else for (const uri of uris) await agent.client.subscribeResource({ uri });
    await agent.read('task://1');
    project.say('update', '1', '--title', 'Changed by a person');
    await new Promise<void>((done) => {
      heard = () => ['list', ...uris].every((one) => told.has(one)) && done();
      heard();
    });
    expect([...told].sort()).toEqual(['graph://focus/1', 'list', 'plan://summary', 'task://T-1']);
    expect(JSON.parse(await agent.read('task://1'))).toMatchObject({ task: { title: 'Changed by a person' } });
  });
});

test('prompts say how to work with the plan', async () => {
  const agent = await Agent.start(emptyProject().folder);
  const { prompts } = await agent.client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(['plan_feature', 'work_next', 'review_plan']);
  const { messages } = await agent.client.getPrompt({ name: 'plan_feature', arguments: { goal: 'single sign-on' } });
  expect(messages).toMatchObject([
    { role: 'user', content: { type: 'text', text: expect.stringContaining('Plan this: single sign-on') } },
  ]);
  await expect(agent.client.getPrompt({ name: 'plan_feature' })).rejects.toThrow('needs “goal”');
  await expect(agent.client.getPrompt({ name: 'nonsense' })).rejects.toThrow('There is no prompt');
});

describe('changes of many tasks', () => {
  const content = `# Large\n\n## Features\n${Array.from({ length: 12 }, (_, at) => `### Feature ${at}\n- Priority: High\n`).join('\n')}`;
  const asked = { content, apply: true };
  const withPerson = (agree: boolean, questions: string[]) => async (era: 'legacy' | 'modern') => {
    const project = emptyProject();
    const agent = await Agent.start(project.folder, { era, client: { capabilities: { elicitation: { form: {} } } } });
    agent.client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message);
      return agree ? { action: 'accept', content: { agree: true } } : { action: 'decline' };
    });
    return { project, agent };
  };

  test.each(['legacy', 'modern'] as const)('are done when a person agrees (%s)', async (era) => {
    const questions: string[] = [];
    const { agent } = await withPerson(true, questions)(era);
    await agent.call('parse_prd', asked);
    const { total } = await agent.call<{ total: number }>('list_tasks');
    expect(total).toBeGreaterThan(25);
    expect(questions).toEqual([expect.stringContaining(`would change ${total} tasks at once`)]);
  });

  test('are not when a person declines, or when there is nobody to ask', async () => {
    const questions: string[] = [];
    const { agent } = await withPerson(false, questions)('legacy');
    expect(await agent.refused('parse_prd', asked)).toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(questions).toHaveLength(1);
    expect(await agent.call('list_tasks')).toMatchObject({ total: 0 });
    const alone = await Agent.start(emptyProject().folder);
    const refusal = await alone.refused('parse_prd', asked);
    expect(refusal).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining('Nothing was changed.'),
      details: { limit: 25 },
    });
    expect(await alone.call('list_tasks')).toMatchObject({ total: 0 });
    const allowed = await Agent.start(emptyProject().folder, { args: ['--bulk-limit', '100'] });
    expect(await allowed.call('parse_prd', asked)).toMatchObject({ applied: true });
  });
});

test('a long analysis reports progress, and stops when its caller gives up', async () => {
  const project = emptyProject();
  for (let at = 0; at < 300; at += 1) project.file(`src/file${at}.ts`, 30);
  project.say('add', 'One', '--file', 'src/file1.ts');
  const agent = await Agent.start(project.folder);
  const stages: (string | undefined)[] = [];
  const controller = new AbortController();
  const running = agent.client.callTool(
    { name: 'analyze_complexity', arguments: { task_id: 1 } },
    {
      signal: controller.signal,
      onprogress: ({ message }) => {
        stages.push(message);
        controller.abort(new Error('I do not want it any more'));
      },
    },
  );
  await expect(running).rejects.toThrow('I do not want it any more');
  expect(stages.length).toBeGreaterThan(0);
  expect(await agent.call('get_task', { task_id: 1, include_analysis: true })).toMatchObject({
    analysis: { complexity: null },
  });
  expect(await agent.call('analyze_complexity', { task_id: 1 })).toMatchObject({ stored: 'kept' });
});

test('a hook of the project may refuse an agent’s change, and the agent reads why', async () => {
  const project = emptyProject();
  project.hooks({ 'pre-task': 'echo "no tasks today" >&2; exit 1' });
  const agent = await Agent.start(project.folder);
  expect(await agent.refused('create_task', { title: 'A' })).toMatchObject({
    code: 'PERMISSION_DENIED',
    message: expect.stringContaining('no tasks today'),
  });
});
