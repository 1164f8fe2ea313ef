import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, folder, ID, run, show, tm, until } from './support.js';

interface Repository {
  commit(message: string, options?: { all?: boolean }): Promise<void>;
  readonly rootUri: vscode.Uri;
}

interface GitApi {
  readonly repositories: readonly Repository[];
}

interface Linked {
  readonly commit_hash: string;
  readonly commit_message: string;
  readonly source: string;
  readonly linkedBy: string;
}

describe('commits of tasks', () => {
  const key = folder();
  const file = join(key, 'a.txt');
  let repository: Repository;

  const git = (...args: string[]) => execFileSync('git', args, { cwd: key, encoding: 'utf8' }).trim();
  const linked = (task: string): Linked[] => JSON.parse(tm(key, 'commits', task, '--json')).commits;
  /** A commit as the source control view makes it. */
  const commit = async (message: string) => {
    appendFileSync(file, `${message}\n`);
    await repository.commit(message, { all: true });
  };

  before(async () => {
    await activated();
    for (const title of ['Mend the login', 'Write the guide', 'Draw the icon']) tm(key, 'add', title);
    await run('task.reveal', key, show(key, '1').id);
    const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
    assert.ok(extension, 'the editor has no git');
    const api = (await extension.activate()).getAPI(1);
    repository = await until(
      () => api.repositories.find(({ rootUri }) => rootUri.fsPath === key) as Repository,
      (found) => found !== undefined,
    );
  });

  it('made in the window are linked to the tasks that they name', async () => {
    await commit('Mend the form\n\nTask: T-1\nSee T-2 and T-99');
    const [one] = await until(
      () => linked('1'),
      (found) => found.length === 1,
    );
    assert.equal(one?.commit_hash, git('rev-parse', 'HEAD'));
    assert.equal(one?.source, 'trailer');
    assert.equal(one?.commit_message, 'Mend the form');
    assert.equal(linked('2')[0]?.source, 'message');
    assert.equal(show(key, '1').status, 'pending');
  });

  it('are linked to the task that their branch is named after', async () => {
    git('checkout', '--quiet', '-b', 'feature/T-3-icon');
    await commit('Begin');
    const [one] = await until(
      () => linked('3'),
      (found) => found.length === 1,
    );
    assert.equal(one?.source, 'branch');
    git('checkout', '--quiet', 'main');
  });

  it('are left alone where the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('taskOrchestrator');
    await settings.update('git.linkCommits', false, vscode.ConfigurationTarget.Workspace);
    await commit('More of T-3');
    const quiet = git('rev-parse', 'HEAD');
    await settings.update('git.linkCommits', undefined, vscode.ConfigurationTarget.Workspace);
    await commit('Still more of T-3');
    await until(
      () => linked('3').map(({ commit_hash }) => commit_hash),
      (hashes) => hashes.includes(git('rev-parse', 'HEAD')) && !hashes.includes(quiet),
    );
  });

  it('open with what they changed', async () => {
    const { id } = show(key, '1');
    const [one] = linked('1');
    await run('commit.open', key, id, one?.commit_hash);
    const label = await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '',
      (text) => text.startsWith(one?.commit_hash.slice(0, 8) ?? '?'),
    );
    assert.match(label, /Mend the form/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are taken away from a task, and put back', async () => {
    const { id } = show(key, '2');
    const [one] = linked('2');
    await run('commit.unlink', key, id, one?.commit_hash);
    assert.deepEqual(linked('2'), []);
    tm(key, 'undo');
    assert.equal(linked('2').length, 1);
  });

  it('names of tasks that there are, and of no others, are links in files', async () => {
    const path = join(key, 'notes.md');
    writeFileSync(path, '# Notes\n\nT-1 before T-2, but not T-99, JT-1 or `UT-3`.\n');
    const document = await vscode.workspace.openTextDocument(path);
    const links = await until(
      () =>
        vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri) as Promise<
          vscode.DocumentLink[]
        >,
      (found) => found.length > 0,
    );
    assert.deepEqual(
      links.map(({ range, tooltip }) => `${document.getText(range)} ${tooltip}`),
      ['T-1 Show T-1 Mend the login', 'T-2 Show T-2 Write the guide'],
    );
    assert.equal(links[0]?.target?.scheme, 'command');
    assert.equal(links[0]?.target?.path, 'taskOrchestrator.task.reveal');
    assert.deepEqual(JSON.parse(links[0]?.target?.query ?? ''), [key, show(key, '1').id]);
  });

  it('addresses of the editor show the task that they name, and only show it', async () => {
    const address = (path: string) =>
      vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(`${vscode.env.uriScheme}://${ID}${path}`));
    const { id } = show(key, '3');
    const before = tm(key, 'log', '--json');
    for (const path of [`/task/${id}`, '/task/T-2', '/task/1']) await address(path);
    // What names no task of the window, and what is no such address at all.
    for (const path of ['/task/T-99', '/task/', '/task/../1', '/task/%00', '/other/1', `/task/${'1'.repeat(5000)}`])
      await address(path);
    assert.equal(tm(key, 'log', '--json'), before);
    // The last that there is, is the tree's selection.
    await until(
      async () => {
        await run('task.toggleDone', { selection: true });
        return show(key, '1').status;
      },
      (status) => status === 'completed',
    );
    await run('task.toggleDone', { selection: true });
    assert.equal(show(key, '1').status, 'pending');
  });

  it('names are no links in the preview of a browser that would not follow them', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: 'T-1 & *T-2*' });
    assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
    const html = await vscode.commands.executeCommand<string>('markdown.api.render', document);
    assert.match(html, />T-1 &amp; <em>T-2<\/em></);
  });

  it('open tasks complete in the message of a commit', async () => {
    tm(key, 'start', '2');
    tm(key, 'complete', '3');
    const offered = async (content: string, language = 'git-commit') => {
      const document = await vscode.workspace.openTextDocument({ language, content });
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(0, content.length),
      );
      return list.items
        .filter(({ kind }) => kind === vscode.CompletionItemKind.Reference)
        .map(({ insertText }) => insertText);
    };
    // What is being worked on comes first, what is done is not offered.
    await until(
      () => offered('Draft, fixes T-'),
      (names) => names.join() === 'T-2,T-1',
    );
    assert.deepEqual(await offered('T-1', 'scminput'), ['T-1']);
    assert.deepEqual(await offered('Closes '), ['T-2', 'T-1']);
    assert.deepEqual(await offered('A word'), []);
    assert.deepEqual(await offered('T-', 'plaintext'), []);
  });
});
