import * as vscode from 'vscode';
import type { Claim } from '../../core/model/claim.js';
import { OrchestratorError } from '../../core/model/errors.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';

/** Tells the person why a command was refused; where there is a way on, it is a button of the message. */
export function reportRefusal(error: unknown, folders: PlanFolders, problems: Problems): void {
  const { t } = vscode.l10n;
  const held = heldTask(error, folders);
  if (held) {
    problems.offer(error, t('Take Over…'), 'taskOrchestrator.claim.takeOver', held.folder.key, held.task);
  } else if (error instanceof OrchestratorError && error.code === 'SCHEMA_TOO_OLD') {
    problems.offer(error, t('Migrate'), 'taskOrchestrator.store.migrate');
  } else problems.report(error);
}

/** The task that somebody else holds, if that is why. */
function heldTask(error: unknown, folders: PlanFolders): TaskAddress | undefined {
  if (!(error instanceof OrchestratorError) || error.code !== 'LEASE_HELD') return undefined;
  const { task, claim } = error.details as { task?: string; claim?: Claim };
  const folder = folders.all.find((candidate) => task && candidate.plan?.plan.graph.get(task));
  const plan = folder?.plan?.plan;
  if (!folder || !plan || !task || !claim || claim.by === plan.world.actor()) return undefined;
  return { folder, task };
}
