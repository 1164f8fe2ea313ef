import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import type { AskingProgress } from '../../app/planning/expansion/asking.js';
import { Expansion } from '../../app/planning/expansion/expansion.js';
import type { ExpandedTask } from '../../app/planning/expansion/expansionInputs.js';
import type { ModelSource } from '../../app/ports.js';
import { readSettings } from '../../app/settings/settingsFile.js';
import { MODEL_CHOICES, type ModelSettings } from '../../core/settings/settings.js';
import { modelSource } from '../../platform/models/modelSource.js';
import { editorModel } from '../ai/editorModel.js';
import { keptKeys } from '../ai/modelKeys.js';
import { settings } from '../manifest.js';
import { cancellable } from '../status/cancellable.js';
import type { Offer } from '../status/offer.js';
import { say } from '../status/say.js';
import type { TaskTree } from '../tree/taskTree.js';
import type { TaskAddress } from '../workspace/planFolders.js';
import { previewExpansion } from './expansionPreview.js';

interface Parts {
  readonly plan: Orchestrator;
  readonly address: TaskAddress;
  readonly tree: TaskTree;
  readonly offer: Offer;
  readonly secrets: vscode.SecretStorage;
}

/** Asks for a proposal, shows it, and makes what the person leaves ticked: one change, which the status bar takes back. */
export async function expandTask({ plan, address, tree, offer, secrets }: Parts): Promise<void> {
  const { t } = vscode.l10n;
  const expansion = new Expansion(plan.plan, plan.tasks, plan.references, await source(plan, secrets));
  const proposal = await propose(expansion, address.task, plan.tasks.get(address.task).name);
  if (!proposal) return;
  const chosen = await previewExpansion(proposal);
  if (!chosen) {
    say(t('Nothing was changed'));
    return;
  }
  const { task, tasks, seq } = await expansion.accept({ expansion: proposal, ...chosen });
  const what = t('{0} broken down into {1} tasks', task.name, tasks.length);
  offer.undo(what, 'taskOrchestrator.history.undo', address.folder.key, seq, what);
  await tree.reveal(address, { expand: true });
}

/** With a notification that can be cancelled; undefined where it was. */
async function propose(expansion: Expansion, task: string, name: string): Promise<ExpandedTask | undefined> {
  const { t } = vscode.l10n;
  const proposal = await cancellable(t('Breaking {0} down', name), ({ signal, report }) => {
    const onProgress = ({ label, about, characters }: AskingProgress) => {
      const subject = about === undefined ? label : `${label} · ${about}`;
      report({ message: characters === 0 ? subject : t('{0}: {1} characters', subject, characters) });
    };
    return expansion.propose({ task }, { signal, onProgress });
  });
  if (!proposal) say(t('Cancelled; nothing was changed'));
  return proposal;
}

/** The editor's settings where they say something, else those of the project, if its workspace is trusted. */
async function source(plan: Orchestrator, secrets: vscode.SecretStorage): Promise<ModelSource> {
  const own = settings.model();
  const project = vscode.workspace.isTrusted ? (await readSettings(plan.plan.world.folder)).models : undefined;
  const provider = MODEL_CHOICES.find((choice) => choice === own.provider) ?? 'auto';
  const merged: ModelSettings = {
    provider: provider === 'auto' ? (project?.provider ?? 'auto') : provider,
    model: own.model.trim() || (project?.model ?? ''),
    base_url: own.base_url.trim() || (project?.base_url ?? ''),
  };
  return modelSource({ env: process.env, settings: merged, keys: keptKeys(secrets), lent: await editorModel() });
}
