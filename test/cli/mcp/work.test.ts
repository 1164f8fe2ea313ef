import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Agent, emptyProject, type Reply } from './agent.js';

interface Work {
  readonly task: { readonly id: number; readonly claim: { readonly by: string; readonly lease: number } } | null;
  readonly reason?: string;
  readonly message: string;
  readonly [part: string]: unknown;
}

describe('next_work', () => {
  test('gives the task with all that is needed to begin, and claims it', async () => {
    const project = emptyProject();
    mkdirSync(join(project.folder, 'src'));
    writeFileSync(
      join(project.folder, 'src/login.ts'),
      Array.from({ length: 40 }, (_, at) => `const line${at + 1} = 0;`).join('\n'),
    );
    project.say('add', 'Design the schema', '--assignee', 'ann');
    project.say(
      'add',
      'Log in',
      '--depends-on',
      '1',
      '--file',
      'src/login.ts:20:21',
      '--criteria',
      '[{"criterion":"A user can log in"}]',
    );
    project.say('add', 'Log out', '--file', 'src/login.ts:30');
    project.say('complete', '1', '--summary', 'Table users has a column hash.');
    const agent = await Agent.start(project.folder, { name: 'worker' });

    const work = await agent.call<Work>('next_work');
    expect(work).toMatchObject({
      task: { id: 2, criteria: [{ criterion: 'A user can log in', done: false }], claim: { by: 'worker', lease: 1 } },
      dependencies: [{ id: 1, state: 'completed', completion_summary: 'Table users has a column hash.' }],
      excerpts: [{ path: 'src/login.ts', line: 20, end_line: 21, from: 17, state: 'exact' }],
      related: [{ id: 3, because: 'it touches src/login.ts too' }],
    });
    expect(work.excerpts).toMatchObject([
      { text: expect.stringMatching(/^const line17 = 0;\n[\s\S]*const line24 = 0;$/) },
    ]);
    expect(project.task('2').claim).toMatchObject({ by: 'worker' });
  });

  test('shows nothing of a file outside of the workspace that a link leads to', async () => {
    const project = emptyProject();
    const secret = join(emptyProject().folder, 'secret.txt');
    writeFileSync(secret, 'the secret\n');
    symlinkSync(secret, join(project.folder, 'inside.txt'));
    project.say('add', 'A task', '--file', 'inside.txt:1');
    const agent = await Agent.start(project.folder);
    expect(JSON.stringify(await agent.call('next_work', { full: true }))).not.toContain('the secret');
  });

  test('says why there is nothing', async () => {
    const project = emptyProject();
    const agent = await Agent.start(project.folder);
    expect(await agent.call('next_work')).toMatchObject({ task: null, reason: 'empty' });
    project.say('add', 'Only one', '--tag', 'ui');
    expect(await agent.call('next_work', { required_tags: ['api'] })).toMatchObject({
      task: null,
      reason: 'none_match',
    });
    project.say('block', '1', 'Waits for the vendor');
    expect(await agent.call('next_work')).toMatchObject({ task: null, reason: 'all_blocked', blockers: [{ id: 1 }] });
  });

  test('eight clients at once never share a task', async () => {
    const project = emptyProject();
    for (let at = 0; at < 12; at += 1) project.say('add', `Task ${at}`);
    const agents = await Promise.all(
      Array.from({ length: 8 }, (_, at) => Agent.start(project.folder, { name: `agent-${at}` })),
    );
    // Each asks twice, all at the same time: sixteen questions for twelve tasks.
    const answers = await Promise.all([...agents, ...agents].map((agent) => agent.call<Work>('next_work')));
    const taken = answers.flatMap(({ task }) => task?.id ?? []);
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    expect(answers.filter(({ task }) => task === null)).toHaveLength(4);
    const holders = new Map(project.list().tasks.map(({ number, claim }) => [number, claim?.by]));
    for (const { task } of answers) if (task) expect(holders.get(task.id)).toBe(task.claim.by);
  });
});

