import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { node24 } from '../../scripts/lib/install.mjs';
import { dist } from '../../scripts/lib/paths.mjs';
import { runTm, type Workspace } from '../../scripts/lib/workspace.mjs';
import { Agent, type Reply } from '../cli/mcp/agent.js';
import { startVsCode } from './harness.js';

/** The plan of a small library: a title, the numbers of what it waits for, a program that shows that it works. */
const STEPS: readonly (readonly [title: string, after: readonly number[], program: string])[] = [
  ['Agree on the format', [], 'module.exports = "one number a line";'],
  ['Read the numbers', [1], 'exports.read = (text) => text.trim().split("\\n").map(Number);'],
  [
    'Refuse what is no number',
    [1],
    'exports.check = (all) => { if (all.some(Number.isNaN)) throw new Error("no number"); };',
  ],
  ['Reckon the mean', [2, 3], 'exports.mean = (all) => all.reduce((a, b) => a + b, 0) / all.length;'],
  ['Reckon the median', [2, 3], 'exports.median = (all) => all.toSorted((a, b) => a - b)[all.length >> 1];'],
  ['Print a table', [4, 5], 'exports.print = (rows) => rows.map((row) => row.join("  ")).join("\\n");'],
  ['Read the command line', [6], 'exports.options = (words) => ({ file: words[0], help: words.includes("--help") });'],
  ['Write the guide', [6], 'module.exports = "node stat.js FILE prints mean and median.";'],
  ['Give three examples', [8], 'module.exports = [[1, 2, 3], [5], [2, 4]];'],
  ['Release it', [7, 9], 'module.exports = "1.0.0";'],
];

interface Work {
  readonly task: { readonly id: number; readonly title: string; readonly claim: { readonly lease: number } } | null;
  readonly reason?: string;
}

/** A repository in which an agent may run JavaScript without asking. */
async function project(workspace: Workspace) {
  const env = {
    ...{ ...process.env, HOME: workspace.dir, XDG_CONFIG_HOME: join(workspace.dir, '.config') },
    ...{ GIT_AUTHOR_NAME: 'worker', GIT_COMMITTER_NAME: 'worker' },
  };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: workspace.dir, encoding: 'utf8', env }).trim();
  git('init', '--quiet', '--initial-branch=main');
  // The person at the window; the agent's commits are in its own name.
  git('config', 'user.name', 'ann');
  git('config', 'user.email', 'ann@example.org');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
  await workspace.tm('init');
  await runTm(workspace.dir, ['execution', 'allow', '--without-asking', 'javascript'], env);
  const agent = await Agent.start(workspace.dir, {
    ...{ name: 'worker', node: node24, server: join(dist, 'mcp.js') },
    env: { XDG_CONFIG_HOME: join(workspace.dir, '.config') },
  });
  return { git, agent };
}

