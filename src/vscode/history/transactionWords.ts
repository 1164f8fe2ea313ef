import * as vscode from 'vscode';
import type { TransactionView } from '../../app/history/historyInputs.js';

/** What a transaction did, in a few words: `T-4 completed`, `T-4 changed: title, priority`. */
export function transactionTitle({ action, changes }: TransactionView): string {
  const { t } = vscode.l10n;
  const of = (what: string) => changes.filter((change) => change.what === what);
  const own = of('task').filter((change) => change.kind !== 'changed');
  const name = names(own.length > 0 ? own : changes.filter((change) => change.what !== 'other'));
  const edges = [...of('dependency'), ...of('link')].map((edge) => `${edge.name} → ${edge.other}`).join(', ');
  const files = [...new Set(of('reference').flatMap((change) => change.path ?? []))].join(', ');
  switch (action) {
    case 'task.create':
    case 'expansion.accept':
      return t('{0} created', name);
    case 'task.delete':
      return t('{0} deleted', name);
    case 'task.restore':
      return t('{0} restored', name);
    case 'task.pending':
      return t('{0} reopened', name);
    case 'task.in_progress':
      return t('{0} started', name);
    case 'task.blocked':
      return t('{0} blocked', name);
    case 'task.completed':
      return t('{0} completed', name);
    case 'task.cancelled':
      return t('{0} cancelled', name);
    case 'task.update':
      return t('{0} changed: {1}', name, fields(changes));
    case 'dependency.add':
      return t('dependency {0} added', edges);
    case 'dependency.remove':
      return t('dependency {0} removed', edges);
    case 'reference.add':
      return t('{0} linked to {1}', name, files);
    case 'reference.remove':
      return t('{0} no longer linked to {1}', name, files);
    case 'reference.relink':
    case 'reference.rename':
    case 'reference.follow':
      return t('references of {0} moved', name);
    case 'task.analyse':
      return t('{0} analysed', names(changes));
    case 'trash.purge':
      return t('{0} removed from the trash', name);
    case 'store.restore':
      return t('backup put back');
    default:
      if (action.startsWith('undo ')) return t('undo of {0}', `#${action.slice(5)}`);
      return name ? `${name}: ${action}` : action;
  }
}

/** The first two tasks, and how many more. */
function names(changes: TransactionView['changes']): string {
  const all = [...new Set(changes.map((change) => change.name))];
  const shown = all.slice(0, 2).join(', ');
  return all.length > 2 ? `${shown} +${all.length - 2}` : shown;
}

function fields(changes: TransactionView['changes']): string {
  return [...new Set(changes.flatMap((change) => change.fields.map((field) => field.field)))].join(', ');
}
