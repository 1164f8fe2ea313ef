import * as z from 'zod';
import { type DiagramView, toMermaid } from '../../core/diagram/mermaid.js';
import type { PlanNode } from '../../core/graph/planGraph.js';
import { type GraphView, graphView } from '../../core/graph/view.js';
import type { TaskId } from '../../core/model/taskId.js';
import { WORK_STATES } from '../../core/model/workState.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { taskAddress } from '../tasks/taskInputs.js';

export const graphInput = schema(() =>
  z.object({
    focus: taskAddress()
      .optional()
      .describe('Draw around this task; absent: what can be worked on now and what follows'),
    hops: z
      .number()
      .int('must be a whole number')
      .min(0)
      .max(1000)
      .optional()
      .describe('How many edges away from there'),
    showDone: z.boolean().optional().describe('Draw completed and cancelled tasks too'),
    maxNodes: z.number().int().min(1).max(300, 'is more than 300: such a picture is not readable').optional(),
  }),
);

export type GraphInput = Input<typeof graphInput>;

export const graphPictureView = schema(() =>
  z.object({
    focus: z.string().optional(),
    nodes: z.array(
      z.object({
        id: z.string(),
        number: z.number(),
        title: z.string(),
        state: z.enum(WORK_STATES),
        assignee: z.string().optional(),
      }),
    ),
    edges: z
      .array(z.object({ from: z.string(), to: z.string() }))
      .describe('From what comes first; transitively reduced'),
    hidden: z
      .array(z.object({ beside: z.string(), side: z.enum(['before', 'after']), count: z.number() }))
      .describe('Neighbours that are not drawn; the text has them as s0, s1, …'),
    total: z.number().describe('How many tasks could be drawn'),
    truncated: z.boolean().describe('True when the limit of tasks cut the picture'),
    mermaid: z.string(),
  }),
);

/** One picture of the plan, with the text that draws it. */
export type GraphPicture = Output<typeof graphPictureView>;

const DEFAULT_HOPS = 2;

/** Pictures of the dependency graph. */
export class GraphPictures {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Throws NOT_FOUND or AMBIGUOUS for the focus, INVALID_INPUT for the rest. */
  picture(input: GraphInput = {}): GraphPicture {
    const { focus: name, hops = DEFAULT_HOPS, showDone = false, maxNodes } = parseInput(graphInput, input);
    const focus = name === undefined ? undefined : resolveTask(this.#plan.store, name);
    const now = this.#plan.now();
    const view = graphView(this.#plan.graph, {
      hops,
      showDone,
      now,
      ...(focus !== undefined && { focus }),
      ...(maxNodes !== undefined && { maxNodes }),
    });
    const state = (node: PlanNode) => this.#plan.graph.stateOf(node.task.id, now);
    return {
      ...(focus !== undefined && { focus }),
      nodes: view.nodes.map((node) => ({
        id: node.task.id,
        number: node.task.number,
        title: node.task.title,
        state: state(node),
        ...(node.task.assignee !== undefined && { assignee: node.task.assignee }),
      })),
      edges: view.edges.map(({ from, to }) => ({ from: from.task.id, to: to.task.id })),
      hidden: view.hidden.map(({ of, side, count }) => ({ beside: of.task.id, side, count })),
      total: view.total,
      truncated: view.cut,
      mermaid: view.nodes.length === 0 ? '' : toMermaid(toDiagram(view, focus, state)),
    };
  }
}

/** The Mermaid id of a task in a picture. */
export function diagramId(number: number): string {
  return `t${number}`;
}

/** The Mermaid id of the hidden neighbours at this index. */
export function stubId(index: number): string {
  return `s${index}`;
}

function toDiagram(
  view: GraphView,
  focus: TaskId | undefined,
  state: (node: PlanNode) => DiagramView['nodes'][number]['state'],
): DiagramView {
  const strongNodes = new Set([...view.strong].flatMap(({ from, to }) => [from, to]));
  const tasks = view.nodes.map((node) => ({
    id: diagramId(node.task.number),
    number: node.task.number,
    title: node.task.title,
    state: state(node),
    ...(node.task.assignee !== undefined && { assignee: node.task.assignee }),
    focus: node.task.id === focus,
    strong: strongNodes.has(node),
  }));
  const stubs = view.hidden.map(({ of, side, count }, index) => ({
    node: {
      id: stubId(index),
      number: 0,
      title: `+${count} more`,
      state: state(of),
      focus: false,
      strong: false,
      stub: true,
    },
    edge:
      side === 'before'
        ? { from: stubId(index), to: diagramId(of.task.number), strong: false }
        : { from: diagramId(of.task.number), to: stubId(index), strong: false },
  }));
  return {
    nodes: [...tasks, ...stubs.map((stub) => stub.node)],
    edges: [
      ...view.edges.map((edge) => ({
        from: diagramId(edge.from.task.number),
        to: diagramId(edge.to.task.number),
        strong: view.strong.has(edge),
      })),
      ...stubs.map((stub) => stub.edge),
    ],
  };
}