describe('an agent at work', () => {
  const vscode = startVsCode();

  test('ten tasks: a window shows how each is planned, claimed, run, committed and completed', {
    timeout: 300_000,
  }, async () => {
    const workspace = await vscode.workspace({
      '.gitignore': '.task-orchestrator\n.config\n',
      'README.md': '# Stat\n',
    });
    const { git, agent } = await project(workspace);
    const workbench = await vscode.open(workspace, { viewport: { width: 1500, height: 1000 } });
    const { graph, palette, sidebar, statusBar } = workbench;
    const tree = sidebar.view('Tasks');
    const next = sidebar.view('Next Up');
    await sidebar.open();
    await sidebar.welcome.getByText('No tasks yet').waitFor();

    // The plan: each task as it is made, one dependency afterwards.
    for (const [at, [title, after]] of STEPS.entries())
      await agent.call('create_task', {
        ...{ title, priority: 2, code_language: 'javascript', criteria: [`${title}: the program runs`] },
        dependencies: at === 9 ? after.slice(1) : after,
      });
    await agent.call('add_dependency', { task_id: 10, depends_on: 7 });
    await tree.find(/^T-1, Agree on the format, Ready/);
    await tree.find(/^T-10, Release it, Waiting, waits for T-1/);
    await next.find(/^T-1/);
    await statusBar.item('ready').getByText('1 ready').waitFor();
    await palette.run('taskOrchestrator.graph.show');
    await graph.ready();
    await graph.control('Show finished').click();
    while (!(await graph.node(/^T-10,/).isVisible())) await graph.control('Show more around').click();
    await workbench.shot('agent-plan');

    const ready = new Set([1]);
    const done: number[] = [];
    for (let work = await agent.call<Work>('next_work'); work.task; work = await agent.call<Work>('next_work')) {
      const { id, title, claim } = work.task;
      const { lease } = claim;
      expect(ready).toContain(id);
      await tree.find(new RegExp(`^T-${id}, ${title}, Claimed, worker .*min left`));
      if (id === 1) {
        await sidebar.welcome.getByText('No task is ready now').waitFor();
        await workbench.shot('agent-claimed');
      }

      await agent.call('update_task_status', { task_id: id, status: 'in_progress', lease });
      await tree.find(new RegExp(`^T-${id}, ${title}, In progress, worker .*left`));
      await graph.node(new RegExp(`^T-${id}, ${title}, In progress`)).waitFor();

      const file = `src/step${id}.js`;
      await workspace.write(file, `${STEPS[id - 1]?.[2]}\n`);
      const code = `const made = require('./${file}');\nconsole.log('${id}:', typeof made);`;
      const { execution } = await agent.call<{ execution: Reply }>('execute_code', {
        ...{ task_id: id, language: 'javascript', code },
      });
      expect(execution).toMatchObject({ exit_code: 0, output: expect.stringMatching(new RegExp(`^${id}: \\w+\n$`)) });
      await tree.expand(new RegExp(`^T-${id}, ${title}, In progress`));
      await tree.find(/^Run of javascript, exit 0/);

      git('add', '.');
      git('commit', '--quiet', '--message', `${title}\n\nTask: T-${id}`);
      const hash = git('rev-parse', 'HEAD');
      await agent.call('link_git_commit', { task_id: id, commit_hash: hash });
      await tree.find(new RegExp(`^Commit ${hash.slice(0, 8)} ${title}, 1 file`));
      if (id === 6) await workbench.shot('agent-midway');

      await agent.call('update_task', {
        ...{ task_id: id, criteria: [{ criterion: `${title}: the program runs`, done: true }], lease },
      });
      const { unblocked } = await agent.call<{ unblocked: number[] }>('update_task_status', {
        ...{ task_id: id, status: 'completed', summary: `${file} does it.`, lease },
      });
      ready.delete(id);
      done.push(id);
      for (const freed of unblocked) {
        ready.add(freed);
        await tree.find(new RegExp(`^T-${freed}, .*, Ready`));
      }
      await tree.find(new RegExp(`^Completed, ${done.length === 1 ? '1 task' : `${done.length} tasks`}`));
      await graph.node(new RegExp(`^T-${id}, ${title}, Completed`)).waitFor();
      if (ready.size > 0) await statusBar.item('ready').getByText(`${ready.size} ready`).waitFor();
      await expect.poll(async () => (await next.names()).length).toBe(ready.size);
    }

    expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await tree.expand(/^Completed, 10 tasks/);
    for (const [at, [title]] of STEPS.entries()) await tree.find(new RegExp(`^T-${at + 1}, ${title}, Completed`));
    await sidebar.welcome.getByText('Every task is done').waitFor();
    // The person has not looked at any of it.
    const changes = sidebar.view('Agent Changes');
    await changes.find(/^Changes by worker, 10 tasks/);
    await changes.find(/^T-1, Agree on the format, by worker, created/);
    await workbench.shot('agent-done');
    expect(git('log', '--format=%s').split('\n')).toHaveLength(11);
  });
});
