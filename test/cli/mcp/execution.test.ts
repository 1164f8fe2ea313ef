import { describe, expect, test } from 'vitest';
import { Agent, emptyProject } from './agent.js';

interface Run {
  readonly execution: {
    readonly task_id: number;
    readonly output: string;
    readonly exit_code: number;
    readonly sandbox: string;
  };
}

const FIBONACCI = `
def calculate_fibonacci(n):
    if n <= 1:
        return n
    return calculate_fibonacci(n-1) + calculate_fibonacci(n-2)

print(calculate_fibonacci(10))
`;
const asked = { task_id: 1, language: 'python', code: FIBONACCI, timeout: 30 };

/** A client whose person answers so; what was asked is kept. */
async function withPerson(folder: string, agree: boolean, era: 'legacy' | 'modern' = 'legacy') {
  const agent = await Agent.start(folder, { era, client: { capabilities: { elicitation: { form: {} } } } });
  const questions: string[] = [];
  agent.client.setRequestHandler('elicitation/create', ({ params }) => {
    questions.push(params.message);
    return { action: 'accept', content: { agree } };
  });
  return { agent, questions };
}

describe('execute_code', () => {
  test('runs seed 002’s examples once a person allowed it and approves each', async () => {
    const project = emptyProject();
    project.say('add', 'Implement user authentication');
    for (const era of ['legacy', 'modern'] as const) {
      if (era === 'legacy') {
        const { agent } = await withPerson(project.folder, true);
        expect(await agent.refused('execute_code', asked)).toMatchObject({ code: 'EXECUTION_DISABLED' });
        project.say('execution', 'allow');
      }
      const { agent, questions } = await withPerson(project.folder, true, era);
      const { execution } = await agent.call<Run>('execute_code', asked);
      expect(execution).toMatchObject({ task_id: 1, output: '55\n', exit_code: 0 });
      expect(questions).toEqual([expect.stringContaining('print(calculate_fibonacci(10))')]);
      const code = 'const f = (n) => n <= 1 ? n : f(n - 1) + f(n - 2);\nconsole.log(f(10));';
      expect(await agent.call('execute_code', { task_id: 1, language: 'javascript', code })).toMatchObject({
        execution: { output: '55\n', exit_code: 0 },
      });
    }
    const { agent } = await withPerson(project.folder, true);
    const { executions } = await agent.call<{ executions: object[] }>('get_task', {
      task_id: 1,
      include_executions: true,
      full: true,
    });
    expect(executions).toHaveLength(4);
    expect(executions[3]).toMatchObject({ task_id: 1, language: 'python', output: '55\n', exit_code: 0 });
  });

  test('runs nothing that nobody approved, and needs no question where a rule says so', async () => {
    const project = emptyProject();
    project.say('add', 'A task');
    project.say('execution', 'allow');
    const { agent, questions } = await withPerson(project.folder, false);
    expect(await agent.refused('execute_code', asked)).toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(questions).toHaveLength(1);
    const alone = await Agent.start(project.folder);
    expect(await alone.refused('execute_code', asked)).toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(await alone.call('get_task', { task_id: 1, include_executions: true })).toMatchObject({ executions: [] });
    project.say('execution', 'allow', '--without-asking', 'python');
    expect(await alone.call('execute_code', asked)).toMatchObject({ execution: { output: '55\n' } });
  });
});
