import * as z from 'zod';
import { taskName } from '../../core/model/taskId.js';
import { Completion } from '../completion/completion.js';
import { schema } from '../input.js';
import { cutReply, fullParameter, taskParameter } from './parameters.js';
import { named, numbersOf, priorityOf, taskShape, toShape } from './taskShape.js';
import { ADDS, defineTool, READS, SETS, type Tool } from './tool.js';

const STATUS = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'] as const;

const priority = schema(() => z.int().min(0).max(4).describe('4 critical … 0 background').transform(priorityOf));
const words = schema(() => z.array(z.string()));
const criteria = schema(() =>
  z
    .array(
      z.union([
        z.string(),
        z.object({ criterion: z.string(), measurable: z.string().optional(), done: z.boolean().optional() }),
      ]),
    )
    .describe('Texts, or {criterion, done}')
    .transform((list) => list.map((one) => (typeof one === 'string' ? { criterion: one } : one))),
);
const lease = schema(() => z.int().min(1));

/** A reply with the task as it is then. */
const taskReply = schema(() => z.object({ task: taskShape(), message: z.string(), ...cutReply }));

const createTask = defineTool({
  name: 'create_task',
  title: 'Create a task',
  description: 'Create a task. For a whole document use parse_prd, to break one down expand_task.',
  set: 'core',
  annotations: ADDS,
  input: () =>
    z.strictObject({
      title: z.string(),
      description: z.string().optional().describe('Markdown'),
      priority: priority().prefault(0),
      dependencies: z.array(taskParameter()).prefault([]).describe('To complete first'),
      tags: words().default([]),
      code_language: z.string().optional(),
      execution_environment: z.string().optional(),
      parent: taskParameter().optional().describe('Of a subtask'),
      project: z.string().optional(),
      criteria: z
        .array(z.string())
        .transform((texts) => texts.map((criterion) => ({ criterion })))
        .optional(),
    }),
  output: taskReply,
  run: async (bench, { dependencies, code_language, execution_environment, ...fields }) => {
    const task = await bench.tasks.create({
      ...fields,
      dependsOn: dependencies,
      codeLanguage: code_language,
      executionEnvironment: execution_environment,
    });
    return { task: toShape(bench, task), message: `${task.name} was created.` };
  },
});

const updateTask = defineTool({
  name: 'update_task',
  title: 'Change a task',
  description: 'Change fields of a task; null empties one. For its status: update_task_status.',
  set: 'core',
  annotations: SETS,
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      title: z.string().optional(),
      description: z.string().nullish(),
      priority: priority().optional(),
      type: z.string().optional(),
      assignee: z.string().nullish(),
      tags: words().optional().describe('All of them anew'),
      add_tags: words().optional(),
      remove_tags: words().optional(),
      remove_dependencies: z.array(taskParameter()).optional(),
      parent: taskParameter().nullish(),
      project: z.string().nullish(),
      milestone: z.string().nullish(),
      due: z.string().nullish().describe('2026-12-01, friday, +3d'),
      estimated_hours: z.number().nullish(),
      actual_hours: z.number().nullish(),
      business_value: z.int().nullish(),
      criteria: criteria().optional().describe('All of them anew'),
      context: z.string().nullish().describe('WHY: … WHAT: … DONE: …'),
      code_language: z.string().nullish(),
      execution_environment: z.string().nullish(),
      lease: lease().optional(),
      if_version: z.int().min(1).optional().describe('Refuse if it was changed since'),
    }),
  output: taskReply,
  run: async (bench, input) => {
    const { task_id, estimated_hours, actual_hours, business_value, code_language, ...rest } = input;
    const { execution_environment, add_tags, remove_tags, remove_dependencies, if_version, ...fields } = rest;
    const task = await bench.tasks.update({
      ...fields,
      task: task_id,
      addTags: add_tags,
      removeTags: remove_tags,
      removeDependencies: remove_dependencies,
      estimatedHours: estimated_hours,
      actualHours: actual_hours,
      businessValue: business_value,
      codeLanguage: code_language,
      executionEnvironment: execution_environment,
      ifVersion: if_version,
    });
    return { task: toShape(bench, task), message: `${task.name} was changed; it is at version ${task.version}.` };
  },
});

const updateTaskStatus = defineTool({
  name: 'update_task_status',
  title: 'Change the status of a task',
  description: 'Start, block, complete, cancel or reopen a task. Completing says what that unblocked.',
  set: 'core',
  annotations: SETS,
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      status: z.enum(STATUS),
      reason: z.string().optional().describe('Why blocked or cancelled'),
      summary: z.string().optional().describe('What was done, when completing'),
      actual_hours: z.number().optional(),
      lease: lease().optional(),
    }),
  output: () => taskReply().extend({ unblocked: z.array(z.number()).optional().describe('Tasks that became ready') }),
  run: async (bench, { task_id, status, reason, summary, actual_hours, lease }) => {
    const { plan, tasks, references } = bench;
    if (status !== 'completed') {
      const { task } = await tasks.change({ task: task_id, status, reason, actualHours: actual_hours, lease });
      return { task: toShape(bench, task), message: `${task.name} is ${status}.` };
    }
    const given = { tasks: [task_id], summary, actualHours: actual_hours, lease };
    const { completed, released } = await new Completion(plan, tasks, references).complete(given);
    const task = completed[0]?.task ?? tasks.get(task_id);
    const unblocked = numbersOf(plan.around(released), released);
    const ready = unblocked.length === 0 ? '' : ` Ready now: ${named(unblocked)}.`;
    return { task: toShape(bench, task), unblocked, message: `${task.name} is done.${ready}` };
  },
});

const getTask = defineTool({
  name: 'get_task',
  title: 'Read a task',
  description: 'Read one task whole, by its number, key or T-12.',
  set: 'core',
  annotations: READS,
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      include_executions: z.boolean().default(false).describe('Runs of code'),
      include_analysis: z.boolean().default(false).describe('Complexity, effort, commits'),
      full: fullParameter(),
    }),
  output: () =>
    z.object({
      task: taskShape(),
      executions: z.array(z.record(z.string(), z.unknown())).optional(),
      analysis: z.record(z.string(), z.unknown()).optional(),
      commits: z.array(z.record(z.string(), z.unknown())).optional(),
      ...cutReply,
    }),
  run: async (bench, { task_id, include_executions, include_analysis }) => {
    const view = bench.tasks.get(task_id);
    const task = toShape(bench, view);
    if (!include_analysis && !include_executions) return { task };
    const { analysesOf, commitsOf, executionsOf } = await import('./attachments.js');
    return {
      task,
      ...(include_executions && { executions: executionsOf(bench.plan.store, view.id) }),
      ...(include_analysis && {
        analysis: analysesOf(bench.plan.store, view.id),
        commits: commitsOf(bench.plan.store, view.id),
      }),
    };
  },
});

const deleteTask = defineTool({
  name: 'delete_task',
  title: 'Move a task to the trash',
  description: 'Move a task to the trash; a person can restore it. Cancel work that is given up instead.',
  set: 'core',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      cascade: z.boolean().default(false).describe('Even if tasks depend on it'),
    }),
  output: () => z.object({ id: z.number(), key: z.string(), message: z.string() }),
  run: async ({ tasks }, { task_id, cascade }) => {
    const { id, number, title } = await tasks.delete(task_id, { force: cascade });
    return { id: number, key: id, message: `${taskName(number)} “${title}” is in the trash.` };
  },
});

export const TASK_TOOLS: readonly Tool[] = [createTask, getTask, updateTask, updateTaskStatus, deleteTask];
