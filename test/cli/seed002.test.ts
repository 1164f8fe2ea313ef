import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ComplexityResult } from '../../src/app/planning/complexity/complexityInputs.js';
import type { ExpandedTask } from '../../src/app/planning/expansion/expansionInputs.js';
import type { NextTaskView } from '../../src/app/planning/nextTask/nextTaskInputs.js';
import type { PrdReport } from '../../src/app/planning/prd/prdInputs.js';
import { answer, ModelServer, planOf } from '../support/modelServer.js';
import { Repository } from '../support/repository.js';
import { SEED_PRD } from '../support/seedPrd.js';
import { type Shell, start } from './shell.js';

/** The example begins it with an empty line. */
const PRD = `\n${SEED_PRD}`;

let server: ModelServer;
let tm: Shell;
beforeEach(async () => {
  server = await ModelServer.start();
  tm = start({ OPENAI_API_KEY: 'sk-of-a-test', OPENAI_BASE_URL: `${server.address}/v1` });
});
afterEach(() => server.stop());

/** `createTask` of the example. */
function createTask(): void {
  tm.say(
    ...['add', 'Implement user authentication', '--priority', 'high', '--type', 'feature'],
    ...['--description', 'Add JWT-based authentication system with login and registration'],
    ...['--tag', 'security', 'backend', 'authentication', '--code-language', 'typescript', '--file', 'src/login.ts'],
  );
}

/** The project that the example is about. */
function writeCode(): void {
  const repository = new Repository(tm.folder);
  repository.commit('First', {
    'src/login.ts': "import { sign } from './token.js';\n\n// TODO: refuse empty names\nexport const login = sign;\n",
    'src/token.ts': 'export function sign(name: string): string {\n  return name;\n}\n',
  });
}

