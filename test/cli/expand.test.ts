import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AcceptedExpansion, ExpandedTask } from '../../src/app/planning/expansion/expansionInputs.js';
import { answer, ModelServer, planOf } from '../support/modelServer.js';
import { expectRefused, type Run, type Shell, start } from './shell.js';
import { ENTER, hasTerminal, Terminal } from './terminal.js';

interface Printed {
  readonly expansion: ExpandedTask;
  readonly message: string;
  readonly accepted?: AcceptedExpansion;
}

let server: ModelServer;
beforeEach(async () => {
  server = await ModelServer.start();
});
afterEach(() => server.stop());

/** A project with one task, whose model is the server, as one of the providers. */
function project(provider: 'anthropic' | 'openai' | 'compatible' = 'anthropic', env: NodeJS.ProcessEnv = {}): Shell {
  const settings = {
    anthropic: { ANTHROPIC_API_KEY: 'sk-ant-secret-key-1', ANTHROPIC_BASE_URL: server.address },
    openai: { OPENAI_API_KEY: 'sk-secret-key-2', OPENAI_BASE_URL: `${server.address}/v1` },
    compatible: { TM_MODEL_BASE_URL: `${server.address}/v1`, TM_MODEL_API_KEY: 'local-secret-key-3' },
  };
  const tm = start({ ...settings[provider], ...env });
  tm.say('add', 'Login for users', '--type', 'feature', '-p', 'high', '-d', 'They want to log in.', '--tags', 'web');
  return tm;
}

async function json(tm: Shell, ...args: string[]): Promise<Printed> {
  const run = await tm.start('expand', ...args, '--json');
  expect(`${run.code} ${run.stderr}`).toMatch(/^0 /);
  return JSON.parse(run.stdout) as Printed;
}

/** A failure of a run beside the server: what `expectRefused` says of one that was waited for. */
async function refused(run: Promise<Run>, code: number, ...words: string[]): Promise<void> {
  expectRefused(await run, code, ...words);
}

