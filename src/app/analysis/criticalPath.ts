import * as z from 'zod';
import { type DotGraph, dotText } from '../../core/diagram/dot.js';
import { type DiagramView, toMermaid } from '../../core/diagram/mermaid.js';
import { type Timetable, timetable } from '../../core/graph/criticalPath.js';
import { taskName } from '../../core/model/taskId.js';
import { type Output, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { mention, taskMention } from './mention.js';

const hours = (says: string) => z.number().describe(`${says}, in hours of work from now`);

const timetableEntry = schema(() =>
  taskMention().extend({
    hours: z.number().describe('Estimated hours, or the substitute of the basis'),
    estimated: z.boolean().describe('False where the task has no estimate'),
    earliestStart: hours('When it can start'),
    earliestFinish: hours('When it can be finished'),
    latestStart: hours('When it must start for the plan to take no longer'),
    latestFinish: hours('When it must be finished'),
    slack: z.number().describe('Hours that it may be late; 0 on the critical path'),
  }),
);

/** The longest chain of open work. */
export const criticalPathView = schema(() =>
  z.object({
    path: z.array(timetableEntry()).describe('The longest chain of open tasks by estimated hours, first to last'),
    hours: z.number().describe('Its length: the least time that the open tasks take, however many work on them'),
    tasks: z.array(timetableEntry()).describe('Every open task, each after what it depends on'),
    basis: z
      .object({
        estimated: z.number(),
        unestimated: z.number(),
        substituteHours: z.number().describe('What a task without an estimate counts as'),
        substitute: z.enum(['median', 'one']).describe('The median of the known estimates, or 1 where there is none'),
        known: z.number().describe('How many estimates the median is of'),
      })
      .describe('How many open tasks have an estimate, and what the others count as'),
    cyclic: z.array(taskMention()).describe('Tasks left out because they are in a cycle or behind one'),
  }),
);

export type CriticalPathView = Output<typeof criticalPathView>;

/** More than this in one Mermaid picture, and nobody can read it. */
const PICTURE_LIMIT = 120;

/** The critical path through what is open. */
export class CriticalPath {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  find(): CriticalPathView {
    const { graph } = this.#plan;
    const now = this.#plan.now();
    const { entries, path, hours, basis, cyclic } = timetable(graph);
    const tasks = entries.map(({ id, ...times }) => ({ ...mention(graph, graph.require(id).task, now), ...times }));
    const byId = new Map(tasks.map((task) => [task.id, task]));
    return {
      path: path.flatMap((id) => byId.get(id) ?? []),
      hours,
      tasks,
      basis: { ...basis },
      cyclic: cyclic.map((id) => mention(graph, graph.require(id).task, now)),
    };
  }

  /** Every open task with its times as a Graphviz graph, the critical path in bold. */
  dot(): string {
    return dotText(this.#picture(timetable(this.#plan.graph), Number.POSITIVE_INFINITY));
  }

  /** The critical path and what has least slack beside it as Mermaid text; says how many tasks were left out. */
  mermaid(): { readonly text: string; readonly drawn: number; readonly total: number } {
    const whole = timetable(this.#plan.graph);
    const { nodes, edges } = this.#picture(whole, PICTURE_LIMIT);
    const view: DiagramView = {
      nodes: nodes.map((node) => ({
        id: `t${node.number}`,
        number: node.number,
        title: node.title,
        state: this.#plan.stateOf(node.id),
        focus: false,
        strong: node.critical,
      })),
      edges: edges.map(({ from, to, critical }) => ({
        from: `t${from.number}`,
        to: `t${to.number}`,
        strong: critical,
      })),
    };
    return { text: toMermaid(view), drawn: nodes.length, total: whole.entries.length };
  }

  #picture({ entries, path }: Timetable, limit: number): DotGraph {
    const { graph } = this.#plan;
    const critical = new Set(path);
    const shown = [...entries]
      .sort((a, b) => Number(critical.has(b.id)) - Number(critical.has(a.id)) || a.slack - b.slack)
      .slice(0, limit);
    const nodes = shown.map((entry) => {
      const { task } = graph.require(entry.id);
      const { number, title } = task;
      return { ...entry, number, title, name: taskName(number), critical: critical.has(entry.id) };
    });
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const next = new Map(path.map((id, at) => [id, path[at + 1]]));
    const edges = nodes.flatMap((to) =>
      [...graph.require(to.id).dependsOn.keys()].flatMap((dependency) => {
        const from = byId.get(dependency.task.id);
        return from ? [{ from, to, critical: next.get(from.id) === to.id }] : [];
      }),
    );
    return { nodes, edges };
  }
}
