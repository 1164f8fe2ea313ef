import * as vscode from 'vscode';
import { setContext } from '../manifest.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';

/** Filter, counts and context keys around the tree's rows. */
export function describeTree(view: vscode.TreeView<unknown>, folders: PlanFolders, filter: string): void {
  const plans = folders.distinct.flatMap((folder) => folder.plan ?? []);
  const total = plans.reduce((sum, plan) => sum + plan.plan.graph.size, 0);
  const ready = plans.reduce((sum, plan) => sum + plan.plan.graph.readyCount(plan.plan.now()), 0);
  const troubled = folders.all.find((folder) => folder.problem !== undefined);
  setContext('hasTasks', total > 0);
  setContext('problem', troubled !== undefined);
  if ((view.description ?? '') !== filter) view.description = filter || undefined;
  if ((view.badge?.value ?? 0) !== ready)
    view.badge = ready === 0 ? undefined : { value: ready, tooltip: vscode.l10n.t('{0} ready tasks', ready) };
  // VS Code holds changes of rows back for 200 ms after one of the message, be it the same as before.
  const message = troubled && problemText(troubled);
  if ((view.message || undefined) !== message) view.message = message;
}

function problemText(folder: PlanFolder): string | undefined {
  if (folder.storeProblem?.code !== 'SCHEMA_TOO_OLD') return folder.problem;
  return vscode.l10n.t(
    'Open for reading: the task store is of an older version. “Migrate Task Store” brings it up to date, after a backup.',
  );
}
