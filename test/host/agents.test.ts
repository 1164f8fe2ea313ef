import * as assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as vscode from 'vscode';
import { Person } from './person.js';
import { activated, folder, show, tm, until } from './support.js';

const PREFIX = 'taskOrchestrator_';

/** A server as the editor is told of it. */
interface Definition {
  readonly label: string;
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly cwd?: vscode.Uri;
  readonly version?: string;
}

interface Provider {
  readonly onDidChangeMcpServerDefinitions: vscode.Event<void>;
  provideMcpServerDefinitions(): Definition[];
}

type Reply = Readonly<Record<string, unknown>>;

describe('the agents of the editor', () => {
  const key = folder();
  let provider: Provider;

  before(async () => {
    // What the extension registers, it registers with the editor; the test hears of it.
    const lm = vscode.lm as unknown as Record<string, (id: string, given: Provider) => vscode.Disposable>;
    const register = lm.registerMcpServerDefinitionProvider;
    assert.ok(register, 'this editor takes MCP servers');
    lm.registerMcpServerDefinitionProvider = (id, given) => {
      assert.equal(id, 'taskOrchestrator.plans');
      provider = given;
      return register(id, given);
    };
    await activated();
    lm.registerMcpServerDefinitionProvider = register;
  });
  afterEach(async () => {
    for (const name of ['access', 'toolSets', 'name']) await set(name, undefined);
    await until(() => answers('get_task_graph'), Boolean);
  });

  const declared = (): { readonly name: string; readonly tags: readonly string[] }[] =>
    vscode.extensions.getExtension('task-orchestrator.task-orchestrator')?.packageJSON.contributes.languageModelTools;
  const offered = () => vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith(PREFIX));
  const set = (name: string, value: string | undefined) =>
    vscode.workspace
      .getConfiguration('taskOrchestrator.agents')
      .update(name, value, vscode.ConfigurationTarget.Workspace);

  async function call<T = Reply>(name: string, input: object, token?: vscode.CancellationToken): Promise<T> {
    const options = { input, toolInvocationToken: undefined };
    const { content } = await vscode.lm.invokeTool(PREFIX + name, options, token);
    return JSON.parse((content[0] as vscode.LanguageModelTextPart).value);
  }

  async function refused(name: string, input: object): Promise<string> {
    try {
      await call(name, input);
    } catch (error) {
      return (error as Error).message;
    }
    throw new assert.AssertionError({ message: `${name} did what it should refuse` });
  }

  /** Whether a tool that reads is there to be called; the editor's own list has all that is declared. */
  const answers = (name: string) =>
    call(name, {}).then(
      () => true,
      (error: Error) => {
        assert.match(error.message, /does not have an implementation registered/);
        return false;
      },
    );

  describe('by tools', () => {
    /** Every tool with what it takes, in an order in which each can do its work. */
    const calls: readonly [name: string, input: object, holds: (reply: Reply) => boolean][] = [
      ['create_task', { title: 'Login', priority: 3, tags: ['api'] }, ({ task }) => (task as Reply).id === 1],
      ['create_task', { title: 'Log out', tags: ['api'] }, ({ task }) => (task as Reply).id === 2],
      ['add_dependency', { task_id: 2, depends_on: 1 }, ({ blocked_by }) => String(blocked_by) === '1'],
      ['link_file', { task_id: 1, path: 'src/main.ts', line: 1 }, ({ place }) => place === 'src/main.ts:1'],
      ['get_task', { task_id: 'T-2' }, ({ task }) => (task as Reply).status === 'blocked'],
      ['update_task', { task_id: 1, title: 'Login for users' }, ({ task }) => (task as Reply).version !== undefined],
      ['list_tasks', {}, ({ total }) => total === 2],
      ['search_tasks', { query: 'login' }, ({ total }) => total === 1],
      ['changed_since', { since: 0 }, ({ total }) => total === 2],
      ['get_task_graph', {}, ({ edges }) => (edges as unknown[]).length === 1],
      ['get_next_task', { project_id: 'any' }, ({ selection }) => (selection as Reply).task_id === 1],
      ['analyze_complexity', { task_id: 1 }, ({ stored }) => stored !== undefined],
      ['estimate_effort', { task_id: 1 }, ({ estimatedHours }) => Number(estimatedHours) > 0],
      ['claim_task', { task_id: 1 }, ({ task }) => (task as { claim: Reply }).claim.by === 'vscode-agent'],
      ['release_task', { task_id: 1 }, ({ task }) => (task as Reply).claim === undefined],
      ['next_work', { required_tags: ['api'] }, ({ task }) => (task as Reply).id === 1],
      ['update_task_status', { task_id: 1, status: 'completed' }, ({ unblocked }) => String(unblocked) === '2'],
      ['expand_task', { task_id: 2, provider: 'template' }, ({ proposal }) => proposal !== undefined],
      [
        'parse_prd',
        {
          content: '# Shop\n\n## Features\n\n### Feature: Cart\n\nPriority: High\n\nPeople put things into a cart.\n',
          apply: true,
        },
        ({ applied }) => applied === true,
      ],
      ['delete_task', { task_id: 2 }, ({ message }) => String(message).endsWith('is in the trash.')],
    ];

    it('are as many as package.json declares', () => {
      assert.deepEqual(
        offered().sort(),
        declared()
          .map(({ name }) => name)
          .sort(),
      );
    });

    for (const [name, input, holds] of calls)
      it(`${name} ${JSON.stringify(input).slice(0, 60)}`, async () => {
        const reply = await call(name, input);
        assert.ok(holds(reply), JSON.stringify(reply));
      });

    it('were all called', () => {
      assert.deepEqual([...new Set(calls.map(([name]) => PREFIX + name))].sort(), offered().sort());
    });

    it('stand in the history under the agent’s name, and can be undone like all else', async () => {
      const { task } = await call<{ task: { key: string; id: number } }>('create_task', { title: 'A slip' });
      assert.equal(show(key, task.key).createdBy, 'vscode-agent');
      await set('name', 'ada');
      await call('update_task', { task_id: task.id, title: 'Another slip' });
      assert.equal(show(key, task.key).updatedBy, 'ada');
      tm(key, 'undo', '--actor', 'ada', '--since', '1');
      assert.equal(show(key, task.key).title, 'A slip');
    });

    it('say what they do not find, and where to look, with the names that they have here', async () => {
      for (const [name, input] of calls.filter(([, input]) => 'task_id' in input)) {
        const message = await refused(name, { ...input, task_id: 4711 });
        assert.match(message, /NOT_FOUND: .*4711.* Look for the task with taskOrchestrator_search_tasks/, name);
      }
    });

    it('say what does not fit, and change nothing', async () => {
      const head = (await call<{ head: string }>('changed_since', {})).head;
      for (const [name, input] of calls) {
        const message = await refused(name, { ...input, titel: 'x' });
        assert.match(message, /INVALID_INPUT: .*“titel”.* Nothing was done\. Correct what is named/, name);
      }
      assert.match(
        await refused('update_task_status', { task_id: 1, status: 'banana' }),
        /INVALID_INPUT: status is "banana"/,
      );
      assert.match(await refused('create_task', { title: 'x', folder: 'nowhere' }), /NOT_FOUND: .*no folder “nowhere”/);
      assert.equal((await call<{ head: string }>('changed_since', {})).head, head);
    });

    it('do nothing once they are cancelled', async () => {
      const source = new vscode.CancellationTokenSource();
      source.cancel();
      await assert.rejects(call('create_task', { title: 'Too late' }, source.token));
      assert.equal((await call<{ total: number }>('search_tasks', { query: '"Too late"' })).total, 0);
    });

    it('answer in 8 KB, and say what they left out', async () => {
      const description = 'A long story. '.repeat(350);
      const { task } = await call<{ task: { id: number } }>('create_task', { title: 'Long', description });
      const reply = await call('get_task', { task_id: task.id });
      assert.ok(Buffer.byteLength(JSON.stringify(reply)) <= 8 * 1024);
      assert.match(String(reply.omitted), /description/);
    });

    it('change many tasks at once only if the person agrees', async () => {
      const features = Array.from(
        { length: 12 },
        (_, at) => `### Feature: Part ${at}\n\nPriority: High\n\nPeople see part ${at}.\n`,
      );
      const document = { content: `# Many\n\n## Features\n\n${features.join('\n')}`, apply: true };
      const total = async () => (await call<{ total: number }>('list_tasks', {})).total;
      const before = await total();
      const person = new Person();
      person.sit();
      try {
        person.will({});
        assert.match(
          await refused('parse_prd', document),
          /PERMISSION_DENIED: This would change 48 tasks; .* Ask the person\./,
        );
        assert.match(person.told.at(-1)?.text ?? '', /would change 48 tasks at once\. Do you agree\?/);
        assert.equal(await total(), before);
        person.will({ press: 'Yes, Do It' });
        await call('parse_prd', document);
      } finally {
        person.leave();
      }
      assert.equal(await total(), before + 48);
    });

    it('are fewer with the sets of daily work alone', async () => {
      await set('toolSets', 'core');
      await until(
        () => answers('get_task_graph'),
        (is) => !is,
      );
      assert.ok(await answers('list_tasks'));
    });
  });

  describe('by the MCP server', () => {
    /** The definitions once the setting has its effect. */
    async function definitions(access: string): Promise<Definition[]> {
      const heard = new Promise<void>((done) => provider.onDidChangeMcpServerDefinitions(() => done()));
      await set('access', access);
      await heard;
      return provider.provideMcpServerDefinitions();
    }

    it('is not offered while the tools are', () => {
      assert.deepEqual(provider.provideMcpServerDefinitions(), []);
    });

    it('is offered instead of the tools, and they are gone', async () => {
      const [server, ...more] = await definitions('mcp');
      assert.ok(server);
      assert.equal(more.length, 0);
      await until(
        () => answers('list_tasks'),
        (is) => !is,
      );
      const { version } = vscode.extensions.getExtension('task-orchestrator.task-orchestrator')?.packageJSON ?? {};
      assert.deepEqual([server.label, server.version], ['Task Orchestrator', `${version}+core.planning`]);
      assert.deepEqual([server.command, server.env.ELECTRON_RUN_AS_NODE], [process.execPath, '1']);
      assert.equal(server.cwd?.fsPath, key);
    });

    it('starts by what is offered, and works on the folder’s plan in the agent’s name', async () => {
      await set('name', 'ada');
      await set('toolSets', 'core');
      const [server] = await definitions('mcp');
      assert.ok(server);
      const client = new Client({ name: 'test', version: '1.0.0' });
      const { command, args, env, cwd } = server;
      // Nothing of what is installed here: the editor's own Node is enough.
      await client.connect(
        new StdioClientTransport({
          command,
          args,
          env: { ...env, PATH: '' },
          cwd: cwd?.fsPath ?? '',
          stderr: 'ignore',
        }),
      );
      try {
        const { tools } = await client.listTools();
        const core = declared().flatMap(({ name, tags }) => (tags.includes('core') ? [name.slice(PREFIX.length)] : []));
        assert.deepEqual(tools.map(({ name }) => name).sort(), core.sort());
        const { structuredContent } = await client.callTool({
          name: 'create_task',
          arguments: { title: 'From the server' },
        });
        const { task } = structuredContent as { task: { key: string } };
        assert.equal(show(key, task.key).createdBy, 'ada');
      } finally {
        await client.close();
      }
    });

    it('is not offered in a workspace that is not trusted', async () => {
      const own = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
      assert.ok(own);
      assert.equal((await definitions('mcp')).length, 1);
      Object.defineProperty(vscode.workspace, 'isTrusted', { get: () => false, configurable: true });
      try {
        assert.deepEqual(provider.provideMcpServerDefinitions(), []);
      } finally {
        Object.defineProperty(vscode.workspace, 'isTrusted', own);
      }
    });

    it('is not offered when agents are to have nothing', async () => {
      await definitions('mcp');
      assert.deepEqual(await definitions('off'), []);
      await until(
        () => answers('list_tasks'),
        (is) => !is,
      );
    });
  });
});
