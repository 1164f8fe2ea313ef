import * as vscode from 'vscode';
import type { Target } from '../commands/target.js';
import type { Handlers } from '../manifest.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import { CodeDrafts } from './codeDrafts.js';
import { RunDocuments } from './runDocuments.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly target: Target;
  readonly extensionUri: vscode.Uri;
  /** Keeps a part until the extension goes. */
  readonly own: <T extends vscode.Disposable>(part: T) => T;
}

/** Running code for tasks, and looking at past runs. What runs it is loaded when it is asked for. */
export function executionCommands({ folders, target, extensionUri, own }: Parts): Handlers {
  const { t } = vscode.l10n;
  const drafts = own(new CodeDrafts());
  const documents = own(new RunDocuments(folders));
  const product = vscode.Uri.joinPath(extensionUri, 'dist').fsPath;
  return {
    'taskOrchestrator.task.runCode': target.onTask(t('Task to run code for'), async (plan, address) =>
      (await import('./runCode.js')).runCode({ plan, address, drafts, product }),
    ),
    'taskOrchestrator.run.draft': async () => {
      const draft = drafts.active;
      if (!draft) return;
      const plan = await draft.address.folder.load();
      await (await import('./runCode.js')).runCode({ plan, address: draft.address, drafts, product });
    },
    'taskOrchestrator.run.show': (folder, run) => documents.show(String(folder), String(run)),
  };
}
