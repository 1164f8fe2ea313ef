import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { Effort } from '../../app/planning/effort/effort.js';
import { isClosed } from '../../core/model/workState.js';
import type { Offer } from '../status/offer.js';
import type { TaskAddress } from '../workspace/planFolders.js';

/** Estimates a task and tells the hours and how much is known; offers to set them. */
export async function estimateEffort(plan: Orchestrator, { folder, task }: TaskAddress, offer: Offer): Promise<void> {
  const { t } = vscode.l10n;
  const effort = new Effort(plan.plan, plan.tasks);
  const view = await effort.estimate({ task });
  const { name } = view.task;
  const { n } = view.basis;
  const known = n === 1 ? t('Learnt from 1 finished task.') : t('Learnt from {0} finished tasks.', n);
  const set = t('Set as Estimate');
  const answer = await vscode.window.showInformationMessage(
    `${t('{0} likely takes {1} h, and with a probability of 80 % at most {2} h.', name, view.p50, view.p80)} ${known}`,
    ...(isClosed(plan.plan.stateOf(task)) ? [] : [set]),
  );
  if (answer !== set) return;
  const { estimatedHours } = await effort.estimate({ task, apply: true });
  const text = t('{0} estimated at {1} h', name, estimatedHours);
  offer.undo(text, 'taskOrchestrator.history.undo', folder.key, plan.plan.store.head, text);
}
