import * as vscode from 'vscode';
import { diagramId, type GraphPicture, stubId } from '../../app/graph/graphPictures.js';
import type { Orchestrator } from '../../app/orchestrator.js';
import { taskName } from '../../core/model/taskId.js';
import type { GraphBannerAction, GraphNode, GraphSnapshot } from '../../protocol/graph.js';
import { shortNames, stateLook } from '../words.js';

/** What the panel shows: the surroundings of one task, or the ready front. */
export interface GraphFocus {
  readonly task: string | undefined;
  readonly hops: number;
  readonly showDone: boolean;
}

/** The picture of a plan in the words of the panel. */
export function graphSnapshot(plan: Orchestrator, focus: GraphFocus): GraphSnapshot {
  const { task, hops, showDone } = focus;
  const known = task !== undefined && plan.plan.graph.get(task) ? task : undefined;
  const picture = plan.graph.picture({ focus: known, hops, showDone });
  const focusNumber = known === undefined ? undefined : plan.plan.graph.require(known).task.number;
  return {
    type: 'snapshot',
    mermaid: picture.mermaid,
    nodes: [
      ...picture.nodes.map((node) => taskNode(plan, node)),
      ...picture.hidden.map((stub, index) => stubNode(plan, stub, index)),
    ],
    edges: edgesOf(plan, picture),
    ...(focusNumber !== undefined && { focus: diagramId(focusNumber) }),
    viewKey: `${plan.plan.store.path}:${known ?? 'front'}:${hops}:${showDone}`,
    banner: banner(picture, focusNumber, hops),
    actions: actions(focus, known, picture, plan.plan.graph.size),
    ...(picture.nodes.length === 0 && { message: emptyMessage(plan, showDone) }),
  };
}

function taskNode(
  plan: Orchestrator,
  { id, number, title, state, assignee }: GraphPicture['nodes'][number],
): GraphNode {
  const { t } = vscode.l10n;
  const node = plan.plan.graph.require(id);
  const blockers = plan.plan.graph.blockers(id).map((blocker) => blocker.number);
  const label = [
    taskName(number),
    title,
    blockers.length > 0 ? t('waits for {0}', shortNames(blockers)) : stateLook(state).label,
    assignee ?? '',
    node.dependants.size > 0 ? t('unblocks {0}', node.dependants.size) : '',
  ];
  return {
    id: diagramId(number),
    task: id,
    number,
    title,
    state,
    assignee,
    label: label.filter((part) => part).join(', '),
  };
}

function stubNode(
  plan: Orchestrator,
  { beside, side, count }: GraphPicture['hidden'][number],
  index: number,
): GraphNode {
  const { t } = vscode.l10n;
  const { task } = plan.plan.graph.require(beside);
  const name = taskName(task.number);
  return {
    id: stubId(index),
    task: beside,
    number: 0,
    title: t('+{0} more', count),
    state: plan.plan.stateOf(beside),
    label: side === 'before' ? t('+{0} more before {1}', count, name) : t('+{0} more after {1}', count, name),
    stub: true,
  };
}

function edgesOf(plan: Orchestrator, picture: GraphPicture): GraphSnapshot['edges'] {
  const idOf = (task: string) => diagramId(plan.plan.graph.require(task).task.number);
  return [
    ...picture.edges.map(({ from, to }) => ({ from: idOf(from), to: idOf(to) })),
    ...picture.hidden.map(({ beside, side }, index) =>
      side === 'before' ? { from: stubId(index), to: idOf(beside) } : { from: idOf(beside), to: stubId(index) },
    ),
  ];
}

function banner({ nodes, total, truncated }: GraphPicture, focus: number | undefined, hops: number): string {
  const { t } = vscode.l10n;
  if (nodes.length === 0) return '';
  const all = total === 1 ? t('1 task') : t('All {0} tasks', total);
  const shown = nodes.length === total ? all : t('{0} of {1} tasks', nodes.length, total);
  const why =
    focus === undefined
      ? t('what can be worked on now and what follows, {0} dependencies away', hops)
      : t('around {0}, {1} dependencies away', taskName(focus), hops);
  return truncated
    ? t('{0} · {1} · the nearest and most urgent, as more would not be readable', shown, why)
    : `${shown} · ${why}`;
}

function actions(
  { hops, showDone }: GraphFocus,
  focus: string | undefined,
  { nodes }: GraphPicture,
  tasks: number,
): GraphBannerAction[] {
  const { t } = vscode.l10n;
  const finished: GraphBannerAction = {
    command: 'toggleDone',
    title: showDone ? t('Hide finished') : t('Show finished'),
  };
  if (nodes.length === 0) return tasks === 0 ? [] : [finished];
  return [
    { command: 'more', title: t('Show more around') },
    ...(hops > 1 ? [{ command: 'less' as const, title: t('Show less') }] : []),
    ...(focus === undefined ? [] : [{ command: 'front' as const, title: t('Show what is ready') }]),
    finished,
  ];
}

function emptyMessage(plan: Orchestrator, showDone: boolean): string {
  const { t } = vscode.l10n;
  if (plan.plan.graph.size === 0) return t('No tasks yet. Create one, and its dependencies are drawn here.');
  return showDone ? t('Nothing to draw.') : t('Every task is finished. “Show finished” draws them.');
}