describe('tm expand: the proposal', () => {
  test.each(['anthropic', 'openai', 'compatible'] as const)(
    'of %s has the names of seed 002, and stores nothing',
    async (provider) => {
      server.will(answer(planOf()));
      const tm = project(provider);
      const before = tm.disk();
      const { expansion, message } = await json(tm, '1');
      expect(message).toBe('Nothing is stored.');
      expect(expansion.originalTaskId).toBe(tm.task('1').id);
      expect(
        expansion.subtasks.map(({ id, title, dependencies, estimatedEffort }) => [
          id,
          title,
          dependencies,
          estimatedEffort,
        ]),
      ).toEqual([
        ['s1', 'Design the schema', [], 2.5],
        ['s2', 'Write the API', ['s1'], 4],
        ['s3', 'Build the page', ['s2'], 4],
      ]);
      expect(expansion.implementationSteps[1]).toMatchObject({
        stepNumber: 2,
        dependencies: [1],
        riskLevel: 'high',
        timeEstimate: null,
      });
      expect(expansion.testTasks).toMatchObject([
        { id: 't1', type: 'integration', targetSubtaskIds: ['s2'], dependencies: ['s2'] },
      ]);
      expect(expansion.testTasks[0]?.scenarios[0]).toMatchObject({ id: 't1.1', expectedResults: ['401'] });
      expect(expansion.documentationTasks).toMatchObject([{ id: 'd1', type: 'api', targetSubtaskIds: ['s2', 's3'] }]);
      expect(expansion.metadata).toMatchObject({
        ...{ expansionDepth: 1, provider, basis: 'model', confidence: null, requests: 1 },
        tokenUsage: { inputTokens: 321, outputTokens: 123, totalTokens: 444 },
      });
      expect(expansion.metadata.model).toMatch(/-of-loopback$/);
      expect(tm.disk()).toEqual(before);
    },
  );

  test('is printed as a tree, with what it cost on stderr', async () => {
    server.will(answer(planOf()));
    const { stdout, stderr, code } = await project().start('expand', '1');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'T-1  Login for users',
        '',
        'Subtasks',
        '  s1  Design the schema  design · high · 2.5 h',
        '  s2  Write the API  development · high · 4 h · after s1',
        '  s3  Build the page  development · 4 h · after s2',
        '',
        'Tests',
        '  t1  Test the API  integration · 3 h · tests s2 · 1 scenario',
        '',
        'Documentation',
        '  d1  Document the API  api · 1 h · documents s2, s3',
        '',
        'Implementation steps, for the description of T-1 (steps)',
        '  1. Read the code  low risk',
        '  2. Write it  high risk',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain(`Asking Anthropic at ${server.address}…\n`);
    expect(stderr).toContain('From claude-sonnet-5-5-of-loopback (anthropic): 321 tokens in, 123 out.');
    expect(stderr).toContain('Nothing is stored.');
  });

  test('is asked for with the options, and with the task as data', async () => {
    server.will(answer(planOf()));
    const tm = project('openai');
    tm.file('src/login.ts', 9);
    tm.say('ref', 'add', '1', 'src/login.ts:2:4');
    const { expansion } = await json(
      tm,
      '1',
      '--model',
      'mine',
      '--max-tokens',
      '3000',
      '--temperature',
      '0',
      '--no-tests',
      '--no-docs',
      '--no-implementation',
    );
    const [question] = server.questions;
    expect(question?.body).toMatchObject({ model: 'mine', max_completion_tokens: 3000, temperature: 0 });
    expect(question?.body.response_format?.json_schema).toMatchObject({
      strict: true,
      schema: { additionalProperties: false },
    });
    expect(question?.headers.authorization).toBe('Bearer sk-secret-key-2');
    expect(JSON.parse(question?.body.messages[1]?.content ?? '')).toEqual({
      ...{ title: 'Login for users', type: 'feature', priority: 'high', description: 'They want to log in.' },
      ...{ tags: ['web'], files: ['src/login.ts:2-4'] },
    });
    // What was not wanted does not come, although the model sent it.
    expect([expansion.testTasks, expansion.documentationTasks, expansion.implementationSteps]).toEqual([[], [], []]);
    expect(question?.body.messages[0]?.content).toContain('an empty list of testTasks');
  });

  test('without --temperature none is sent; Anthropic gets its schema in its own form', async () => {
    server.will(answer(planOf()));
    await json(project(), '1');
    expect(server.questions[0]?.body).not.toHaveProperty('temperature');
    expect(server.questions[0]?.body).toMatchObject({ max_tokens: 2000, model: 'claude-sonnet-5-5' });
    expect(server.questions[0]?.body.output_config?.format.schema).toMatchObject({ type: 'object' });
    expect(server.questions[0]?.headers.authorization).toBe('Bearer sk-ant-secret-key-1');
  });

  test('goes deeper where a subtask is large, down to --depth and --max-depth', async () => {
    const large = planOf();
    (large.subtasks as { estimatedEffort: number }[])[1]!.estimatedEffort = 24;
    const inner = planOf({
      subtasks: [
        { key: 'a', title: 'Inner one', estimatedEffort: 20 },
        { key: 'b', title: 'Inner two', dependencies: ['a'] },
      ],
      testTasks: [],
      documentationTasks: [],
    });
    server.will(answer(large), answer(inner));
    const tm = project();
    const { expansion } = await json(tm, '1', '--depth', '2');
    expect(expansion.subtasks.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['s1', undefined],
      ['s2', undefined],
      ['s2.1', 's2'],
      ['s2.2', 's2'],
      ['s3', undefined],
    ]);
    expect(expansion.metadata).toMatchObject({ expansionDepth: 2, requests: 2, tokenUsage: { totalTokens: 888 } });
    expect(expansion.implementationSteps.filter(({ subtaskId }) => subtaskId === 's2')).toHaveLength(2);
    expect(expansion.testTasks).toHaveLength(1);
    expect(server.questions[1]?.body.messages[0]?.content).toContain('"title": "Write the API"');
    // Within a level that there may be at all.
    const { expansion: flat } = await json(tm, '1', '--depth', '2', '--max-depth', '1', '--provider', 'anthropic');
    expect(flat.metadata.expansionDepth).toBe(1);
    expect(flat.metadata.warnings.join()).toContain('Broken down 1 level deep, not 2');
  });

  test('ends within its budget of questions, whatever the model makes of it', async () => {
    let made = 0;
    server.will(() => {
      made += 1;
      const subtasks = Array.from({ length: 12 }, (_, at) => ({
        key: `k${at}`,
        title: `Part ${made}-${at}`,
        estimatedEffort: 40,
      }));
      return answer({ subtasks });
    });
    const { expansion } = await json(project(), '1', '--depth', '5', '--max-depth', '10');
    expect(server.questions.length).toBeLessThanOrEqual(12);
    expect(expansion.subtasks.length).toBeLessThanOrEqual(100);
    expect(expansion.metadata.warnings.join('\n')).toMatch(/not broken down/);
  });
});

