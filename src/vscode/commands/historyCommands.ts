import * as vscode from 'vscode';
import { undoneBy } from '../../app/history/undone.js';
import { NotFoundError } from '../../core/model/errors.js';
import type { HistoryDocuments } from '../history/historyDocuments.js';
import { transactionTitle } from '../history/transactionWords.js';
import type { Handlers } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import { say } from '../status/say.js';
import type { TaskTree } from '../tree/taskTree.js';
import { ago } from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import { isSelection, type Target } from './target.js';

/** How many transactions are offered for undoing. */
const OFFERED = 50;

interface Parts {
  readonly folders: PlanFolders;
  readonly tree: TaskTree;
  readonly target: Target;
  readonly histories: HistoryDocuments;
  readonly offer: Offer;
}

/** Commands about what happened: looking at it, taking it back. */
export function historyCommands({ folders, tree, target, histories, offer }: Parts): Handlers {
  const { t } = vscode.l10n;

  /** Undoes a transaction, by default the person's last one, and offers the way back. `title` says what it had done. */
  const undo = async (folder: PlanFolder, seq?: number, title?: string) => {
    const plan = await folder.load();
    const done = await plan.history.undo({ seq });
    const [first] = done.undone;
    if (!first) return;
    const what = title ?? transactionTitle(first);
    const args = [folder.key, done.seq, what];
    const isRedo = title !== undefined && undoneBy(first.action).length > 0;
    if (isRedo) offer.undo(t('Redone: {0}', what), 'taskOrchestrator.history.undo', ...args);
    else offer.redo(t('Undone: {0}', what), 'taskOrchestrator.history.undo', ...args);
  };

  return {
    'taskOrchestrator.history.undo': async (...args) => {
      const [key, seq, title] = args;
      if (typeof key === 'string' && typeof seq === 'number') {
        await undo(folders.require(key), seq, typeof title === 'string' ? title : undefined);
        return;
      }
      const folder = (isSelection(key) ? tree.selectedFolder : undefined) ?? (await folders.choose());
      try {
        if (folder) await undo(folder);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
        say(t('There is no change of yours to undo'));
      }
    },
    'taskOrchestrator.history.undoTransaction': async () => {
      const folder = await folders.choose();
      const plan = await folder?.load();
      if (!folder || !plan) return;
      const items = plan.history
        .log({ limit: OFFERED })
        .transactions.filter((entry) => entry.undone || plan.history.canUndo(entry))
        .map((entry) => ({
          label: `#${entry.seq}  ${transactionTitle(entry)}`,
          description: [entry.actor, ago(entry.at), entry.undone ? t('undone') : ''].filter((part) => part).join(' · '),
          seq: entry.seq,
        }));
      const picked = await vscode.window.showQuickPick(items, {
        placeHolder: t('Transaction to undo; undoing an undo does it again'),
        matchOnDescription: true,
      });
      if (picked) await undo(folder, picked.seq);
    },
    'taskOrchestrator.history.show': target.onTask(t('Task whose history to show'), (_plan, address) =>
      histories.open(address),
    ),
    'taskOrchestrator.history.showPlan': async () => {
      const folder = await folders.choose();
      if (folder) await histories.openPlan(folder);
    },
  };
}
