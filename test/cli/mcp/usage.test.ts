import { describe, expect, test } from 'vitest';
import { answer, ModelServer, planOf } from '../../support/modelServer.js';
import { SEED_PRD } from '../../support/seedPrd.js';
import { Agent, emptyProject } from './agent.js';

interface TaskReply {
  readonly task: {
    readonly id: number;
    readonly key: string;
    readonly title: string;
    readonly status: string;
    readonly priority: number;
    readonly dependencies: readonly number[];
    readonly tags: readonly string[];
    readonly created_by: string;
    readonly completed_at?: string;
    readonly [field: string]: unknown;
  };
  readonly message: string;
}

// What seed 002 shows its users, through the real server.
describe('the examples of seed 002', () => {
  test('basic task management', async () => {
    const agent = await Agent.start(emptyProject().folder);
    const { task, message } = await agent.call<TaskReply>('create_task', {
      title: 'Implement user authentication',
      description: 'Add JWT-based authentication system with login and registration',
      priority: 4,
      tags: ['security', 'backend', 'authentication'],
      code_language: 'typescript',
      dependencies: [],
    });
    expect(task).toMatchObject({
      id: 1,
      status: 'pending',
      priority: 4,
      code_language: 'typescript',
      dependencies: [],
    });
    expect(task.key).toMatch(/^[0-9a-f]{8}$/);
    expect(message).toBe('T-1 was created.');

    await agent.call('update_task_status', { task_id: task.id, status: 'in_progress' });
    const details = await agent.call<TaskReply & { executions: unknown[]; commits: unknown[]; analysis: unknown }>(
      'get_task',
      {
        task_id: task.id,
        include_executions: true,
        include_analysis: true,
      },
    );
    expect(details).toMatchObject({
      task: { status: 'in_progress' },
      executions: [],
      commits: [],
      analysis: { complexity: null, effort: null },
    });
  });

  test('parsing a requirements document makes tasks only when told, and once', async () => {
    const agent = await Agent.start(emptyProject().folder);
    const asked = {
      ...{ content: SEED_PRD, project_id: 'auth-system', confidence_threshold: 0.8 },
      ...{ generate_tasks: true, analyze_dependencies: true },
      ...{ extract_user_stories: true, parse_acceptance_criteria: true },
    };
    const { prd, applied } = await agent.call<{ prd: Prd; applied: boolean }>('parse_prd', { ...asked, full: true });
    expect(prd.features.map(({ title }) => title)).toEqual(['User Registration', 'User Login']);
    expect(prd.acceptanceCriteria).toHaveLength(6);
    expect(prd.tasks.length).toBeGreaterThan(2);
    expect(applied).toBe(false);
    expect(await agent.call('list_tasks')).toMatchObject({ total: 0 });

    await agent.call('parse_prd', { ...asked, apply: true });
    const { total } = await agent.call<{ total: number }>('list_tasks');
    expect(total).toBe(prd.tasks.length);
    expect(await agent.call('parse_prd', { ...asked, apply: true })).toMatchObject({ counts: { added: 0 } });
    expect(await agent.call('list_tasks')).toMatchObject({ total });
  });

  test('complexity, effort, expansion, the next task and the graph of a real task', async () => {
    const project = emptyProject();
    project.file('src/login.ts', 120);
    const agent = await Agent.start(project.folder);
    await agent.call('create_task', { title: 'Design the schema', tags: ['api'] });
    await agent.call('create_task', { title: 'Build the API', tags: ['api'], dependencies: [1] });
    await agent.call('link_file', { task_id: 1, path: 'src/login.ts', line: 3 });

    const analysed = {
      ...{ task_id: 1, analyze_dependencies: true, estimate_code_volume: true },
      ...{ assess_risk: true, use_historical_data: true, project_root: project.folder },
    };
    const { complexity, message } = await agent.call<{ complexity: { score: number }; message: string }>(
      'analyze_complexity',
      analysed,
    );
    expect(complexity.score).toBeGreaterThanOrEqual(1);
    expect(complexity).toMatchObject({
      estimatedHours: expect.any(Number),
      riskAssessment: {
        level: expect.stringMatching(/^(?:low|medium|high|critical)$/),
        technicalDebt: expect.any(Array),
      },
    });
    expect(message).toMatch(/^T-1 has a complexity of/);
    expect(await agent.call('estimate_effort', analysed)).toMatchObject({
      estimatedHours: expect.any(Number),
      complexity_score: complexity.score,
    });

    const { selection } = await agent.call<{ selection: Selection }>('get_next_task', {
      project_id: 'my-project',
      max_complexity: 10,
      max_complexity_limit: 10,
      preferred_languages: ['typescript', 'python'],
      excluded_tags: ['blocked', 'waiting'],
      enable_grouping: true,
      minimize_context_switching: true,
      hours_available_today: 6,
      available_developers: 2,
    });
    expect(selection).toMatchObject({ task_id: 1, selectedTask: { id: 1, title: 'Design the schema' } });
    expect(selection.reasoning.primaryReason).not.toBe('');
    expect(selection.alternatives).toEqual([]);
    expect(selection.selectedTask.successProbability).toBeGreaterThan(0);

    const json = await agent.call('get_task_graph', { format: 'json' });
    expect(json).toMatchObject({ edges: [{ from: 1, to: 2 }], critical_path: [1, 2], cycles: [] });
    const { graph } = await agent.call<{ graph: string }>('get_task_graph', { format: 'mermaid' });
    expect(graph).toMatch(/^flowchart LR\n/);

    const asked = { task_id: 2, provider: 'template' };
    const { expansion, proposal } = await agent.call<{ expansion: Expansion; proposal: string }>('expand_task', asked);
    expect(expansion).toMatchObject({ originalTaskId: 2, metadata: { provider: 'template' } });
    expect(await agent.call('list_tasks')).toMatchObject({ total: 2 });
    const taken = { task_id: 2, proposal, apply: true, items: ['s1', 's2'] };
    expect(await agent.call('expand_task', taken)).toMatchObject({ created: [3, 4] });
    expect(await agent.refused('expand_task', taken)).toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'proposal' },
    });
  });

  test('expansion by the model that is named', async () => {
    const service = await ModelServer.start();
    service.will(answer(planOf()));
    const env = { OPENAI_API_KEY: 'sk-of-a-test', OPENAI_BASE_URL: `${service.address}/v1` };
    const agent = await Agent.start(emptyProject().folder, { env });
    await agent.call('create_task', { title: 'Implement user authentication' });
    const { expansion } = await agent.call<{ expansion: Expansion }>('expand_task', {
      ...{ task_id: 1, depth: 2, include_tests: true, include_documentation: true, include_implementation: true },
      ...{ provider: 'openai', model: 'gpt-4o', max_tokens: 2000, temperature: 0.7, full: true },
    });
    expect(expansion.subtasks[0]).toMatchObject({ title: 'Design the schema', estimatedEffort: 2.5 });
    expect([expansion.implementationSteps.length, expansion.testTasks.length]).toEqual([2, 1]);
    expect(service.questions).toMatchObject([
      { path: '/v1/chat/completions', body: { model: 'gpt-4o', temperature: 0.7, max_completion_tokens: 2000 } },
    ]);
    await service.stop();
  });

  test('the complete lifecycle of a task', async () => {
    const project = emptyProject();
    project.say('execution', 'allow', '--without-asking', 'python');
    const agent = await Agent.start(project.folder);
    const { task } = await agent.call<TaskReply>('create_task', {
      title: 'Integration Test Task',
      description: 'Complete lifecycle test',
    });
    const next = await agent.call<TaskReply>('create_task', { title: 'After it', dependencies: [task.id] });
    expect(next.task.status).toBe('blocked');
    await agent.call('update_task_status', { task_id: task.id, status: 'in_progress' });
    const code = 'print("Task completed")';
    expect(await agent.call('execute_code', { task_id: task.id, language: 'python', code })).toMatchObject({
      execution: { output: 'Task completed\n', exit_code: 0, execution_time: expect.any(Number) },
    });
    expect(
      await agent.call('update_task_status', { task_id: task.id, status: 'completed', summary: 'Done.' }),
    ).toMatchObject({
      unblocked: [next.task.id],
      message: 'T-1 is done. Ready now: T-2.',
    });
    const final = await agent.call<TaskReply>('get_task', { task_id: task.id });
    expect(final.task.status).toBe('completed');
    expect(final.task.completed_at).toBeDefined();
    expect(await agent.call('delete_task', { task_id: next.task.id })).toMatchObject({ id: 2 });
    expect(await agent.refused('get_task', { task_id: next.task.id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a hundred tasks created at once are all there', async () => {
    const project = emptyProject();
    const agent = await Agent.start(project.folder);
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        agent.call<TaskReply>('create_task', { title: `Task ${at}`, description: `Performance test task ${at}` }),
      ),
    );
    expect(new Set(replies.map(({ task }) => task.id)).size).toBe(100);
    await agent.client.close();
    expect(project.list().total).toBe(100);
  });
});

