/**
 * A view of the task graph as Mermaid text. The same text is drawn in the graph panel and printed by `tm graph`, so it
 * carries shapes, line styles and classes but no colours: those come from the theme of whoever draws it.
 */

import { counted } from '../model/counted.js';
import { WORK_STATES, type WorkState } from '../model/workState.js';
import { cutLabel, encodeText } from './label.js';

export interface DiagramNode {
  /** `t<number>` for a task, `s<number>` for a stub that stands for tasks outside the view. */
  readonly id: string;
  readonly number: number;
  /** The task's title; for a stub its whole label, "+12 more". */
  readonly title: string;
  readonly state: WorkState;
  readonly assignee?: string;
  /** The task that the view is about. */
  readonly focus: boolean;
  /** On the chain from the focus to the open tasks at its root. */
  readonly strong: boolean;
  readonly stub?: boolean;
}

export interface DiagramEdge {
  /** The task that comes first. */
  readonly from: string;
  readonly to: string;
  readonly strong: boolean;
}

export interface DiagramView {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

/** The sign that stands before `T-14`, so that colour is never the only mark of a state. */
export const STATE_SIGNS: Readonly<Record<WorkState, string>> = {
  ready: '○',
  in_progress: '►',
  claimed: '►',
  needs_decision: '?',
  blocked: '✕',
  waiting: '◌',
  scheduled: '◷',
  completed: '✓',
  cancelled: '⊘',
};

/** Opening and closing marks of Mermaid's shapes. */
const SHAPES: Readonly<Record<WorkState | 'stub', readonly [string, string]>> = {
  ready: ['([', '])'],
  in_progress: ['[', ']'],
  claimed: ['[', ']'],
  needs_decision: ['{', '}'],
  blocked: ['[[', ']]'],
  waiting: ['{{', '}}'],
  scheduled: ['{{', '}}'],
  completed: ['(', ')'],
  cancelled: ['(', ')'],
  stub: ['(', ')'],
};

/** What a state looks like where no theme is at hand; nothing here depends on light or dark. */
const CLASS_STYLES: readonly (readonly [string, string])[] = [
  ['in_progress', 'stroke-width:3px'],
  ['claimed', 'stroke-width:3px'],
  ['waiting', 'stroke-dasharray:5 4'],
  ['scheduled', 'stroke-dasharray:2 4'],
  ['completed', 'opacity:0.7'],
  ['cancelled', 'opacity:0.7,text-decoration:line-through'],
  ['stub', 'stroke-dasharray:2 3'],
];

const NODE_ID = /^[ts]\d+$/;

/**
 * Mermaid flowchart text, left to right, what comes first on the left. Nodes and edges are written in the order given,
 * so the same view gives the same text. A title can never end its label: see {@link encodeText}.
 *
 * @throws RangeError when a node's id has another form than `t<number>` or `s<number>`, or an edge names no node.
 */
export function toMermaid(view: DiagramView): string {
  const ids = new Set(view.nodes.map((node) => node.id));
  for (const id of ids) if (!NODE_ID.test(id)) throw new RangeError(`Not a diagram node id: ${id}`);
  const tasks = view.nodes.filter((node) => !node.stub).length;
  const lines = [
    'flowchart LR',
    '  accTitle: Task graph',
    `  accDescr: ${counted(tasks, 'task', 'tasks')}, ${counted(view.edges.length, 'dependency', 'dependencies')}`,
    ...view.nodes.map((node) => `  ${nodeLine(node)}`),
  ];
  for (const { from, to, strong } of view.edges) {
    if (!ids.has(from) || !ids.has(to)) throw new RangeError(`Edge ${from} to ${to} leaves the view`);
    lines.push(`  ${from} ${strong ? '==>' : '-->'} ${to}`);
  }
  const classes = classMembers(view.nodes);
  for (const [name, style] of CLASS_STYLES) if (classes.has(name)) lines.push(`  classDef ${name} ${style}`);
  for (const [name, members] of classes) lines.push(`  class ${members.join(',')} ${name}`);
  return `${lines.join('\n')}\n`;
}

function nodeLine(node: DiagramNode): string {
  const [open, close] = SHAPES[node.stub ? 'stub' : node.state];
  const label = node.stub
    ? [node.title]
    : [
        `${STATE_SIGNS[node.state]} T-${node.number}`,
        ...cutLabel(node.title),
        ...(node.assignee ? [`@${cutLabel(node.assignee)[0]}`] : []),
      ];
  return `${node.id}${open}"${label.map(encodeText).join('<br/>')}"${close}`;
}

/** Classes are given on lines of their own: a colon on a label's line would wake a repair rule of Mermaid's for styles. */
function classMembers(nodes: readonly DiagramNode[]): Map<string, string[]> {
  const members = new Map<string, string[]>();
  const names = [...WORK_STATES, 'stub', 'focus', 'strong'];
  for (const name of names) {
    const ids = nodes.filter((node) => hasClass(node, name)).map((node) => node.id);
    if (ids.length > 0) members.set(name, ids);
  }
  return members;
}

function hasClass(node: DiagramNode, name: string): boolean {
  if (name === 'focus') return node.focus;
  if (name === 'strong') return node.strong;
  return node.stub ? name === 'stub' : node.state === name;
}
