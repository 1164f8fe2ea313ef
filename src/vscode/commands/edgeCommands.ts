import * as vscode from 'vscode';
import { parsePlace } from '../../core/model/fileReference.js';
import { taskName } from '../../core/model/taskId.js';
import type { TrackedDocuments } from '../editor/documents.js';
import { openReference } from '../editor/openReference.js';
import type { GraphPanel } from '../graph/graphPanel.js';
import type { Handlers } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import type { TaskTree } from '../tree/taskTree.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';
import { pickTask, placeLabel, selectedPlace, taskItems } from './pickers.js';
import { messageOf } from './steps.js';
import { isNode, type Target } from './target.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly tree: TaskTree;
  readonly target: Target;
  readonly documents: TrackedDocuments;
  readonly graph: GraphPanel;
  readonly offer: Offer;
}

/** Opens a task's first reference, if it has one. */
export function firstReferenceOpener(documents: TrackedDocuments) {
  return async ({ folder, task }: TaskAddress): Promise<void> => {
    const plan = await folder.load();
    const [reference] = plan.references.of(task);
    if (reference) await openReference(folder, reference.id, documents, relink);
  };
}

/** Commands about dependencies, references and the graph. */
export function edgeCommands({ folders, tree, target, documents, graph, offer }: Parts): Handlers {
  const { t } = vscode.l10n;

  /** Lets one task no longer wait for another, and offers to take that back. */
  const removeDependency = async (folder: PlanFolder, task: string, dependsOn: string) => {
    const plan = await folder.load();
    const { seq } = await plan.dependencies.remove({ task, dependsOn });
    const name = (id: string) => taskName(plan.plan.graph.require(id).task.number);
    const text = t('{0} no longer waits for {1}', name(task), name(dependsOn));
    offer.undo(text, 'taskOrchestrator.history.undo', folder.key, seq, text);
  };

  return {
    'taskOrchestrator.dependency.add': async (...args) => {
      const address = await target.of(args, t('Task that has to wait'));
      if (!address) return;
      const plan = await address.folder.load();
      const items = taskItems(plan, plan.dependencies.candidates(address.task));
      const picked = await vscode.window.showQuickPick(items, {
        placeHolder: t('Depends on: tasks that must be completed first'),
        canPickMany: true,
        matchOnDescription: true,
      });
      for (const { task: dependsOn } of picked ?? []) await plan.dependencies.add({ task: address.task, dependsOn });
    },
    'taskOrchestrator.dependency.remove': async (...args) => {
      const [node] = args;
      if (isNode(node) && node.kind === 'linked') {
        const [task, dependsOn] = node.section === 'unblocks' ? [node.task, node.of] : [node.of, node.task];
        await removeDependency(node.folder, task, dependsOn);
        return;
      }
      const address = await target.of(args, t('Task that should wait for less'));
      if (!address) return;
      const plan = await address.folder.load();
      const dependsOn = await pickTask(plan, plan.tasks.get(address.task).dependsOn, t('Dependency to remove'));
      if (dependsOn !== undefined) await removeDependency(address.folder, address.task, dependsOn);
    },
    'taskOrchestrator.reference.add': async (...args) => {
      const editor = vscode.window.activeTextEditor;
      const folder = editor && folders.of(editor.document.uri);
      const place = folder && selectedPlace(folder);
      if (!folder || !place) {
        void vscode.window.showInformationMessage(t('Select lines in a file of the workspace first.'));
        return;
      }
      const address = target.named(args) ?? (await target.pick(t('Task to link {0} to', placeLabel(place))));
      if (!address) return;
      await (await address.folder.load()).references.add({ task: address.task, place });
      await tree.reveal(address, { expand: true });
    },
    'taskOrchestrator.reference.open': async (...args) => {
      const reference = referenceOf(args);
      if (reference) await openReference(reference.folder, reference.id, documents, relink);
    },
    'taskOrchestrator.reference.relink': async (...args) => {
      const reference = referenceOf(args);
      if (reference) await relink(reference.folder, reference.id);
    },
    'taskOrchestrator.reference.remove': async (...args) => {
      const reference = referenceOf(args);
      if (!reference) return;
      const plan = await reference.folder.load();
      const { task } = plan.references.get(reference.id);
      const removed = await plan.references.remove({ task, reference: reference.id });
      const text = t('{0} no longer refers to {1}', plan.tasks.get(task).name, placeLabel(removed));
      offer.undo(text, 'taskOrchestrator.history.undo', reference.folder.key, removed.seq, text);
    },
    'taskOrchestrator.graph.show': (...args) => graph.show(target.named(args)),
  };

  function referenceOf([first, second]: readonly unknown[]): { folder: PlanFolder; id: string } | undefined {
    if (isNode(first) && first.kind === 'reference') return { folder: first.folder, id: first.reference.id };
    if (typeof first !== 'string' || typeof second !== 'string') return undefined;
    return { folder: folders.require(first), id: second };
  }
}

/** Asks where a reference should point, the editor's selection proposed. */
async function relink(folder: PlanFolder, id: string): Promise<void> {
  const plan = await folder.load();
  const reference = plan.references.get(id);
  const selected = selectedPlace(folder);
  const place = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('Where is {0} now? path, path:line or path:line:end', placeLabel(reference)),
    value: placeLabel(selected ?? reference),
    ignoreFocusOut: true,
    validateInput: (text) => messageOf(parsePlace, text),
  });
  if (place !== undefined) await plan.references.relink(id, place);
}
