import * as z from 'zod';
import { DEPENDENCY_TYPES } from '../../core/model/dependency.js';
import { formatPlace } from '../../core/model/fileReference.js';
import { Dependencies } from '../dependencies/dependencies.js';
import { taskParameter } from './parameters.js';
import { defineTool, SETS, type Tool } from './tool.js';

const addDependency = defineTool({
  name: 'add_dependency',
  title: 'Add a dependency',
  description: 'Make a task wait until another is completed. Cycles are refused.',
  set: 'core',
  annotations: SETS,
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      depends_on: taskParameter().describe('To complete first'),
      type: z.enum(DEPENDENCY_TYPES).default('completion'),
    }),
  output: () =>
    z.object({ task_id: z.number(), depends_on: z.number(), blocked_by: z.array(z.number()), message: z.string() }),
  run: async ({ plan, tasks }, { task_id, depends_on, type }) => {
    const edge = await new Dependencies(plan).add({ task: task_id, dependsOn: depends_on, type });
    const [task, other] = [tasks.get(edge.task), tasks.get(edge.dependsOn)];
    const blockers = plan.graph.blockers(edge.task).map(({ number }) => number);
    const message = `${task.name} depends on ${other.name}.`;
    return { task_id: task.number, depends_on: other.number, blocked_by: blockers, message };
  },
});

const linkFile = defineTool({
  name: 'link_file',
  title: 'Link a file',
  description: 'Link a file or lines of it to a task. It is found again after edits; next_work shows it.',
  set: 'core',
  annotations: SETS,
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      path: z.string().min(1).describe('From the workspace folder'),
      line: z.int().min(1).optional(),
      end_line: z.int().min(1).optional(),
      context: z.string().optional().describe('Why it matters'),
    }),
  output: () =>
    z.object({ task_id: z.number(), reference: z.string(), place: z.string(), state: z.string(), message: z.string() }),
  run: async ({ tasks, references }, { task_id, path, line, end_line, context }) => {
    const place = { path, line, endLine: end_line };
    const reference = await references.add({ task: task_id, place, context });
    const { name, number } = tasks.get(reference.task);
    const { state, missing } = references.locate(reference);
    const where = formatPlace(reference);
    const warning = missing ? ` Nothing is there: the file has no such place now.` : '';
    return {
      task_id: number,
      reference: reference.id,
      place: where,
      state,
      message: `${name} refers to ${where}.${warning}`,
    };
  },
});

export const EDGE_TOOLS: readonly Tool[] = [addDependency, linkFile];
