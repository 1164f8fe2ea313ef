/** The same tasks as a list, for screen readers and for whoever prefers text. */

import type { GraphNode, GraphSnapshot } from '../../src/protocol/graph.js';
import type { GraphStrings } from '../../src/protocol/graphStrings.js';
import { h } from '../shared/dom.js';
import { icon, STATE_ICONS } from '../shared/icons.js';
import { format } from '../shared/strings.js';

/** Fills `list` with one row a task, in the snapshot's order; returns each row's button by Mermaid id. */
export function fillList(list: HTMLElement, snapshot: GraphSnapshot, strings: GraphStrings): Map<string, HTMLElement> {
  const rows = new Map<string, HTMLElement>();
  const names = new Map(snapshot.nodes.map((node) => [node.id, node.stub ? node.title : `T-${node.number}`]));
  const items = snapshot.nodes.map((node) => {
    const row = h(
      'button',
      { type: 'button', class: `row ${node.stub ? 'stub' : node.state}`, 'data-id': node.id, 'data-task': node.task },
      ...rowContent(node, snapshot, names, strings),
    );
    if (node.id === snapshot.focus) row.setAttribute('aria-current', 'true');
    rows.set(node.id, row);
    return h('li', {}, row);
  });
  list.replaceChildren(...items);
  return rows;
}

function rowContent(
  node: GraphNode,
  snapshot: GraphSnapshot,
  names: ReadonlyMap<string, string>,
  strings: GraphStrings,
): (Node | string)[] {
  if (node.stub) return [h('span', { class: 'row-title' }, node.label)];
  const join = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? id).join(', ');
  const before = snapshot.edges.filter((edge) => edge.to === node.id).map((edge) => edge.from);
  const after = snapshot.edges.filter((edge) => edge.from === node.id).map((edge) => edge.to);
  const facts = [
    strings[`state_${node.state}`],
    ...(node.assignee ? [`@${node.assignee}`] : []),
    ...(node.id === snapshot.focus ? [strings.listFocus] : []),
    ...(before.length > 0 ? [format(strings.listAfter, join(before))] : []),
    ...(after.length > 0 ? [format(strings.listBefore, join(after))] : []),
  ];
  return [
    icon(STATE_ICONS[node.state]),
    h('span', { class: 'row-key' }, `T-${node.number}`),
    // Not seen, but heard: without spaces a row's name would be one word.
    ' ',
    h('bdi', { class: 'row-title' }, node.title),
    ' ',
    h('span', { class: 'row-facts' }, facts.join(' · ')),
  ];
}
