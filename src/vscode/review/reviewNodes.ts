import * as vscode from 'vscode';
import { changeLines } from '../../app/history/transactionText.js';
import { factsOf } from '../../app/review/facts.js';
import type { ReviewedTaskView } from '../../app/review/reviewInputs.js';
import { escapeMarkdown } from '../escapeMarkdown.js';
import { ago } from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import { factWords } from './reviewWords.js';

/** What an actor changed; or, as a row below it, a task of that. */
export type ReviewNode = ActorNode | ReviewedTaskNode;

export interface ActorNode {
  readonly kind: 'reviewActor';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly actor: string;
  /** The last transaction that was seen when the list was made. */
  readonly head: number;
  readonly children: readonly ReviewedTaskNode[];
  /** True where the list does not show all of them. */
  readonly isCut: boolean;
}

export interface ReviewedTaskNode {
  readonly kind: 'reviewTask';
  readonly id: string;
  readonly folder: PlanFolder;
  readonly actor: string;
  readonly task: string;
  readonly head: number;
  readonly view: ReviewedTaskView;
}

const LOOKS = {
  added: ['diff-added', 'gitDecoration.addedResourceForeground'],
  changed: ['diff-modified', 'gitDecoration.modifiedResourceForeground'],
  removed: ['diff-removed', 'gitDecoration.deletedResourceForeground'],
} as const;

/** An actor and how many tasks; where the window has several plans, of which. */
export function actorItem(node: ActorNode, several: boolean): vscode.TreeItem {
  const { t } = vscode.l10n;
  const item = new vscode.TreeItem(node.actor, vscode.TreeItemCollapsibleState.Expanded);
  const count = node.children.length;
  const tasks = node.isCut ? t('{0} tasks and more', count) : count === 1 ? t('1 task') : t('{0} tasks', count);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon('account');
  item.description = several ? `${tasks} · ${node.folder.name}` : tasks;
  item.contextValue = node.kind;
  item.accessibilityInformation = { label: t('Changes by {0}, {1}', node.actor, item.description) };
  return item;
}

/** `T-4  Mend the login   status: pending → completed, +2 criteria`; choosing it opens the comparison. */
export function taskChangeItem(node: ReviewedTaskNode): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { view, actor } = node;
  const item = new vscode.TreeItem(`${view.name}  ${view.title}`);
  const facts = [
    ...factsOf(view).map(factWords),
    ...view.again.map(({ field, by }) => t('{0} changed again by {1}', field, by)),
  ];
  const [icon, color] = LOOKS[view.kind];
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.description = facts.join(', ');
  item.contextValue = view.kind === 'removed' ? `${node.kind} removed` : node.kind;
  item.command = { command: 'taskOrchestrator.review.openDiff', title: t('Open Changes'), arguments: [node] };
  item.accessibilityInformation = { label: [view.name, view.title, t('by {0}', actor), ...facts].join(', ') };
  return item;
}

/** The changes one by one, and when the last of them was. */
export function changeTooltip({ view, actor }: ReviewedTaskNode): vscode.MarkdownString {
  const card = new vscode.MarkdownString();
  card.appendMarkdown(`**${view.name}  ${escapeMarkdown(view.title)}**\n\n`);
  card.appendMarkdown(`${vscode.l10n.t('Changed by {0} {1}', escapeMarkdown(actor), ago(view.at))}\n\n`);
  card.appendCodeblock(view.changes.flatMap(changeLines).join('\n'), 'text');
  return card;
}
