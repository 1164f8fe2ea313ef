import * as vscode from 'vscode';
import type { Target } from '../commands/target.js';
import { isNode } from '../commands/target.js';
import type { Handlers } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly target: Target;
  readonly offer: Offer;
}

/** A commit of a task, as a row or a link names it. */
interface Named {
  readonly folder: PlanFolder;
  readonly task: string;
  readonly hash: string;
}

/** Commits of tasks. What asks git is loaded when one is called. */
export function commitCommands({ folders, target, offer }: Parts): Handlers {
  const { t } = vscode.l10n;
  return {
    'taskOrchestrator.commit.link': target.onTask(t('Task to link a commit to'), async (plan, { folder, task }) =>
      (await import('./commitActions.js')).linkCommit(plan, folder, task),
    ),
    'taskOrchestrator.commit.unlink': async (...args) => {
      const named = commitOf(args);
      if (named) await (await import('./commitActions.js')).unlinkCommit(named.folder, named.task, named.hash, offer);
    },
    'taskOrchestrator.commit.open': async (...args) => {
      const named = commitOf(args);
      if (named) await (await import('./commitActions.js')).openCommit(named.folder, named.hash);
    },
  };

  function commitOf([first, task, hash]: readonly unknown[]): Named | undefined {
    if (isNode(first) && first.kind === 'commit')
      return { folder: first.folder, task: first.task, hash: first.commit.commit_hash };
    if (typeof first !== 'string' || typeof task !== 'string' || typeof hash !== 'string') return undefined;
    return { folder: folders.require(first), task, hash };
  }
}
