import { plain } from '../model/plainText.js';

export interface DotNode {
  readonly id: string;
  /** `T-4`. */
  readonly name: string;
  readonly number: number;
  readonly title: string;
  readonly hours: number;
  readonly estimated: boolean;
  readonly earliestStart: number;
  readonly slack: number;
  readonly critical: boolean;
}

export interface DotGraph {
  readonly nodes: readonly DotNode[];
  readonly edges: readonly { readonly from: DotNode; readonly to: DotNode; readonly critical: boolean }[];
}

/** The tasks with their times in Graphviz's DOT language, from left to right; the critical path is red and bold. */
export function dotText({ nodes, edges }: DotGraph): string {
  const lines = [
    'digraph critical_path {',
    '  rankdir=LR;',
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    ...nodes.map((node) => {
      const hours = `${node.hours} h${node.estimated ? '' : ' (no estimate)'}, from ${node.earliestStart} h, slack ${node.slack} h`;
      const mark = node.critical ? ', color=red, penwidth=2' : '';
      return `  "${node.id}" [label=${quoted([`${node.name} ${node.title}`, hours])}${mark}];`;
    }),
    ...edges.map(
      ({ from, to, critical }) => `  "${from.id}" -> "${to.id}"${critical ? ' [color=red, penwidth=2]' : ''};`,
    ),
    '}',
  ];
  return lines.join('\n');
}

/** A string of DOT, lines one below the other. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map((line) => plain(line).replace(/[\\"]/g, '\\$&')).join('\\n')}"`;
}