describe('tm expand: accepting', () => {
  test('makes children with dependencies, steps in the description, and all of it is one change to undo', async () => {
    server.will(answer(planOf()));
    const tm = project();
    const before = tm.list().tasks;
    const { accepted, message } = await json(tm, '1', '--apply');
    expect(message).toBe('5 tasks of T-1 created: T-2, T-3, T-4, T-5 and T-6');
    const ids = accepted?.items ?? {};
    expect(tm.task('3')).toMatchObject({
      ...{
        title: 'Write the API',
        parent: tm.task('1').id,
        dependsOn: [ids.s1],
        estimatedHours: 4,
        priority: 'high',
        tags: ['web'],
      },
      ...{ type: 'development', criteria: [{ criterion: 'api holds', done: false }] },
      description: 'About api.\n\n**Hints:** Begin small.\n\n**Skills:** SQL',
    });
    expect(tm.task('5')).toMatchObject({ title: 'Test the API', type: 'testing', dependsOn: [ids.s2] });
    expect(tm.task('5').description).toContain('- [ ] A wrong password\n  1. Send it\n  - Expected: 401');
    expect(tm.task('6')).toMatchObject({ type: 'documentation', dependsOn: expect.arrayContaining([ids.s2, ids.s3]) });
    expect(tm.task('1').description).toBe(
      [
        'They want to log in.',
        '',
        '## Implementation steps',
        '',
        '- [ ] 1. Read the code (1 h)',
        '  - All of it.',
        '  - Outcome: A list',
        '  - Check: Somebody read it',
        '  - See: src/main.ts',
        '- [ ] 2. Write it (after 1, high risk)',
      ].join('\n'),
    );
    tm.say('undo');
    expect(tm.list().tasks).toEqual(before.map((task) => ({ ...task, updatedAt: expect.any(String) })));
    expect(tm.task('1').description).toBe('They want to log in.');
  });

  test('takes from --out what --from accepts, without asking again', async () => {
    server.will(answer(planOf()));
    const tm = project();
    const saved = await tm.start('expand', '1', '--out', 'plan.json');
    expect(saved.stderr).toContain('Saved in plan.json');
    const proposal = JSON.parse(readFileSync(join(tm.folder, 'plan.json'), 'utf8')) as ExpandedTask;
    const { expansion, accepted } = await json(tm, '1', '--from', 'plan.json', '--apply');
    expect(expansion).toEqual(proposal);
    expect(accepted?.tasks.map(({ title }) => title)).toEqual(
      [...proposal.subtasks, ...proposal.testTasks, ...proposal.documentationTasks].map(({ title }) => title),
    );
    expect(server.questions).toHaveLength(1);
    // A second time it is there already.
    const before = tm.disk();
    await refused(
      tm.start('expand', '--from', 'plan.json', '--apply'),
      4,
      'T-2 “Design the schema” is a subtask of T-1 already',
    );
    expect(tm.disk()).toEqual(before);
  });

  test('only the chosen items; what they waited for through others, they wait for still', async () => {
    server.will(answer(planOf()));
    const tm = project();
    const { accepted } = await json(tm, '1', '--apply', '--only', 's1,s3,t1');
    const ids = accepted?.items ?? {};
    expect(Object.keys(ids)).toEqual(['s1', 's3', 't1']);
    expect(tm.task(ids.s3 ?? '').dependsOn).toEqual([ids.s1]);
    expect(tm.task(ids.t1 ?? '').dependsOn).toEqual([ids.s1]);
    expect(tm.task('1').description).toBe('They want to log in.');
    await refused(tm.start('expand', '1', '--apply', '--only', 's9'), 2);
    await refused(tm.start('expand', '1', '--apply', '--dry-run'), 2);
    await refused(tm.start('expand', '1', '--dry-run', '--only', 's1'), 2);
  });

  test('a proposal that somebody damaged or that is for another task is refused, and nothing is changed', async () => {
    server.will(answer(planOf()));
    const tm = project();
    tm.say('add', 'Another');
    const { expansion } = await json(tm, '1');
    const before = tm.disk();
    const write = (change: (copy: { subtasks: Record<string, unknown>[] }) => void) => {
      const copy = structuredClone(expansion) as unknown as { subtasks: Record<string, unknown>[] };
      change(copy);
      writeFileSync(join(tm.folder, 'plan.json'), JSON.stringify({ expansion: copy }));
    };
    const apply = ['expand', '--from', 'plan.json', '--apply'];
    write((copy) => Object.assign(copy.subtasks[0] as object, { dependencies: ['s3'] }));
    expectRefused(tm.run(...apply), 2, 's1 → s3 → s2 → s1 goes round in a circle');
    write((copy) => Object.assign(copy.subtasks[0] as object, { parentId: 's1' }));
    expectRefused(tm.run(...apply), 2, 'circle');
    write((copy) => Object.assign(copy.subtasks[0] as object, { estimatedEffort: -1 }));
    expectRefused(tm.run(...apply), 2, 'estimatedEffort');
    write((copy) => copy.subtasks.push({ ...copy.subtasks[0] }));
    expectRefused(tm.run(...apply), 2, 'the id s1 is used twice');
    write(() => undefined);
    expectRefused(tm.run('expand', '2', '--from', 'plan.json', '--apply'), 2, 'a proposal for T-1');
    writeFileSync(join(tm.folder, 'plan.json'), '{');
    expectRefused(tm.run(...apply), 2, 'is not JSON');
    expectRefused(tm.run('expand', '--from', 'no.json', '--apply'), 3, 'no.json cannot be read');
    expect(tm.disk()).toEqual(before);
  });

  test('a repeated request answers the same and makes nothing twice', async () => {
    server.will(answer(planOf()));
    const tm = project('anthropic', { TM_REQUEST_ID: 'one' });
    await tm.start('expand', '1', '--out', 'plan.json');
    const first = await json(tm, '--from', 'plan.json', '--apply');
    const second = await json(tm, '--from', 'plan.json', '--apply');
    expect(second.accepted?.items).toEqual(first.accepted?.items);
    expect(tm.list().total).toBe(6);
  });

  test('estimates and criteria are left out where the project has switched them off, and that is said once', async () => {
    server.will(answer(planOf()));
    const tm = project();
    tm.say('config', '--disable', 'time-tracking');
    const run = await tm.start('expand', '1', '--apply');
    expect(run.stderr.match(/Feature 'time-tracking' is disabled/g)).toHaveLength(1);
    expect(tm.task('3')).not.toHaveProperty('estimatedHours');
  });
});

