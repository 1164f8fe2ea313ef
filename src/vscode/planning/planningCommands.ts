import * as vscode from 'vscode';
import { isClosed } from '../../core/model/workState.js';
import type { Target } from '../commands/target.js';
import type { Handlers } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import type { TaskTree } from '../tree/taskTree.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import { ComplexityDocuments } from './complexityDocuments.js';
import { expansionCommands } from './expansionCommands.js';
import { ForecastDocuments } from './forecastDocuments.js';
import { nextCommands } from './nextCommands.js';
import type { NextTasks } from './nextTasks.js';
import { PrdCommands } from './prdCommands.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly tree: TaskTree;
  readonly target: Target;
  readonly next: NextTasks;
  readonly offer: Offer;
  readonly secrets: vscode.SecretStorage;
  /** Keeps a part until the extension goes. */
  readonly own: <T extends vscode.Disposable>(part: T) => T;
}

/** Commands that plan: from documents, by complexity, effort and what is next. What they need is loaded when one is called. */
export function planningCommands({ folders, tree, target, next, offer, secrets, own }: Parts): Handlers {
  const { t } = vscode.l10n;
  const complexities = own(new ComplexityDocuments(folders));
  const forecasts = own(new ForecastDocuments(folders));
  const documents = own(new PrdCommands(folders, offer));
  return {
    ...nextCommands({ folders, next }),
    ...documents.handlers,
    ...expansionCommands({ tree, target, offer, secrets }),
    'taskOrchestrator.task.analyseComplexity': target.onTask(t('Task whose complexity to analyse'), (_plan, address) =>
      complexities.analyse(address),
    ),
    'taskOrchestrator.task.estimateEffort': target.onTask(
      t('Task to estimate'),
      async (plan, address) => (await import('./estimateEffort.js')).estimateEffort(plan, address, offer),
      (plan, task) => !isClosed(plan.plan.stateOf(task)),
    ),
    'taskOrchestrator.forecast.show': async (...args) => {
      const named = target.named(args);
      const folder = named?.folder ?? (await folders.choose());
      if (folder) await forecasts.ask(folder, named?.task);
    },
  };
}
