import * as vscode from 'vscode';
import type { Handlers } from '../manifest.js';
import { say } from '../status/say.js';
import type { TaskTree } from '../tree/taskTree.js';
import { ago } from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly tree: TaskTree;
}

/** Commands about deleted tasks. */
export function trashCommands({ folders, tree }: Parts): Handlers {
  const { t } = vscode.l10n;

  const restore = async (folder: PlanFolder, task: string) => {
    const { name } = await (await folder.load()).trash.restore(task);
    say(t('{0} restored', name));
    await tree.reveal({ folder, task });
  };

  /** The trash of a plan; undefined, and said so, where it is empty. */
  const choose = async () => {
    const folder = await folders.choose();
    const plan = await folder?.load();
    if (!folder || !plan) return undefined;
    const tasks = plan.trash.list();
    if (tasks.length > 0) return { folder, plan, tasks };
    say(t('The trash is empty'));
    return undefined;
  };

  return {
    'taskOrchestrator.task.restore': async (key, task) => {
      if (typeof key === 'string' && typeof task === 'string') await restore(folders.require(key), task);
    },
    'taskOrchestrator.trash.restore': async () => {
      const chosen = await choose();
      if (!chosen) return;
      const items = chosen.tasks.map((task) => ({
        label: `${task.name}  ${task.title}`,
        description: t('deleted {0} by {1}', ago(task.deletedAt), task.deletedBy),
        task: task.id,
      }));
      const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Deleted task to restore') });
      if (picked) await restore(chosen.folder, picked.task);
    },
    'taskOrchestrator.trash.empty': async () => {
      const chosen = await choose();
      if (!chosen) return;
      const { length } = chosen.tasks;
      const confirm = t('Empty Trash');
      const answer = await vscode.window.showWarningMessage(
        length === 1
          ? t('Remove the task in the trash for good?')
          : t('Remove the {0} tasks in the trash for good?', length),
        {
          modal: true,
          detail:
            length === 1
              ? t('It can then not be restored with “Restore Deleted Task”.')
              : t('They can then not be restored with “Restore Deleted Task”.'),
        },
        confirm,
      );
      if (answer !== confirm) return;
      // Exactly those that were named: what came since stays.
      const purged = await chosen.plan.trash.purge({ tasks: chosen.tasks.map((task) => task.id) });
      say(purged.length === 1 ? t('1 task removed for good') : t('{0} tasks removed for good', purged.length));
    },
  };
}
