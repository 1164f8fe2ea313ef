import * as vscode from 'vscode';
import { isClosed, type WorkState } from '../../core/model/workState.js';
import type { Target } from '../commands/target.js';
import type { Handlers } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import type { TaskTree } from '../tree/taskTree.js';

interface Parts {
  readonly tree: TaskTree;
  readonly target: Target;
  readonly offer: Offer;
  readonly secrets: vscode.SecretStorage;
}

/** Breaking tasks down, and the keys of models. What does it is loaded when it is asked for. */
export function expansionCommands({ tree, target, offer, secrets }: Parts): Handlers {
  return {
    'taskOrchestrator.task.expand': target.onTask(
      vscode.l10n.t('Task to break down'),
      async (plan, address) => (await import('./expandTask.js')).expandTask({ plan, address, tree, offer, secrets }),
      (plan, task) => !isClosed(plan.plan.graph.require(task).task.status as WorkState),
    ),
    'taskOrchestrator.model.setKey': async () => (await import('../ai/modelKeys.js')).setKey(secrets),
    'taskOrchestrator.model.removeKey': async () => (await import('../ai/modelKeys.js')).removeKey(secrets),
  };
}
