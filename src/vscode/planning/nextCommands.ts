import * as vscode from 'vscode';
import { taskName } from '../../core/model/taskId.js';
import type { CommandId, Handlers } from '../manifest.js';
import { say } from '../status/say.js';
import { stateLook } from '../words.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';
import type { NextTasks, NextUp } from './nextTasks.js';
import { shortReasons } from './reasonWords.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly next: NextTasks;
}

interface Choice extends vscode.QuickPickItem {
  readonly address: TaskAddress;
  readonly name: string;
  readonly title: string;
}

/** `Next Task`: the best ready tasks with the reasons, and what to do with one. */
export function nextCommands({ folders, next }: Parts): Handlers {
  const { t } = vscode.l10n;
  return {
    'taskOrchestrator.next.show': async () => {
      await Promise.all(folders.distinct.map((folder) => folder.plan && folder.load()));
      const choices = await next.refresh();
      const items = next.best.map(itemOf);
      if (items.length === 0) {
        await showObstacles(folders, choices[0]?.ranking.blockers ?? []);
        return;
      }
      const picked = await vscode.window.showQuickPick(items, {
        title: t('Next Task'),
        placeHolder: t('{0} is next. Enter says what can be done with it', items[0]?.name ?? ''),
        matchOnDetail: true,
      });
      if (!picked) return;
      await act(picked);
    },
  };

  function itemOf({ folder, ranked, choice }: NextUp): Choice {
    const { task } = ranked;
    const title = folder.plan?.plan.graph.get(task.id)?.task.title ?? '';
    const look = stateLook('ready');
    return {
      label: `$(${look.icon}) ${taskName(task.number)}  ${title}`,
      description: task.tags.map((tag) => `#${tag}`).join(' '),
      detail: shortReasons(ranked, choice.nameOf).join(' · '),
      address: { folder, task: task.id },
      name: taskName(task.number),
      title,
    };
  }

  async function act({ address: { folder, task }, name, title, detail = '' }: Choice): Promise<void> {
    const actions: (vscode.QuickPickItem & { readonly command: CommandId })[] = [
      { label: `$(play) ${t('Start {0}', name)}`, command: 'taskOrchestrator.task.start' },
      { label: `$(person) ${t('Claim {0}', name)}`, command: 'taskOrchestrator.claim.claim' },
      { label: `$(go-to-file) ${t('Open {0}', name)}`, command: 'taskOrchestrator.task.open' },
      { label: `$(type-hierarchy) ${t('Show {0} in the Graph', name)}`, command: 'taskOrchestrator.graph.show' },
    ];
    const action = await vscode.window.showQuickPick(actions, { title: `${name}  ${title}`, placeHolder: detail });
    if (action) await vscode.commands.executeCommand(action.command, folder.key, task);
  }
}

/** Nothing is ready: what is in the way, that for which most wait first. */
async function showObstacles(
  folders: PlanFolders,
  blockers: readonly { readonly id: string; readonly waiting: number }[],
): Promise<void> {
  const { t } = vscode.l10n;
  const items = blockers.flatMap(({ id, waiting }): Choice[] => {
    const folder = folders.distinct.find((one) => one.plan?.plan.graph.get(id));
    const plan = folder?.plan?.plan;
    const task = plan?.graph.get(id)?.task;
    if (!folder || !plan || !task) return [];
    const look = stateLook(plan.stateOf(id));
    const name = taskName(task.number);
    const detail = waiting === 1 ? t('1 task waits for it') : t('{0} tasks wait for it', waiting);
    return [
      {
        label: `$(${look.icon}) ${name}  ${task.title}`,
        description: look.label,
        detail,
        address: { folder, task: id },
        name,
        title: task.title,
      },
    ];
  });
  if (items.length === 0) {
    say(t('No task is ready'));
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: t('No task is ready'),
    placeHolder: t('This is in the way, that for which most wait first'),
  });
  if (picked) {
    const { folder, task } = picked.address;
    await vscode.commands.executeCommand('taskOrchestrator.task.reveal', folder.key, task);
  }
}
