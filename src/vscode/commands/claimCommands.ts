import * as vscode from 'vscode';
import type { ClaimAction } from '../../app/claims/claims.js';
import type { Orchestrator } from '../../app/orchestrator.js';
import type { TaskView } from '../../app/tasks/taskView.js';
import { type Handlers, settings } from '../manifest.js';
import { say } from '../status/say.js';
import type { TaskTree } from '../tree/taskTree.js';
import { clockTime } from '../words.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';
import type { Target } from './target.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly tree: TaskTree;
  readonly target: Target;
  /** Opens a task's first reference, if it has one. */
  readonly openFirstReference: (address: TaskAddress) => Promise<void>;
}

/** Commands about who works on a task, and for how long. */
export function claimCommands({ folders, tree, target, openFirstReference }: Parts): Handlers {
  const { t } = vscode.l10n;
  const may = (action: ClaimAction) => (plan: Orchestrator, task: string) =>
    plan.claims.legalActions(task).includes(action);
  const lasting = () => ({ for: settings.claimDuration() });

  return {
    'taskOrchestrator.claim.claim': target.onTask(
      t('Task to claim'),
      async (plan, { task }) => sayClaimed(await plan.claims.claim({ task, ...lasting() })),
      may('claim'),
    ),
    'taskOrchestrator.claim.renew': target.onTask(
      t('Task whose claim to renew'),
      async (plan, { task }) => sayClaimed(await plan.claims.renew({ task, ...lasting() })),
      may('renew'),
    ),
    'taskOrchestrator.claim.release': target.onTask(
      t('Task whose claim to release'),
      async (plan, { task }) => {
        const { name } = await plan.claims.release({ task });
        say(t('{0} released', name));
      },
      may('release'),
    ),
    'taskOrchestrator.claim.takeOver': target.onTask(
      t('Task to take over'),
      async (plan, { task }) => {
        const { name, claim } = plan.tasks.get(task);
        const reason = await vscode.window.showInputBox({
          title: claim ? t('Take {0} over from {1}', name, claim.by) : t('Take {0} over', name),
          prompt: claim
            ? t(
                'It becomes yours. {0} is told, with the reason if you give one; what it still does under its claim is refused.',
                claim.by,
              )
            : t('Nobody holds it now. It becomes yours.'),
          placeHolder: t('Reason (may be left empty)'),
        });
        if (reason === undefined) return;
        const given = { task, takeOver: true, reason: reason.trim() || undefined, ...lasting() };
        sayClaimed(await plan.claims.claim(given));
      },
      may('take_over'),
    ),
    'taskOrchestrator.claim.next': async () => {
      const folder = await folders.choose();
      const plan = await folder?.load();
      if (!folder || !plan) return;
      if (plan.plan.graph.readyCount(plan.plan.now()) === 0) {
        say(t('No task is ready'));
        return;
      }
      const task = await plan.claims.claim(lasting());
      sayClaimed(task);
      const address = { folder, task: task.id };
      await tree.reveal(address, { focus: true, expand: true });
      await openFirstReference(address);
    },
  };
}

function sayClaimed({ name, claim }: TaskView): void {
  if (claim) say(vscode.l10n.t('{0} is yours until {1}', name, clockTime(claim.expiresAt)));
}
