import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { NotFoundError } from '../../core/model/errors.js';
import { parseTaskAddress } from '../../core/model/taskId.js';
import type { PlanFolders } from '../workspace/planFolders.js';

const AUTHORITY = 'task-orchestrator.task-orchestrator';
const PATH = /^\/task\/([^/]{1,20})\/?$/;

/** The address that shows a task in this editor, given its id, or `T-12`. */
export function taskUri(task: string): string {
  return `${vscode.env.uriScheme}://${AUTHORITY}/task/${task}`;
}

/**
 * Shows the task that an address names. Anybody can make such an address, a web page too: it shows, and never changes
 * anything. Throws NOT_FOUND where it names no task of this window.
 */
export async function showTaskOf(uri: vscode.Uri, folders: PlanFolders): Promise<void> {
  const name = PATH.exec(uri.path)?.[1];
  const address = name === undefined ? undefined : parseTaskAddress(name);
  if (name === undefined || !address)
    throw new NotFoundError(vscode.l10n.t('This link names no task: {0}', uri.path.slice(0, 100)), { path: uri.path });
  for (const folder of folders.distinct) {
    const plan = folder.isLoading ? await folder.load().catch(() => undefined) : folder.plan;
    const task = plan && find(plan, name);
    if (task === undefined) continue;
    await vscode.commands.executeCommand('taskOrchestrator.task.reveal', folder.key, task);
    return;
  }
  throw new NotFoundError(vscode.l10n.t('There is no task {0} in this window.', name), { task: name });
}

function find({ tasks }: Orchestrator, name: string): string | undefined {
  try {
    return tasks.resolve(name);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