test('the client’s name is in the history, unless the person gave another one', async () => {
  const project = emptyProject();
  const [one, other] = [
    await Agent.start(project.folder, { name: 'claude-code' }),
    await Agent.start(project.folder, { name: 'claude-code', env: { TM_AGENT_ID: 'agent-2' } }),
  ];
  const modern = await Agent.start(project.folder, { name: 'new client', era: 'modern' });
  for (const agent of [one, other, modern]) await agent.call('create_task', { title: 'A' });
  const { tasks } = await one.call<{ tasks: { id: number }[] }>('search_tasks', { query: 'sort:number' });
  const by = await Promise.all(tasks.map(({ id }) => one.call<TaskReply>('get_task', { task_id: id })));
  expect(by.map(({ task }) => task.created_by)).toEqual(['claude-code', 'agent-2', 'new client']);
});

interface Prd {
  readonly features: readonly { readonly title: string }[];
  readonly acceptanceCriteria: readonly unknown[];
  readonly tasks: readonly unknown[];
}

interface Selection {
  readonly selectedTask: { readonly successProbability: number };
  readonly alternatives: readonly unknown[];
  readonly reasoning: { readonly primaryReason: string };
}

interface Expansion {
  readonly subtasks: readonly { readonly id: string }[];
  readonly implementationSteps: readonly unknown[];
  readonly testTasks: readonly unknown[];
}
