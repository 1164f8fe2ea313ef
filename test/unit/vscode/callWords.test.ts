import { beforeEach, describe, expect, test } from 'vitest';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { readArguments } from '../../../src/app/tools/arguments.js';
import { TOOLS, toolsOf } from '../../../src/app/tools/registry.js';
import type { Workbench } from '../../../src/app/tools/tool.js';
import { type CallWords, callWords, type Language } from '../../../src/vscode/agents/callWords.js';
import { EDITOR_SETS, inEditorNames } from '../../../src/vscode/agents/toolNames.js';
import { openPlan } from '../app/openPlan.js';

/** English, as VS Code has it without a language pack. */
const english: Language = {
  t: ((text: string, ...values: unknown[]) =>
    text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)]))) as Language['t'],
  status: (status) => status.replace('_', ' '),
  priority: (priority) => priority,
};
const UNDO = '*Tasks: Undo Last Task Change*, or `tm undo`, takes it back.';

describe('what a person reads before an agent of the editor changes something', () => {
  let plan: Orchestrator;

  beforeEach(async () => {
    plan = await openPlan();
    await plan.tasks.create({ title: 'Login', tags: ['api'], priority: 'high' });
    await plan.tasks.create({ title: 'Log *out*', dependsOn: ['#1'], description: 'Old words' });
  });

  async function words(name: string, given: object): Promise<CallWords> {
    const tool = TOOLS.find((one) => one.name === name);
    if (!tool) throw new Error(name);
    const bench: Workbench = {
      ...plan,
      surroundings: () => ({ environment: {} }) as ReturnType<Workbench['surroundings']>,
      models: () => Promise.reject(new Error('nobody is asked')),
      repository: () => {
        throw new Error('no repository is read');
      },
    };
    const before = plan.plan.store.head;
    const found = await callWords(tool, readArguments(tool.input, given), bench, english);
    expect(plan.plan.store.head, 'nothing is changed').toBe(before);
    return found;
  }

  test('the tasks by name and title, each field as it is and as it would be', async () => {
    const given = { task_id: 2, title: 'Sign out', priority: 4, description: null, add_tags: ['ui'], parent: 1 };
    expect(await words('update_task', given)).toEqual({
      doing: 'Changing T-2',
      ask: {
        title: 'Change T-2?',
        lines: [
          '**T-2** Log &#42;out&#42;',
          'Title: Log &#42;out&#42; → Sign out',
          'Description: Old words → none',
          'Priority: medium → critical',
          'Tags added: ui',
          'Becomes a subtask of **T-1** Login.',
          UNDO,
        ],
      },
    });
  });

  test('what a new task is, and what it waits for', async () => {
    const given = {
      title: 'Log in again',
      priority: 3,
      dependencies: [1, 'T-2'],
      criteria: ['It works', 'It is fast'],
    };
    expect(await words('create_task', given)).toEqual({
      doing: 'Creating a task',
      ask: {
        title: 'Create a task?',
        lines: [
          '**Log in again**',
          'Depends on **T-1** Login, **T-2** Log &#42;out&#42;.',
          'Priority: high',
          'Criteria: It works; It is fast',
          UNDO,
        ],
      },
    });
  });

  test('the status before and after', async () => {
    const { ask } = await words('update_task_status', { task_id: 1, status: 'completed', summary: 'Passwords' });
    expect(ask?.title).toBe('Change the status of T-1?');
    expect(ask?.lines).toEqual(['**T-1** Login', 'Status: pending → **completed**', 'Summary: Passwords', UNDO]);
  });

  test('of a deletion what depends on it, and how it comes back', async () => {
    const { ask } = await words('delete_task', { task_id: 1, cascade: true });
    expect(ask).toEqual({
      title: 'Delete T-1?',
      lines: [
        '**T-1** Login',
        '**T-2** Log &#42;out&#42; depends on it.',
        'It is deleted even if tasks depend on it.',
        '*Tasks: Restore Deleted Task…*, or `tm trash restore`, brings it back from the trash.',
      ],
    });
  });

  test('which task would be claimed now, and from whom one would be taken', async () => {
    const best = await words('next_work', { for: '2h', required_tags: ['api'] });
    expect(best.ask?.lines).toContain('At present that is **T-1** Login.');
    expect(best.ask?.lines).toContain('The best ready task is claimed for 2h, so that nobody else takes it.');
    await plan.claims.claim({ task: '#1' });
    const taking = await words('claim_task', { task_id: 1, take_over: true, reason: 'Urgent' });
    expect(taking.ask?.title).toBe('Take T-1 over?');
    expect(taking.ask?.lines).toContain('**It is taken from tester**, who holds it.');
    expect((await words('next_work', { required_tags: ['api'] })).ask?.lines).toContain('At present there is none.');
  });

  test('how many tasks a document would make', async () => {
    const content = '# Shop\n\n## Features\n\n### Feature: Cart\n\nPriority: High\n\nPeople put things into a cart.\n';
    const { ask } = await words('parse_prd', { content, apply: true });
    expect(ask?.title).toBe('Make tasks from this document?');
    expect(ask?.lines.join('\n')).toMatch(/From the document .*Shop\.\n.*added: [1-9]/);
  });

  test('that a model would be sent the task', async () => {
    const { ask } = await words('expand_task', { task_id: 2, provider: 'openai' });
    expect(ask?.title).toBe('Ask a model about T-2?');
    expect(ask?.lines).toContain('openai is sent the task, and what it is about.');
    expect((await words('expand_task', { task_id: 2, provider: 'template', apply: true })).ask?.title).toBe(
      'Break T-2 down into tasks?',
    );
  });

  test('nothing is asked before what only reads', async () => {
    const asks = async (name: string, given: object) => (await words(name, given)).ask;
    expect(await asks('get_task', { task_id: 1 })).toBeUndefined();
    expect(await asks('list_tasks', {})).toBeUndefined();
    expect(await asks('search_tasks', { query: 'login' })).toBeUndefined();
    expect(await asks('parse_prd', { content: '# Shop' })).toBeUndefined();
    expect(await asks('expand_task', { task_id: 1, provider: 'template' })).toBeUndefined();
    expect((await words('search_tasks', { query: '<b>login</b>' })).doing).not.toContain('<');
  });

  test('every tool that may change something asks', async () => {
    const given: Record<string, object> = {
      create_task: { title: 'x' },
      update_task_status: { task_id: 1, status: 'cancelled' },
      add_dependency: { task_id: 1, depends_on: 2 },
      link_file: { task_id: 1, path: 'a.ts', line: 3, end_line: 4 },
      parse_prd: { content: '# Shop', apply: true },
    };
    const changing = toolsOf(EDITOR_SETS).filter(({ annotations }) => !annotations.readOnlyHint);
    for (const { name } of changing) {
      const takes = TOOLS.find((tool) => tool.name === name)?.input().shape ?? {};
      const { ask } = await words(name, given[name] ?? ('task_id' in takes ? { task_id: 1 } : {}));
      expect(ask?.lines.length, name).toBeGreaterThan(1);
      expect(ask?.title, name).toMatch(/\?$/);
      expect(ask?.lines.join(), name).toMatch(/takes it back|brings it back|Nothing is changed/);
    }
  });

  test('what could not be done is refused instead of asked about', async () => {
    await expect(words('delete_task', { task_id: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(words('add_dependency', { task_id: 1, depends_on: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(words('next_work', { for: 'long' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('a long text is cut, and how much of it is said', async () => {
    const { ask } = await words('update_task', { task_id: 1, context: 'x'.repeat(1000) });
    expect(ask?.lines.join('\n')).toContain(`${'x'.repeat(300)} … and 700 more characters`);
  });
});

test('texts that speak of tools name them as the editor does', () => {
  const tools = [{ name: 'next_work' }, { name: 'get_task' }];
  const text = 'Read it with get_task; next_work claims; get_task_graph is another; in_progress';
  expect(inEditorNames(text, tools)).toBe(
    'Read it with taskOrchestrator_get_task; taskOrchestrator_next_work claims; get_task_graph is another; in_progress',
  );
});
