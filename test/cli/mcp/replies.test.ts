import { describe, expect, test } from 'vitest';
import { cutToFit, REPLY_BYTES, replyBytes } from '../../../src/app/tools/fit.js';
import { Agent, emptyProject } from './agent.js';

interface List {
  readonly tasks: readonly { readonly id: number }[];
  readonly total: number;
  readonly truncated: boolean;
  readonly next_cursor?: string;
}

/** What is sent for a call, with everything around the result. */
async function sizeOf(agent: Agent, name: string, given: Readonly<Record<string, unknown>> = {}): Promise<number> {
  return Buffer.byteLength(JSON.stringify(await agent.client.callTool({ name, arguments: given })));
}

const TEXT = 'Some words in a long text. '.repeat(180);

const idOf = (at: number) => (at + 1).toString(16).padStart(8, '0');

describe('replies', () => {
  test('take 8 KB by default, and lists go on by a cursor without loss', async () => {
    const project = emptyProject();
    const rows = Array.from({ length: 300 }, (_, at) => ({
      id: idOf(at),
      title: `Task ${at + 1} ${'with a rather long title '.repeat(3)}`,
      tags: ['many'],
      description: TEXT,
    }));
    project.put('plan.json', JSON.stringify({ tasks: rows }));
    project.say('import', '.task-orchestrator/plan.json');
    const agent = await Agent.start(project.folder);
    const calls: [string, Record<string, unknown>][] = [
      ['list_tasks', { include_metrics: true }],
      ['search_tasks', { query: 'tag:many' }],
      ['changed_since', { since: 0 }],
      ['get_task', { task_id: 7 }],
      ['update_task', { task_id: 7, context: TEXT }],
      ['get_task_graph', {}],
      ['get_task_graph', { format: 'mermaid' }],
      ['get_next_task', { project_id: 'x', available_developers: 9 }],
      ['next_work', {}],
      ['expand_task', { task_id: 9, provider: 'template' }],
      ['parse_prd', { content: `# P\n\n## Features\n${'### A feature\n- Priority: High\n'.repeat(60)}` }],
    ];
    for (const [name, given] of calls) expect(await sizeOf(agent, name, given), name).toBeLessThanOrEqual(REPLY_BYTES);
    for (const uri of ['plan://summary', 'tasks://ready', 'task://7', 'graph://focus/7'])
      expect(Buffer.byteLength(JSON.stringify(await agent.client.readResource({ uri }))), uri).toBeLessThanOrEqual(
        REPLY_BYTES,
      );

    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page: List = await agent.call('search_tasks', { query: 'sort:number', ...(cursor && { cursor }) });
      expect(page.total).toBeGreaterThan(290);
      expect(page.truncated).toBe(true);
      seen.push(...page.tasks.map(({ id }) => id));
      cursor = page.next_cursor;
      // Somebody changes the plan meanwhile.
      if (seen.length < 40) project.say('delete', String(seen.at(-1)), '--force');
    } while (cursor && seen.length < 120);
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, at) => at + 1));

    const whole = await agent.call<{ task: { description: string } }>('get_task', { task_id: 200, full: true });
    expect(whole.task.description.trim()).toBe(TEXT.trim());
    const brief = await agent.call<{ omitted: string[]; truncated: boolean }>('get_task', { task_id: 200 });
    expect(brief).toMatchObject({
      truncated: true,
      omitted: [expect.stringMatching(/^task\.description: \d+ of \d+ characters$/)],
    });
    expect(await agent.refused('list_tasks', { cursor: 'nonsense' })).toMatchObject({ details: { field: 'cursor' } });
  });

  test('changed_since tells every change once, also of one large transaction', async () => {
    const project = emptyProject();
    const rows = Array.from({ length: 60 }, (_, at) => ({ id: idOf(at), title: `Task ${at + 1}` }));
    project.put('plan.json', JSON.stringify({ tasks: rows }));
    project.say('import', '.task-orchestrator/plan.json');
    project.say('delete', '60');
    const agent = await Agent.start(project.folder);
    const seen: number[] = [];
    const deleted: string[] = [];
    let since: string | number = 0;
    for (;;) {
      const answer: { head: string; tasks: { id: number }[]; deleted: string[]; truncated: boolean } = await agent.call(
        'changed_since',
        { since },
      );
      seen.push(...answer.tasks.map(({ id }) => id));
      deleted.push(...answer.deleted);
      since = answer.head;
      if (!answer.truncated) break;
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 59 }, (_, at) => at + 1));
    expect(deleted).toHaveLength(1);
    expect(await agent.call('changed_since', { since })).toMatchObject({ tasks: [], deleted: [], head: since });
    project.say('update', '3', '--title', 'Changed elsewhere');
    expect(await agent.call('changed_since', { since })).toMatchObject({
      tasks: [{ id: 3, title: 'Changed elsewhere' }],
    });
  });

  test('the schemas of the core tools take 3,000 tokens at most', async () => {
    const project = emptyProject();
    const core = await (await Agent.start(project.folder, { args: ['--tools', 'core'] })).client.listTools();
    expect(core.tools).toHaveLength(13);
    // Four characters a token, which is usual for English and JSON; all that is listed counts, output schemas too.
    expect(JSON.stringify(core.tools).length / 4).toBeLessThanOrEqual(3_000);
    const planning = await (await Agent.start(project.folder, { args: ['--tools', 'planning'] })).client.listTools();
    expect(planning.tools.map(({ name }) => name)).toContain('parse_prd');
    expect(planning.tools.map(({ name }) => name)).not.toContain('create_task');
  });
});

test('lists have the highest priority first, and the newest among equals; filters and counts are of what is shown', async () => {
  const agent = await Agent.start(emptyProject().folder);
  for (const [title, priority, code_language] of [
    ['a', 1, 'python'],
    ['b', 4, 'bash'],
    ['c', 1, 'python'],
    ['d', 4, 'sql'],
  ] as const)
    await agent.call('create_task', { title, priority, code_language });
  await agent.call('add_dependency', { task_id: 1, depends_on: 2 });
  const ids = async (given: object) => (await agent.call<List>('list_tasks', { ...given })).tasks.map(({ id }) => id);
  expect(await ids({})).toEqual([4, 2, 3, 1]);
  expect(await ids({ code_language: 'Python' })).toEqual([3, 1]);
  expect(await ids({ status: 'blocked' })).toEqual([1]);
  expect(await agent.call('list_tasks', { include_metrics: true })).toMatchObject({
    count: 4,
    metrics: {
      total: 4,
      by_status: { pending: 3, in_progress: 0, blocked: 1, completed: 0 },
      by_priority: { critical: 2, low: 2 },
    },
  });
});

test('what is cut keeps its shape, says where, and nothing short is touched', () => {
  const reply = {
    id: 'a1',
    list: Array.from({ length: 900 }, (_, at) => ({ at, text: 'ab' })),
    long: '𝒳'.repeat(9_000),
    short: 'whole',
  };
  const cut = cutToFit(reply);
  expect(replyBytes(cut)).toBeLessThanOrEqual(REPLY_BYTES);
  expect(cut).toMatchObject({ id: 'a1', short: 'whole', truncated: true });
  expect(cut.omitted).toEqual([
    expect.stringMatching(/^list: \d+ of 900 entries$/),
    expect.stringMatching(/^long: \d+ of 18000 characters$/),
  ]);
  expect(String(cut.long)).toMatch(/^(?:𝒳)+…$/u);
  expect(cutToFit(reply)).toEqual(cut);
  expect(cutToFit({ id: 1 })).toEqual({ id: 1 });
});
