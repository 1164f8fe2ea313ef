import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExecutionList, ExecutionView } from '../../src/app/execution/executionInputs.js';
import { Person } from './person.js';
import { activated, folder, run, tm, until } from './support.js';

describe('running code for a task', () => {
  const key = folder();
  const person = new Person();
  let task: string;
  let kept: number;

  before(async () => {
    await activated();
    task = tm(key, 'add', 'Login for users', '--code-language', 'bash');
    await run('task.reveal', key, task);
    await setting().update('enabled', true, vscode.ConfigurationTarget.Workspace);
  });
  beforeEach(() => {
    person.sit();
    kept = runs().total;
  });
  afterEach(async () => {
    person.leave();
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const runs = (): ExecutionList => JSON.parse(tm(key, 'runs', task, '--json'));
  const shown = (id: string): ExecutionView => JSON.parse(tm(key, 'runs', task, id, '--json')).execution;
  const setting = () => vscode.workspace.getConfiguration('taskOrchestrator.execution');

  /** Opens a file with this text, all of it selected. */
  async function select(name: string, text: string): Promise<void> {
    writeFileSync(join(key, name), text);
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(join(key, name)));
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(new vscode.Position(0, 0), end);
  }

  it('runs the selection once the person has seen it and pressed Run, and keeps the run', async () => {
    await select('check.js', 'console.log(6 * 7);\nconsole.error("no");\nprocess.exit(3);');
    person.will({ press: 'Run' });
    await run('task.runCode', key, task);
    const [last] = runs().executions;
    assert.ok(last, person.told.at(-1)?.text);
    assert.deepEqual(
      [last.language, last.status, last.exit_code, last.working_directory],
      ['javascript', 'failed', 3, '.'],
    );
    const { output, error, code } = shown(last.id);
    assert.deepEqual([output, error, code.split('\n').length], ['42\n', 'no\n', 3]);
    assert.match(person.told.at(-1)?.text ?? '', /^Run this code for T-\d+ Login for users\?$/);
    assert.ok(vscode.window.terminals.some((terminal) => terminal.name === `Run ${last.task.name}`));
    assert.match(person.statusBar.at(-1) ?? '', /ended after .* with exit code 3/);
  });

  it('runs nothing where the person does not press Run', async () => {
    await select('check.js', 'console.log(1)');
    person.will({});
    await run('task.runCode', key, task);
    assert.equal(runs().total, kept);
    assert.equal(vscode.window.terminals.length, 0);
  });

  it('without a selection begins a document in the language of the task, which its button runs', async () => {
    person.will({ press: 'Run' });
    await run('task.runCode', key, task);
    const editor = vscode.window.activeTextEditor;
    assert.deepEqual([editor?.document.isUntitled, editor?.document.languageId], [true, 'shellscript']);
    assert.equal(runs().total, kept);
    await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), 'echo drafted'));
    await run('run.draft');
    const [last] = runs().executions;
    assert.equal(last && shown(last.id).output, 'drafted\n');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('shows a run as a document, from the tree', async () => {
    await select('one.sh', 'echo shown; exit 4');
    person.will({ press: 'Run' });
    await run('task.runCode', key, task);
    const [last] = runs().executions;
    await run('run.show', key, last?.id);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'task-run');
    assert.match(
      document?.getText() ?? '',
      /bash · exit 4 · [\s\S]*── Output ──\nshown\n\n── Code ──\necho shown; exit 4/,
    );
  });

  it('is cancelled by closing its terminal, with all that it started', async () => {
    await select('long.sh', 'sleep 600 & echo started; wait');
    person.will({ press: 'Run' });
    const running = run('task.runCode', key, task);
    const terminal = await until(
      () => vscode.window.terminals.find(({ name }) => name.startsWith('Run T-')),
      (found) => found !== undefined,
    );
    await until(
      () => runs().executions[0]?.status,
      (status) => status === 'running',
    );
    terminal?.dispose();
    await running;
    const [last] = runs().executions;
    assert.deepEqual([last?.status, last?.stopped_by], ['cancelled', 'person']);
  });

  it('is off without the setting, and says where it is', async () => {
    await setting().update('enabled', false, vscode.ConfigurationTarget.Workspace);
    try {
      await select('off.sh', 'echo off');
      person.will({ press: 'Run' });
      await run('task.runCode', key, task);
      assert.match(
        person.told.at(-1)?.text ?? '',
        /off\. The setting taskOrchestrator\.execution\.enabled turns it on/,
      );
      assert.deepEqual(person.told.at(-1)?.buttons, ['Open Settings']);
      assert.equal(runs().total, kept);
    } finally {
      await setting().update('enabled', true, vscode.ConfigurationTarget.Workspace);
    }
  });
});
