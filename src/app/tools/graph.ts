import * as z from 'zod';
import { STATUSES } from '../../core/model/status.js';
import type { TaskSummary } from '../../core/model/task.js';
import { WORK_STATES } from '../../core/model/workState.js';
import { CriticalPath } from '../analysis/criticalPath.js';
import { GraphPictures } from '../graph/graphPictures.js';
import { fits } from './fit.js';
import { LARGEST_PAGE, pageOf } from './page.js';
import { cutReply, taskParameter } from './parameters.js';
import { numbersOf, taskRow } from './taskShape.js';
import { defineTool, READS, type Tool, type Workbench } from './tool.js';

/** Tasks of a picture where nobody says how many: more cannot be read. */
const DRAWN = 60;
/** Tasks of the critical path that are named. */
const LONGEST_PATH = 50;

const getTaskGraph = defineTool({
  name: 'get_task_graph',
  title: 'Read the dependency graph',
  description:
    'Dependencies as JSON (tasks and edges, a page at a time) or as a Mermaid flowchart, of the whole plan or around one task; with the critical path and cycles.',
  set: 'planning',
  annotations: READS,
  input: () =>
    z.strictObject({
      format: z.enum(['json', 'mermaid']).default('json'),
      focus: taskParameter().optional().describe('Around this task'),
      depth: z.int().min(0).max(1000).default(2).describe('Edges away from the focus'),
      status: z.enum(STATUSES).optional().describe('json: only tasks of this status'),
      show_done: z.boolean().default(false).describe('mermaid: completed tasks too'),
      max_nodes: z.int().min(1).max(300).optional(),
      cursor: z.string().optional(),
    }),
  output: () =>
    z.object({
      graph: z.union([z.string(), z.record(z.string(), z.unknown())]),
      tasks: z.array(
        z.union([
          taskRow(),
          z.object({ id: z.number(), key: z.string(), title: z.string(), state: z.enum(WORK_STATES) }),
        ]),
      ),
      edges: z.array(z.object({ from: z.number(), to: z.number() })).describe('From what comes first'),
      critical_path: z.array(z.number()).describe('The longest chain of open work'),
      cycles: z.array(z.number()).describe('Tasks in or behind a cycle; none unless another program wrote one'),
      total: z.number(),
      next_cursor: z.string().optional(),
      ...cutReply,
    }),
  run: ({ plan, tasks }, input) => {
    const { path, cyclic } = new CriticalPath(plan).find();
    const numbers = (found: readonly { readonly id: string }[]) =>
      numbersOf(
        plan.graph,
        found.map(({ id }) => id),
      );
    const beside = {
      critical_path: numbers(path.slice(0, LONGEST_PATH)),
      cycles: numbers(cyclic.slice(0, LONGEST_PATH)),
    };
    const { format, focus, depth, show_done, max_nodes } = input;
    if (format === 'mermaid') return drawn(plan, { focus, hops: depth, showDone: show_done }, max_nodes, beside);
    const found =
      focus === undefined
        ? tasks.select(`${input.status === undefined ? '' : `status:${input.status} `}sort:number`)
        : around(plan, tasks.resolve(focus), depth).filter(
            ({ id }) => input.status === undefined || tasks.get(id).status === input.status,
          );
    const question = ['graph', focus, depth, input.status];
    const edgesOf = (rows: readonly { id: number; dependencies: number[] }[]) =>
      rows.flatMap(({ id, dependencies }) => dependencies.map((from) => ({ from, to: id })));
    const reply = (limit: number | undefined) => {
      const page = pageOf({ plan }, found, { limit, cursor: input.cursor, question, beside });
      const edges = edgesOf(page.tasks);
      return { ...page, edges, graph: { nodes: page.tasks.map(({ id }) => id), edges }, ...beside };
    };
    if (max_nodes !== undefined) return reply(Math.min(max_nodes, LARGEST_PAGE));
    const whole = reply(undefined);
    for (let count = whole.tasks.length; count > 1; count -= 1) {
      const smaller = reply(count);
      if (fits(smaller)) return smaller;
    }
    return whole;
  },
});

type Plan = Workbench['plan'];

/** As many tasks as were asked for, or as fit into a small reply. */
function drawn(
  plan: Plan,
  given: { readonly focus?: string | undefined; readonly hops: number; readonly showDone: boolean },
  most: number | undefined,
  beside: { readonly critical_path: number[]; readonly cycles: number[] },
) {
  const pictures = new GraphPictures(plan);
  const reply = (maxNodes: number) => {
    const { nodes, edges, total, mermaid, truncated } = pictures.picture({ ...given, maxNodes });
    const numberOf = new Map(nodes.map(({ id, number }) => [id, number]));
    return {
      graph: mermaid,
      tasks: nodes.map(({ id, number, title, state }) => ({ id: number, key: id, title, state })),
      edges: edges.map(({ from, to }) => ({ from: numberOf.get(from) ?? 0, to: numberOf.get(to) ?? 0 })),
      ...beside,
      total,
      truncated,
    };
  };
  if (most !== undefined) return reply(most);
  for (let count = DRAWN; count > 1; count = Math.floor((count * 2) / 3)) {
    const picture = reply(count);
    if (fits(picture)) return picture;
  }
  return reply(1);
}

/** The tasks that are so many edges away at most, by number. */
function around({ graph }: Plan, focus: string, depth: number): TaskSummary[] {
  const found = new Set([graph.require(focus)]);
  let border = [...found];
  for (let step = 0; step < depth && border.length > 0; step += 1) {
    const next = border
      .flatMap((node) => [...node.dependsOn.keys(), ...node.dependants])
      .filter((node) => !found.has(node));
    for (const node of next) found.add(node);
    border = [...new Set(next)];
  }
  return [...found].map((node) => node.task).sort((a, b) => a.number - b.number);
}

export const GRAPH_TOOLS: readonly Tool[] = [getTaskGraph];
