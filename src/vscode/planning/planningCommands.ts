import * as vscode from 'vscode';
import { isClosed } from '../../core/model/workState.js';
import type { Target } from '../commands/target.js';
import type { Handlers } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { ForecastDocuments } from './forecastDocuments.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly target: Target;
  readonly forecasts: ForecastDocuments;
  readonly offer: Offer;
}

/** Commands that tell how long work takes, and when it is done. What they need is loaded when one is called. */
export function planningCommands({ folders, target, forecasts, offer }: Parts): Handlers {
  const { t } = vscode.l10n;
  return {
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
