import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { answer, ModelServer, planOf } from '../support/modelServer.js';
import { Person } from './person.js';
import { activated, folder, run, show, tm, until } from './support.js';

const KEY = 'my-very-own-key-1';

describe('expanding a task', () => {
  const key = folder();
  const person = new Person();
  let server: ModelServer;
  let task: string;

  const configure = (name: string, value: unknown) =>
    vscode.workspace.getConfiguration('taskOrchestrator').update(name, value, vscode.ConfigurationTarget.Global);
  const titles = (): string[] => JSON.parse(tm(key, 'list', '--json')).tasks.map((one: { title: string }) => one.title);
  /** Runs the command, and presses Enter once the preview is there. */
  const expandAndAccept = async (asked: number) => {
    const done = run('task.expand', key, task);
    await until(
      () => server.questions.length,
      (length) => length >= asked,
    );
    const before = titles().length;
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return titles().length;
      },
      (length) => length > before,
    );
    await done;
  };

  before(async () => {
    await activated();
    server = await ModelServer.start();
    task = tm(key, 'add', 'Login for users', '--type', 'feature');
    await run('task.reveal', key, task);
    await configure('model.baseUrl', `${server.address}/v1`);
    person.sit();
  });
  after(async () => {
    person.leave();
    await configure('model.baseUrl', undefined);
    await configure('model.provider', undefined);
    await server.stop();
  });

  it('keeps a key in the secret storage, and sends it to its address only', async () => {
    person.will({ pick: server.address, type: KEY });
    await run('model.setKey');
    assert.match(person.statusBar.at(-1) ?? '', /^Key for http:\/\/127.* kept$/);
    server.will(answer(planOf()));
    await expandAndAccept(1);
    assert.equal(server.questions[0]?.headers.authorization, `Bearer ${KEY}`);
  });

  it('made one change, which the status bar takes back', async () => {
    assert.deepEqual(titles().sort(), [
      ...[
        'Build the page',
        'Design the schema',
        'Document the API',
        'Login for users',
        'Test the API',
        'Write the API',
      ],
    ]);
    assert.match(show(key, task).description, /^## Implementation steps/);
    assert.equal(person.item, '$(discard) T-1 broken down into 5 tasks · Undo');
    await person.click();
    assert.deepEqual(titles(), ['Login for users']);
    assert.equal(show(key, task).description, undefined);
  });

  it('cancelled, it closes the connection and changes nothing', async () => {
    const withProgress = vscode.window.withProgress;
    const source = new vscode.CancellationTokenSource();
    Object.assign(vscode.window, {
      withProgress: (
        _options: unknown,
        work: (progress: object, token: vscode.CancellationToken) => Thenable<unknown>,
      ) => work({ report: () => undefined }, source.token),
    });
    try {
      const asked = server.questions.length;
      server.now({ kind: 'silent', text: '{' });
      const done = run('task.expand', key, task);
      await until(
        () => server.questions.length,
        (length) => length > asked,
      );
      source.cancel();
      await done;
    } finally {
      Object.assign(vscode.window, { withProgress });
    }
    assert.equal(person.statusBar.at(-1), 'Cancelled; nothing was changed');
    await until(
      () => server.gone,
      (gone) => gone > 0,
    );
    assert.deepEqual(titles(), ['Login for users']);
  });

  it("asks the editor's language model first; where that may not be used, the template answers", async () => {
    const { selectChatModels } = vscode.lm;
    const told: string[] = [];
    const model = (work: () => AsyncIterable<string>) => ({
      ...{ id: 'editor-model', name: 'Editor model', family: 'f', vendor: 'v', version: '1', maxInputTokens: 1000 },
      sendRequest: async (
        messages: readonly vscode.LanguageModelChatMessage[],
        options: { justification?: string },
      ) => {
        told.push(options.justification ?? '', JSON.stringify(messages));
        return { text: work() };
      },
    });
    const offer = (work: () => AsyncIterable<string>) =>
      Object.assign(vscode.lm, { selectChatModels: async () => [model(work)] });
    try {
      offer(async function* () {
        yield JSON.stringify(planOf({ implementationSteps: [] }));
      });
      const asked = server.questions.length;
      await expandAndAccept(0);
      assert.equal(server.questions.length, asked);
      assert.match(told[0] ?? '', /break a task/);
      assert.match(told[1] ?? '', /Login for users/);
      await person.click();

      // biome-ignore lint/correctness/useYield: it is refused before the first word
      offer(async function* () {
        throw vscode.LanguageModelError.NoPermissions('no');
      });
      await configure('model.provider', 'vscode');
      await configure('model.baseUrl', undefined);
      await expandAndAccept(0);
      assert.ok(titles().includes('Build: Login for users'));
      await person.click();
    } finally {
      Object.assign(vscode.lm, { selectChatModels });
      await configure('model.provider', undefined);
      await configure('model.baseUrl', `${server.address}/v1`);
    }
  });

  it('removes the key again; it is in no file beside the store', async () => {
    person.will({ pick: server.address });
    await run('model.removeKey');
    assert.match(person.statusBar.at(-1) ?? '', /^Key for http.* removed$/);
    await run('model.removeKey');
    assert.equal(person.statusBar.at(-1), 'No key is kept');
    for (const file of readdirSync(key, { recursive: true, encoding: 'utf8' })) {
      if (statSync(join(key, file)).isFile()) assert.ok(!readFileSync(join(key, file)).includes(KEY), file);
    }
  });
});
