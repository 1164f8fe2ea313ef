import * as z from 'zod';
import { compareText } from '../../core/graph/order.js';
import { PRIORITIES, type Priority } from '../../core/model/priority.js';
import { STATUSES } from '../../core/model/status.js';
import type { TaskSummary } from '../../core/model/task.js';
import { shownStatus } from '../../core/query/select.js';
import { History } from '../history/history.js';
import { schema } from '../input.js';
import { howManyFit } from './fit.js';
import { LARGEST_PAGE, PAGE, pageOf } from './page.js';
import { taskRow, toRow } from './taskShape.js';
import { defineTool, READS, type Tool, type Workbench } from './tool.js';

const limit = schema(() => z.int().min(1).max(LARGEST_PAGE).optional().describe('Default: what fits, at most 20'));
const cursor = schema(() => z.string().optional().describe('next_cursor'));

const page = schema(() =>
  z.object({
    tasks: z.array(taskRow()),
    count: z.number().describe('In this reply'),
    total: z.number(),
    truncated: z.boolean(),
    next_cursor: z.string().optional(),
  }),
);

const listTasks = defineTool({
  name: 'list_tasks',
  title: 'List tasks',
  description: 'List tasks, the highest priority and the newest first. search_tasks has more filters.',
  set: 'core',
  annotations: READS,
  input: () =>
    z.strictObject({
      status: z.enum(STATUSES).optional(),
      code_language: z.string().optional(),
      include_metrics: z.boolean().default(false),
      limit: limit(),
      cursor: cursor(),
    }),
  output: () => page().extend({ metrics: z.record(z.string(), z.unknown()).optional() }),
  run: async (bench, { status, code_language, include_metrics, limit, cursor }) => {
    const query = status === undefined ? '' : `status:${status}`;
    const inLanguage = code_language === undefined ? undefined : writtenIn(bench, code_language);
    const chosen = bench.tasks.select(query).filter(({ id }) => inLanguage?.has(id) ?? true);
    const found = urgentFirst(chosen, cursor === undefined ? (limit ?? PAGE) : chosen.length);
    const beside = include_metrics ? { metrics: await metricsOf(bench, found) } : {};
    const tasks = pageOf(bench, found, { limit, cursor, question: [query, code_language], beside });
    return { ...tasks, count: tasks.tasks.length, ...beside };
  },
});

const searchTasks = defineTool({
  name: 'search_tasks',
  title: 'Search tasks',
  description:
    'Find tasks by words and filters: login status:ready tag:api priority:high,critical is:overdue -assignee:ann sort:-priority. Keys: status priority tag assignee project milestone parent due created updated estimate claimed id is has.',
  set: 'core',
  annotations: READS,
  input: () => z.strictObject({ query: z.string(), limit: limit(), cursor: cursor() }),
  output: page,
  run: (bench, { query, limit, cursor }) => {
    const found = bench.tasks.select(query);
    const tasks = pageOf(bench, found, { limit, cursor, question: query });
    return { ...tasks, count: tasks.tasks.length };
  },
});

const changedSince = defineTool({
  name: 'changed_since',
  title: 'What changed',
  description: 'Tasks changed since the head of an earlier answer. Without since: the present head.',
  set: 'core',
  annotations: READS,
  input: () =>
    z.strictObject({
      since: z
        .union([z.int().min(0), z.string().regex(/^\d{1,15}(?:\.[0-9a-f]{8})?$/, 'is no head of an earlier answer')])
        .optional()
        .describe('head of the last answer; 0 for all'),
    }),
  output: () =>
    z.object({
      head: z.string().describe('Give it the next time'),
      tasks: z.array(taskRow()),
      deleted: z.array(z.string()).describe('Keys of tasks that are gone'),
      everything: z.boolean().describe('A backup was put back: read all anew'),
      total: z.number(),
      truncated: z.boolean().describe('There is more: ask again with head'),
    }),
  run: ({ plan }, { since }) => {
    const { store, graph } = plan;
    const nothing = { tasks: [], deleted: [], everything: false, total: 0, truncated: false };
    if (since === undefined) return { head: String(store.head), ...nothing };
    const [seq = '0', task = ''] = String(since).split('.');
    const { changes, everything } = new History(plan).tasksChangedAfter(Number(seq), task);
    const rows = changes.slice(0, PAGE).map((change) => {
      const summary = graph.get(change.task)?.task;
      return { ...change, row: summary && toRow({ plan }, summary, graph) };
    });
    const reply = (count: number) => {
      const [shown, last] = [rows.slice(0, count), rows[count - 1]];
      const truncated = count < changes.length;
      return {
        head: truncated && last ? `${last.seq}.${last.task}` : String(store.head),
        tasks: shown.flatMap(({ row }) => row ?? []),
        deleted: shown.filter(({ row }) => !row).map((one) => one.task),
        everything,
        total: changes.length,
        truncated,
      };
    };
    return reply(howManyFit(rows.length, reply));
  },
});

/**
 * Seed 002's order: the highest priority, the newest among equals. At least so many of the first ones are in order: of a first
 * page's list the rest is only counted.
 */
function urgentFirst(tasks: readonly TaskSummary[], ordered: number): TaskSummary[] {
  const byPriority = new Map<Priority, TaskSummary[]>(PRIORITIES.map((priority) => [priority, []]));
  for (const task of tasks) byPriority.get(task.priority)?.push(task);
  let first: TaskSummary[] = [];
  for (const group of byPriority.values()) {
    if (first.length < ordered) group.sort((a, b) => compareText(b.createdAt, a.createdAt) || b.number - a.number);
    first = first.concat(group);
  }
  return first;
}

function writtenIn({ plan }: Workbench, language: string): ReadonlySet<string> {
  const sql = 'SELECT id FROM tasks WHERE lower(code_language) = lower(?)';
  return new Set(plan.store.all<{ id: string }>(sql, [language.trim()]).map(({ id }) => id));
}

/** Counts of the tasks of a list, and how work goes in the whole plan. */
async function metricsOf({ plan }: Workbench, tasks: readonly TaskSummary[]): Promise<Record<string, unknown>> {
  const { metrics } = await import('../metrics/metrics.js');
  const now = plan.now();
  const count = <K extends string>(names: readonly K[], of: (task: TaskSummary) => K) =>
    Object.fromEntries(names.map((name) => [name, tasks.filter((task) => of(task) === name).length]));
  const { throughput, cycleTime, workInProgress } = metrics(plan);
  return {
    total: tasks.length,
    by_status: count(STATUSES, ({ id }) => shownStatus(plan.graph.stateOf(id, now))),
    by_priority: count(PRIORITIES, ({ priority }) => priority),
    throughput,
    cycle_time: cycleTime,
    work_in_progress: workInProgress,
  };
}

export const LIST_TOOLS: readonly Tool[] = [listTasks, searchTasks, changedSince];