describe("seed 002's examples of planning, through tm", () => {
  test('parsePRD: 2 features, 6 criteria, none of its bullets astray; applied, its tasks are in the project', () => {
    mkdirSync(join(tm.folder, 'docs'));
    writeFileSync(join(tm.folder, 'docs/prd.md'), PRD);
    const parse = ['prd', 'parse', 'docs/prd.md', '--project', 'auth-system', '--confidence', '0.8'];
    const { prd, message } = tm.json<PrdReport>(...parse);
    expect(prd.features.map(({ title, priority, description }) => [title, priority, description])).toEqual([
      ['User Registration', 'high', 'Allow new users to register with email and password'],
      ['User Login', 'high', 'Authenticate existing users'],
    ]);
    expect(prd.acceptanceCriteria.map(({ description }) => description)).toEqual([
      'User can register with valid email',
      'Password validation is implemented',
      'Email verification is sent',
      'Users can login with valid credentials',
      'JWT tokens are generated',
      'Session management is implemented',
    ]);
    expect(prd.features.map(({ acceptanceCriteriaIds }) => acceptanceCriteriaIds.length)).toEqual([3, 3]);
    expect([prd.title, prd.requirements, prd.tasks.length]).toEqual(['User Authentication System', [], 8]);
    expect(message).toContain('2 features, 6 acceptance criteria');
    expect(tm.json<{ total: number }>('list').total).toBe(0);

    tm.say(...parse, '--apply');
    const listed = tm.json<{ tasks: { title: string }[] }>('list', 'project:auth-system');
    expect(listed.tasks.map(({ title }) => title).sort()).toEqual(prd.tasks.map(({ title }) => title).sort());
    expect(tm.say('show', '2')).toContain('docs/prd.md:5-11');
  });

  test('analyzeComplexity: the score with its factors, risk and debt; the effort follows from it', () => {
    writeCode();
    createTask();
    const { complexity } = tm.json<{ complexity: ComplexityResult }>('complexity', '1', '--project-root', 'src');
    expect(complexity.score).toBeGreaterThanOrEqual(1);
    expect(complexity.score).toBeLessThanOrEqual(10);
    expect(complexity.factors).toMatchObject({
      codeVolume: expect.any(Number),
      dependencies: expect.any(Number),
      technicalRisk: expect.any(Number),
      // No task was finished yet: nothing is invented.
      historicalData: null,
      details: { fileCount: 1, importCount: 1 },
    });
    expect(complexity.riskAssessment.level).toMatch(/^(?:low|medium|high|critical)$/);
    expect(complexity.riskAssessment.technicalDebt).toContainEqual(
      expect.objectContaining({ evidence: [expect.objectContaining({ path: 'src/login.ts', line: 3 })] }),
    );
    const estimated = tm.json<{ estimatedHours: number; message: string }>('estimate', '1');
    expect(estimated.estimatedHours).toBe(complexity.estimatedHours);
    expect(estimated.message).toContain('T-1');
  });

  test('expandTask: subtasks, steps and tests of the model that was named', async () => {
    createTask();
    server.will(answer(planOf()));
    const run = await tm.start(
      ...['expand', '1', '--depth', '2', '--provider', 'openai', '--model', 'gpt-4o'],
      ...['--max-tokens', '2000', '--temperature', '0.7', '--json'],
    );
    const { expansion } = JSON.parse(run.stdout) as { expansion: ExpandedTask };
    const [question] = server.questions;
    expect([question?.body.model, question?.body.temperature]).toEqual(['gpt-4o', 0.7]);
    expect(expansion.subtasks[0]).toMatchObject({
      title: expect.stringMatching(/./),
      description: expect.stringMatching(/./),
      estimatedEffort: expect.any(Number),
    });
    for (const part of [expansion.implementationSteps, expansion.testTasks, expansion.documentationTasks])
      expect(part.length).toBeGreaterThan(0);
    expect(expansion.metadata).toMatchObject({ provider: 'openai', model: expect.stringContaining('gpt-4o') });
    expect(expansion.metadata.tokenUsage).toMatchObject({ inputTokens: 321, outputTokens: 123, totalTokens: 444 });
    expect(tm.json<{ total: number }>('list').total).toBe(1);
  });

  test('getNextTask: the selected task, why, how likely it succeeds, and alternatives', () => {
    const add = (title: string, ...options: string[]) => tm.say('add', title, '--project', 'my-project', ...options);
    add('Log in', '--estimate', '4', '--priority', 'high', '--code-language', 'typescript', '--file', 'src/login.ts');
    add('Send the mail', '--estimate', '2', '--code-language', 'python', '--file', 'src/mail.py');
    add('Sign out', '--estimate', '1', '--code-language', 'typescript', '--file', 'src/login.ts');
    add('Wait for the contract', '--priority', 'critical', '--tag', 'waiting');
    add('Reset the password', '--priority', 'critical', '--depends-on', '1');
    tm.say('add', 'Of another project', '--priority', 'critical');
    // How likely it is done in six hours follows from how long such tasks take.
    writeCode();
    tm.say('estimate', '1');
    const { selection } = tm.json<NextTaskView>(
      ...['next', '--project', 'my-project', '--max-complexity', '7', '--language', 'typescript', 'python'],
      ...['--exclude', 'blocked', 'waiting', '--hours', '6', '--workers', '2'],
    );
    expect(selection.selectedTask).toMatchObject({ title: 'Log in', estimatedEffort: 4 });
    expect(selection.selectedTask?.successProbability).toBeGreaterThan(0);
    expect(selection.selectedTask?.successProbability).toBeLessThanOrEqual(1);
    expect(selection.reasoning.primaryReason).toMatch(/./);
    expect(selection.alternatives.map(({ title }) => title)).toEqual(['Sign out']);
    for (const { overallScore } of selection.alternatives)
      expect(overallScore).toBeLessThanOrEqual(selection.selectedTask?.overallScore ?? 0);
    // Two developers: the second gets what does not touch the first one's file.
    expect(selection.selectedTasks.map(({ title }) => title)).toEqual(['Log in', 'Send the mail']);
  });

  test('getNextTask of a project that has none: no task, the reason, and no demo data', () => {
    createTask();
    const { selection } = tm.json<NextTaskView>('next', '--project', 'zzz');
    expect(selection).toMatchObject({ selectedTask: null, task_id: null, alternatives: [] });
    expect(selection.reason).toMatch(/./);
  });
});
