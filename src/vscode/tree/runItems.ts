import * as vscode from 'vscode';
import type { ExecutionSummary } from '../../app/execution/executionInputs.js';
import { Executions } from '../../app/execution/executions.js';
import type { Orchestrator } from '../../app/orchestrator.js';
import { ago, dateTime } from '../words.js';
import type { RunNode } from './nodes.js';

/** So many runs of a task are listed, the newest first. */
const LISTED = 100;

export function runsOf({ plan }: Orchestrator, task: string): readonly ExecutionSummary[] {
  return new Executions(plan).list({ task, limit: LISTED }).executions;
}

export function hasRuns({ plan }: Orchestrator, task: string): boolean {
  return new Executions(plan).count(task) > 0;
}

/** A run's row: how it ended, how long it took and when it was. */
export function runItem({ id, folder, run }: RunNode): vscode.TreeItem {
  const item = new vscode.TreeItem(run.language);
  const { icon, color } = lookOf(run);
  const facts = [endWords(run), tookWords(run), ago(run.timestamp)].filter((fact) => fact !== '');
  item.id = id;
  item.description = facts.join(' · ');
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.contextValue = 'run';
  item.tooltip = [...facts.slice(0, 2), dateTime(run.timestamp), run.executed_by, run.sandbox]
    .filter((fact) => fact !== '')
    .join(' · ');
  item.command = {
    command: 'taskOrchestrator.run.show',
    title: vscode.l10n.t('Show Run'),
    arguments: [folder.key, run.id],
  };
  item.accessibilityInformation = { label: vscode.l10n.t('Run of {0}, {1}', run.language, facts.join(', ')) };
  return item;
}

/** How a run ended, in two words. */
export function endWords(run: ExecutionSummary): string {
  const { t } = vscode.l10n;
  if (run.abandoned) return t('no end known');
  if (run.status === 'running') return t('running');
  switch (run.stopped_by) {
    case 'time':
      return t('time limit');
    case 'memory':
      return t('memory limit');
    case 'processes':
      return t('process limit');
    case 'output':
      return t('output limit');
    case 'person':
      return t('cancelled');
    case null:
      if (run.signal !== null) return run.signal;
      return run.exit_code === null ? t('not started') : t('exit {0}', run.exit_code);
  }
}

export function tookWords({ execution_time: took }: ExecutionSummary): string {
  if (took === null) return '';
  const format = { style: 'unit', unit: 'second', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(vscode.env.language, format).format(took / 1000);
}

function lookOf({ status, abandoned }: ExecutionSummary): { icon: string; color?: string } {
  if (abandoned) return { icon: 'question', color: 'charts.orange' };
  switch (status) {
    case 'running':
      return { icon: 'loading~spin' };
    case 'completed':
      return { icon: 'pass', color: 'charts.green' };
    case 'failed':
      return { icon: 'error', color: 'charts.red' };
    case 'timeout':
      return { icon: 'watch', color: 'charts.orange' };
    case 'cancelled':
      return { icon: 'circle-slash', color: 'disabledForeground' };
  }
}