test('eight agents at once carry out a plan: each task is claimed, run and completed by one of them, once', async () => {
  const project = emptyProject();
  project.say('execution', 'allow', '--without-asking', 'javascript');
  const agents = await Promise.all(
    Array.from({ length: 8 }, (_, at) => Agent.start(project.folder, { name: `agent-${at}` })),
  );
  const [planner] = agents;
  // Four chains of three: more agents than there are ready tasks.
  for (let at = 1; at <= 12; at += 1)
    await planner?.call('create_task', { title: `Task ${at}`, dependencies: at > 4 ? [at - 4] : [] });
  const by = new Map<number, string[]>();
  await Promise.all(
    agents.map(async (agent, at) => {
      // Whoever completes a task takes up what that released, so that nobody has to wait.
      for (let work = await agent.call<Work>('next_work'); work.task; work = await agent.call<Work>('next_work')) {
        const { id, claim } = work.task;
        const told = { task_id: id, lease: claim.lease };
        by.set(id, [...(by.get(id) ?? []), `agent-${at}`]);
        await agent.call('update_task_status', { ...told, status: 'in_progress' });
        const code = `console.log(${id} * ${id});`;
        expect(await agent.call('execute_code', { task_id: id, language: 'javascript', code })).toMatchObject({
          execution: { output: `${id * id}\n`, exit_code: 0 },
        });
        await agent.call('update_task_status', { ...told, status: 'completed', summary: `agent-${at} did it.` });
      }
    }),
  );
  expect([...by.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
  for (const [id, workers] of by) {
    expect(workers).toHaveLength(1);
    const found = await planner?.call('get_task', { task_id: id, include_executions: true, full: true });
    expect(found).toMatchObject({
      task: { status: 'completed', completion_summary: `${workers[0]} did it.` },
      executions: [{ executed_by: workers[0], exit_code: 0 }],
    });
  }
});

test('ten tasks from the plan to the end', async () => {
  const agent = await Agent.start(emptyProject().folder, { name: 'worker' });
  for (let at = 1; at <= 10; at += 1)
    await agent.call('create_task', {
      title: `Step ${at}`,
      dependencies: at === 1 ? [] : [at - 1],
      criteria: ['It works'],
    });
  const order: number[] = [];
  for (;;) {
    const { task, reason } = await agent.call<Work>('next_work');
    if (!task) {
      expect(reason).toBe('empty');
      break;
    }
    const { lease } = task.claim;
    await agent.call('update_task_status', { task_id: task.id, status: 'in_progress', lease });
    await agent.call('update_task', { task_id: task.id, criteria: [{ criterion: 'It works', done: true }], lease });
    await agent.call('update_task_status', { task_id: task.id, status: 'completed', summary: `Did ${task.id}`, lease });
    order.push(task.id);
  }
  expect(order).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

describe('claims', () => {
  test('are refused to others, renewed, released, and taken over on purpose', async () => {
    const project = emptyProject();
    project.say('add', 'One');
    const [ann, bob] = await Promise.all([
      Agent.start(project.folder, { name: 'ann' }),
      Agent.start(project.folder, { name: 'bob' }),
    ]);
    await ann.call('claim_task', { task_id: 1, for: '2h' });
    const held = await bob.refused('claim_task', { task_id: 1 });
    expect(held).toMatchObject({ code: 'LEASE_HELD', message: expect.stringContaining('claimed by ann') });
    expect(await bob.refused('update_task_status', { task_id: 1, status: 'in_progress' })).toMatchObject({
      code: 'LEASE_HELD',
    });
    expect(await bob.refused('release_task', { task_id: 1 })).toMatchObject({ code: 'LEASE_HELD' });
    expect(await ann.call('claim_task', { task_id: 1, renew: true })).toMatchObject({ task: { claim: { lease: 1 } } });
    await bob.call('claim_task', { task_id: 1, take_over: true, reason: 'ann is away' });
    expect(await ann.refused('update_task', { task_id: 1, title: 'Mine', lease: 1 })).toMatchObject({
      code: 'LEASE_HELD',
    });
    expect(await bob.call<Reply>('release_task', { task_id: 1, lease: 2 })).toMatchObject({
      message: 'T-1 is free again.',
    });
  });

  test('what cannot be done is refused, and the way out destroys nothing', async () => {
    const project = emptyProject();
    for (const title of ['One', 'Two', 'Three']) project.say('add', title);
    const agent = await Agent.start(project.folder);
    await agent.call('add_dependency', { task_id: 2, depends_on: 1 });
    await agent.call('add_dependency', { task_id: 3, depends_on: 2 });
    const refusals = [
      await agent.refused('add_dependency', { task_id: 1, depends_on: 3 }),
      await agent.refused('update_task_status', { task_id: 3, status: 'in_progress' }),
      await agent.refused('delete_task', { task_id: 1 }),
      await agent.refused('update_task', { task_id: 1, title: 'Other', if_version: 7 }),
      await agent.refused('link_file', { task_id: 1, path: '../outside.txt' }),
    ];
    expect(refusals.map(({ code }) => code)).toEqual([
      'CYCLE',
      'DEPENDENCY_OPEN',
      'DEPENDENCY_OPEN',
      'CONFLICT',
      'INVALID_INPUT',
    ]);
    expect(refusals[0]?.message).toContain('T-3 → T-2 → T-1');
    for (const { next } of refusals) expect(next).not.toMatch(/delete|cascade|force|take_over|remove|confirm/);
    expect(await agent.call('delete_task', { task_id: 1, cascade: true })).toMatchObject({ id: 1 });
    expect(project.json<{ total: number }>('trash', 'list').total).toBe(1);
  });
});
