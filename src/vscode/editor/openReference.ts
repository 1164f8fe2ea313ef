import * as vscode from 'vscode';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { TrackedDocuments } from './documents.js';

/**
 * Opens the file that a reference names with its lines selected. Where the file or the lines are gone it says so and
 * offers to relink.
 */
export async function openReference(
  folder: PlanFolder,
  id: string,
  documents: TrackedDocuments,
  relink: (folder: PlanFolder, reference: string) => Promise<void>,
): Promise<void> {
  const { t } = vscode.l10n;
  const plan = await folder.load();
  const stored = plan.references.get(id);
  const offer = async (message: string) => {
    const title = t('Relink…');
    if ((await vscode.window.showWarningMessage(message, title)) === title) await relink(folder, id);
  };
  let document: vscode.TextDocument;
  try {
    const file = folder.uriOf(stored.path);
    // The text of a deleted file outlives it in VS Code for some minutes.
    await vscode.workspace.fs.stat(file);
    document = await vscode.workspace.openTextDocument(file);
  } catch {
    await offer(t('{0} is not there.', stored.path));
    return;
  }
  if (stored.line === undefined) {
    await vscode.window.showTextDocument(document);
    return;
  }
  const live = documents.get(document)?.references.find((reference) => reference.stored.id === id);
  if (!live) {
    await vscode.window.showTextDocument(document);
    await offer(t('Line {0} of {1} is not there any more.', stored.line, stored.path));
    return;
  }
  const selection = new vscode.Range(live.line - 1, 0, live.endLine - 1, document.lineAt(live.endLine - 1).text.length);
  const editor = await vscode.window.showTextDocument(document, { selection });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
