import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { describe, expect, test } from 'vitest';
import { TOOLS } from '../../../src/app/tools/registry.js';
import type { Tool } from '../../../src/app/tools/tool.js';
import { HOSTILE_TITLES } from '../../fixtures/hostileTitles.js';
import { Agent, emptyProject, type Reply } from './agent.js';

/** Arguments with which each tool succeeds, in this order, on the plan that `planned` makes. */
const VALID: Readonly<Record<string, Reply>> = {
  create_task: { title: 'Another' },
  get_task: { task_id: 1, include_executions: true, include_analysis: true },
  update_task: {
    task_id: 'T-1',
    priority: 3,
    add_tags: ['x'],
    due: 'tomorrow',
    criteria: ['a', { criterion: 'b', done: true }],
  },
  update_task_status: { task_id: 1, status: 'in_progress' },
  list_tasks: { include_metrics: true },
  search_tasks: { query: 'status:ready sort:-priority' },
  changed_since: { since: 0 },
  add_dependency: { task_id: 3, depends_on: '2' },
  link_file: { task_id: 2, path: 'a.txt', line: 2, context: 'why' },
  claim_task: { task_id: 1 },
  release_task: { task_id: 1 },
  next_work: {},
  get_task_graph: { format: 'mermaid', focus: 1 },
  parse_prd: { content: '# P\n\n## Features\n### F\n- Priority: High\n' },
  analyze_complexity: { task_id: 2 },
  estimate_effort: { task_id: 2 },
  get_next_task: { project_id: 'default-project' },
  expand_task: { task_id: 2, provider: 'template' },
  execute_code: { task_id: 2, language: 'bash', code: 'echo hello' },
  link_git_commit: { task_id: 2, commit_hash: 'abc1234', commit_message: 'Mend it', author: 'ann' },
  delete_task: { task_id: 4, cascade: true },
};

/** Wrong for the parameter whatever that is. */
const WRONG = { deeply: [{ wrong: true }] };
const LONG = 'x'.repeat(100_000);

async function planned(): Promise<Agent> {
  const project = emptyProject();
  project.file('a.txt', 9);
  for (const title of ['One', 'Two', 'Three', 'Four']) project.say('add', title);
  project.say('execution', 'allow', '--without-asking', 'bash');
  return Agent.start(project.folder);
}

/** The parameters that a tool's own schema requires, and all of them. */
function parametersOf(tool: Tool) {
  const { shape } = tool.input();
  const names = Object.keys(shape);
  return { names, required: names.filter((name) => !shape[name]?.safeParse(undefined).success) };
}

// One server for all calls of a test: whatever a call does to it, the next one has to be answered.
describe('every tool', () => {
  test('is named, described, and has schemas and annotations', async () => {
    const agent = await planned();
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    expect(Object.keys(VALID).sort()).toEqual(tools.map(({ name }) => name).sort());
    for (const { name, title, description, inputSchema, outputSchema, annotations } of tools) {
      expect(name).toMatch(/^[a-z_]{1,64}$/);
      expect(title && description, name).toBeTruthy();
      expect(inputSchema.type).toBe('object');
      expect(outputSchema?.type).toBe('object');
      expect(typeof annotations?.readOnlyHint).toBe('boolean');
    }
  });

  test('answers what its schemas say', async () => {
    const agent = await planned();
    const { tools } = await agent.client.listTools();
    const isValid = (schema: object | undefined, value: unknown) =>
      new AjvJsonSchemaValidator().getValidator(schema ?? {})(value).valid;
    for (const [name, given] of Object.entries(VALID)) {
      const reply = await agent.call(name, given);
      expect(toolNamed(name).output().safeParse(reply).error, name).toBeUndefined();
      const { inputSchema, outputSchema } = tools.find((one) => one.name === name) ?? {};
      expect(isValid(inputSchema, given), name).toBe(true);
      expect(isValid(outputSchema, reply), name).toBe(true);
      // There are clients that hold errors to the schema too.
      expect(isValid(outputSchema, { error: {} }), name).toBe(true);
      expect(isValid(outputSchema, {}), name).toBe(false);
    }
  });

  test('refuses what it cannot take, names it, and does nothing', async () => {
    const agent = await planned();
    const before = await agent.call('changed_since');
    for (const tool of TOOLS) {
      const { name } = tool;
      const { names, required } = parametersOf(tool);
      const valid = VALID[name] ?? {};
      for (const missing of required) {
        const { [missing]: _, ...rest } = valid;
        const error = await agent.refused(name, rest);
        expect(error).toMatchObject({
          code: 'INVALID_INPUT',
          message: expect.stringContaining(`${missing} is missing`),
        });
        expect(error.next).not.toBe('');
      }
      for (const wrong of names)
        expect(await agent.refused(name, { ...valid, [wrong]: WRONG })).toMatchObject({
          code: 'INVALID_INPUT',
          message: expect.stringContaining(wrong),
        });
      const error = await agent.refused(name, { ...valid, [`${names[0]}x`]: 1 });
      expect(error.message).toContain(`there is no parameter “${names[0]}x”: did you mean “${names[0]}”?`);
    }
    expect(await agent.call('changed_since')).toEqual(before);
  });

  test('refuses tasks that are not there, and no name is never some task', async () => {
    const agent = await planned();
    const before = await agent.call('changed_since');
    for (const { name } of TOOLS.filter((tool) => 'task_id' in tool.input().shape)) {
      const valid = VALID[name] ?? {};
      for (const task_id of [999, 'T-999', 'ffffff', 'not a task', '../../etc/passwd', "1' OR '1'='1", '-1'])
        expect(await agent.refused(name, { ...valid, task_id })).toMatchObject({ code: 'NOT_FOUND' });
      for (const task_id of ['', '   ', 0, -1, 1.5, null, [], {}])
        expect(await agent.refused(name, { ...valid, task_id })).toMatchObject({ code: 'INVALID_INPUT' });
    }
    expect(await agent.call('changed_since')).toEqual(before);
  });

  test('answers an oversized text with a small reply', async () => {
    const agent = await planned();
    for (const { name, input } of TOOLS) {
      const { shape } = input();
      const texts = Object.keys(shape).filter((key) => shape[key]?.safeParse('words').success && key !== 'content');
      for (const text of texts) {
        const result = await agent.client.callTool({ name, arguments: { ...VALID[name], [text]: LONG } });
        expect(Buffer.byteLength(JSON.stringify(result)), `${name} ${text}`).toBeLessThan(8 * 1024);
      }
    }
  });
});

function toolNamed(name: string): Tool {
  const tool = TOOLS.find((one) => one.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool;
}

test('what somebody typed is data and nothing else', async () => {
  const agent = await planned();
  for (const title of HOSTILE_TITLES) {
    const injected = `${title} \u001b[31m'); DROP TABLE tasks; -- $(reboot) </script> {"jsonrpc":"2.0"}`.slice(0, 500);
    const { task } = await agent.call<{ task: { id: number; title: string } }>('create_task', {
      title: injected,
      tags: ['t'],
    });
    const { tasks } = await agent.call<{ tasks: { title: string }[] }>('search_tasks', {
      query: 'tag:t sort:-number',
      limit: 1,
    });
    expect(tasks[0]?.title).toBe(task.title);
    expect(await agent.read(`graph://focus/${task.id}`)).toMatch(/^flowchart/);
  }
  expect(await agent.call('list_tasks')).toMatchObject({ total: HOSTILE_TITLES.length + 4 });
});