describe('tm expand: without a model', () => {
  test.each([
    ['bug', 'Reproduce: Login for users'],
    ['refactoring', 'Hold the present behaviour: Login for users'],
    ['whatever', 'Agree on what is wanted: Login for users'],
  ])('a task of type %s gets a template that says it is one, the same each time', (type, first) => {
    const tm = start();
    tm.say('add', 'Login for users', '--type', type);
    const once = tm.json<Printed>('expand', '1').expansion;
    const again = tm.json<Printed>('expand', '1').expansion;
    expect(once.subtasks[0]?.title).toBe(first);
    expect(once.metadata).toMatchObject({ provider: 'template', basis: 'template', tokenUsage: null, requests: 0 });
    expect(once.metadata.warnings.at(-1)).toContain('fixed template');
    expect(once.metadata.warnings.join('\n')).toContain('Set ANTHROPIC_API_KEY');
    expect({ ...again, metadata: 0 }).toEqual({ ...once, metadata: 0 });
    expect([...once.subtasks, ...once.testTasks].every(({ estimatedEffort }) => estimatedEffort === null)).toBe(true);
  });

  test('what cannot be broken down is refused', () => {
    const tm = start();
    tm.say('add', 'Top');
    tm.say('add', 'Below', '--parent', '1');
    expectRefused(tm.run('expand', '9'), 3, '9');
    expectRefused(tm.run('expand', '2', '--max-depth', '1'), 2, 'T-2 is 1 level below its topmost task');
    expectRefused(tm.run('expand', '1', '--depth', '0'), 2, 'depth: must be at least 1');
    expectRefused(tm.run('expand', '1', '--temperature', '3'), 2, 'temperature');
    expectRefused(tm.run('expand', '1', '--provider', 'magic'), 2, 'magic');
    expectRefused(tm.run('expand', '1', '--provider', 'openai'), 1, 'there is no key. Set OPENAI_API_KEY', 'template');
    expectRefused(tm.run('expand', '1', '--provider', 'vscode'), 1, 'in VS Code only');
    expectRefused(tm.run('expand', '1', '--yes'), 2, '--yes goes with --apply');
    expectRefused(tm.run('expand'), 2, 'tm expand TASK');
    tm.say('complete', '2');
    expectRefused(tm.run('expand', '2'), 1, 'T-2 is completed: reopen it');
  });
});

describe.skipIf(!hasTerminal)('tm expand at a terminal', () => {
  test('asks before it makes tasks, and takes no for no', async () => {
    const tm = start();
    tm.say('add', 'Login for users');
    const before = tm.disk();
    const no = new Terminal(tm.folder, 'expand', '1');
    await no.sees('Bring into use: Login for users');
    await no.answer('Create 6 tasks? [y/N]', `n${ENTER}`);
    await no.sees('Nothing was changed.');
    expect(await no.end()).toBe(0);
    expect(tm.disk()).toEqual(before);

    const some = new Terminal(tm.folder, 'expand', '1', '--apply', '--only', 's1,s2');
    await some.answer('Create the chosen 2 items of 6? [y/N]', `y${ENTER}`);
    await some.sees('2 tasks of T-1 created: T-2 and T-3');
    expect(await some.end()).toBe(0);
    expect(tm.list().total).toBe(3);

    const sure = new Terminal(tm.folder, 'expand', '1', '--apply', '--yes', '--only', 's3');
    await sure.sees('1 task of T-1 created: T-4');
    expect(await sure.end()).toBe(0);
    expect(sure.text).not.toContain('[y/N]');
  });
});
