import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { compareUrgency } from '../../core/graph/order.js';
import type { TaskSummary } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { isClosed, type WorkState } from '../../core/model/workState.js';
import { escapeMarkdown } from '../escapeMarkdown.js';
import type { CommandId } from '../manifest.js';
import { claimWords, priorityLabel, stateLook } from '../words.js';
import type { TrackedDocuments } from './documents.js';

const LINKS = [
  'taskOrchestrator.task.start',
  'taskOrchestrator.task.complete',
  'taskOrchestrator.task.reveal',
  'taskOrchestrator.graph.show',
] as const satisfies readonly CommandId[];

/** A card on lines that tasks refer to: the tasks, and Start · Complete · Reveal · Show in graph. */
export class ReferenceHover implements vscode.HoverProvider {
  readonly #documents: TrackedDocuments;

  constructor(documents: TrackedDocuments) {
    this.#documents = documents;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const tracked = this.#documents.get(document);
    const plan = tracked?.folder.plan;
    if (!tracked || !plan) return undefined;
    const line = position.line + 1;
    const tasks = tracked.references
      .filter((reference) => reference.line <= line && line <= reference.endLine)
      .flatMap(({ stored }) => plan.plan.graph.get(stored.task)?.task ?? [])
      .filter((task, index, all) => !isClosed(task.status as WorkState) && all.indexOf(task) === index)
      .sort(compareUrgency);
    if (tasks.length === 0) return undefined;
    const card = new vscode.MarkdownString(undefined, true);
    card.isTrusted = { enabledCommands: [...LINKS] };
    for (const task of tasks) card.appendMarkdown(describe(task, plan, tracked.folder.key));
    return new vscode.Hover(card);
  }
}

function describe(task: TaskSummary, plan: Orchestrator, folder: string): string {
  const { t } = vscode.l10n;
  const look = stateLook(plan.plan.stateOf(task.id));
  const legal = plan.tasks.legalStatuses(task.id);
  const link = (command: (typeof LINKS)[number], title: string) =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([folder, task.id]))})`;
  const links = [
    legal.includes('in_progress') ? link('taskOrchestrator.task.start', t('Start')) : '',
    legal.includes('completed') ? link('taskOrchestrator.task.complete', t('Complete')) : '',
    link('taskOrchestrator.task.reveal', t('Reveal')),
    link('taskOrchestrator.graph.show', t('Show in graph')),
  ].filter((text) => text !== '');
  const blockers = plan.plan.graph.blockers(task.id).map((blocker) => taskName(blocker.number));
  const facts = [
    look.label,
    task.priority === 'medium' ? '' : priorityLabel(task.priority),
    blockers.length > 0 ? t('waits for {0}', blockers.join(', ')) : '',
    escapeMarkdown(task.claim ? claimWords(task.claim, plan.plan.now()) : (task.assignee ?? '')),
  ].filter((fact) => fact !== '');
  return `**${taskName(task.number)}  ${escapeMarkdown(task.title)}**\n\n$(${look.icon}) ${facts.join(' · ')}\n\n${links.join(' · ')}\n\n`;
}
