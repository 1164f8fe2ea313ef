import * as vscode from 'vscode';
import type { PrdInput, PrdReport } from '../../app/planning/prd/prdInputs.js';
import { Prds } from '../../app/planning/prd/prds.js';
import { Disposable } from '../lifecycle.js';
import { PRD_SCHEME, PRD_VIEW, setContext } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import { say } from '../status/say.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import { applies, isChoice, nodesOf, type PrdNode, prdItem } from './prdNodes.js';

/** Edits are gathered for this long before the preview is made anew (ms). */
const PAUSE = 300;
/** As long as somebody has to call off what takes seconds (ms). */
const SEEN = 400;

interface Subject {
  readonly folder: PlanFolder;
  readonly file: vscode.Uri;
  readonly path: string;
  report: PrdReport;
}

/**
 * A document as the tasks that it would make, with what differs from those that are there. It follows the document and
 * the plan until it is applied or discarded.
 */
export class PrdPreview
  extends Disposable
  implements vscode.TreeDataProvider<PrdNode>, vscode.TextDocumentContentProvider
{
  readonly #offer: Offer;
  readonly #changed = this.register(new vscode.EventEmitter<PrdNode | undefined>());
  readonly #documents = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly #view: vscode.TreeView<PrdNode>;
  /** What the person ticked or not, by the keys of the items; else what is in the document is chosen. */
  readonly #choices = new Map<string, boolean>();
  #subject: Subject | undefined;
  #nodes: readonly PrdNode[] = [];
  #timer: NodeJS.Timeout | undefined;
  #following: vscode.Disposable | undefined;

  readonly onDidChangeTreeData = this.#changed.event;
  readonly onDidChange = this.#documents.event;

  constructor(offer: Offer) {
    super();
    this.#offer = offer;
    this.#view = this.register(
      vscode.window.createTreeView<PrdNode>(PRD_VIEW, {
        treeDataProvider: this,
        manageCheckboxStateManually: true,
        showCollapseAll: false,
      }),
    );
    this.register(
      this.#view.onDidChangeCheckboxState(({ items }) => {
        for (const [node, state] of items)
          if (isChoice(node)) this.#choose(node, state === vscode.TreeItemCheckboxState.Checked);
        this.#changed.fire(undefined);
      }),
    );
    this.register(vscode.workspace.registerTextDocumentContentProvider(PRD_SCHEME, this));
    this.register(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.toString() === this.#subject?.file.toString()) this.#refreshSoon();
      }),
    );
    this.register(new vscode.Disposable(() => clearTimeout(this.#timer)));
    this.register(new vscode.Disposable(() => this.#following?.dispose()));
  }

  /** Shows a document's preview beside the tasks, without taking the focus. */
  async open(folder: PlanFolder, file: vscode.Uri): Promise<void> {
    const { t } = vscode.l10n;
    const path = folder.pathOf(file);
    if (path === undefined) return;
    const input = await inputOf(file, path);
    const report = await watched(t('Reading {0}…', path), input, async () => (await this.#prds(folder)).preview(input));
    if (!report) return;
    this.#choices.clear();
    this.#following?.dispose();
    this.#following = folder.onDidChange(() => this.#refreshSoon());
    this.#show({ folder, file, path, report });
    setContext('prdPreview', true);
    await vscode.commands.executeCommand(`${PRD_VIEW}.focus`, { preserveFocus: true });
  }

  /** Applies what is chosen as one change, and offers to take it back. */
  async apply(): Promise<void> {
    const { t } = vscode.l10n;
    // What was typed just now is in what is chosen from.
    if (this.#timer) await this.#refresh();
    const subject = this.#subject;
    if (!subject) return;
    const chosen = this.#chosen();
    const acts = everyNode(this.#nodes).some((node) => isChoice(node) && this.#isChosen(node) && applies(node));
    if (!acts && !subject.report.changes.some(({ moved }) => moved)) {
      say(this.#nodes.some(applies) ? t('Nothing is chosen') : t('There is nothing to apply'));
      return;
    }
    const document = await openDocument(subject);
    if (!document) return;
    // References are found again by the lines on disk.
    if (document.isDirty) await document.save();
    const { folder, file, path } = subject;
    const input = { ...(await inputOf(file, path)), ...chosen };
    const report = await watched(t('Applying {0}…', path), input, async () => (await this.#prds(folder)).apply(input));
    if (!report) return;
    const { added, changed, cancelled } = report.counts;
    const parts = [
      ...(added > 0 ? [t('{0} added', added)] : []),
      ...(changed > 0 ? [t('{0} changed', changed)] : []),
      ...(cancelled > 0 ? [t('{0} cancelled', cancelled)] : []),
    ];
    const text = t('{0}: {1}', path.split('/').at(-1) ?? path, parts.join(', ') || t('references moved'));
    this.close();
    if (report.seq === undefined) say(text);
    else this.#offer.undo(text, 'taskOrchestrator.history.undo', folder.key, report.seq, text);
  }

  /** The document's tasks as they are beside what they would be. */
  async openDiff(): Promise<void> {
    if (!this.#subject) return;
    const { path } = this.#subject;
    const name = path.split('/').at(-1) ?? path;
    await vscode.commands.executeCommand(
      'vscode.diff',
      sideOf('before', path),
      sideOf('after', path),
      vscode.l10n.t('{0}: tasks now ↔ applied', name),
    );
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#following?.dispose();
    this.#following = undefined;
    this.#subject = undefined;
    this.#nodes = [];
    setContext('prdPreview', false);
    this.#changed.fire(undefined);
    void closeComparison();
  }

  getTreeItem(node: PrdNode): vscode.TreeItem {
    const file = this.#subject?.file ?? vscode.Uri.file('/');
    return prdItem(node, file, isChoice(node) && this.#isChosen(node));
  }

  getChildren(node?: PrdNode): PrdNode[] {
    if (!node) return [...this.#nodes];
    return node.kind === 'review' ? [] : [...node.children];
  }

  getParent(node: PrdNode): PrdNode | undefined {
    return node.parent;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const subject = this.#subject;
    if (!subject) return '';
    const input = { ...(await inputOf(subject.file, subject.path)), ...this.#chosen() };
    const { before, after } = (await this.#prds(subject.folder)).compare(input);
    return uri.query === 'before' ? before : after;
  }

  async #prds(folder: PlanFolder): Promise<Prds> {
    const { plan, references } = await folder.load();
    return new Prds(plan, references);
  }

  #refreshSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), PAUSE);
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const subject = this.#subject;
    if (!subject || !(await openDocument(subject))) return;
    const report = (await this.#prds(subject.folder)).preview(await inputOf(subject.file, subject.path));
    if (this.#subject === subject) this.#show({ ...subject, report });
  }

  #show(subject: Subject): void {
    this.#subject = subject;
    this.#nodes = nodesOf(subject.report);
    this.#view.description = subject.path;
    this.#view.message = this.#nodes.some(applies)
      ? subject.report.message
      : `${subject.report.message}${subject.report.prd.tasks.length > 0 ? ` ${vscode.l10n.t('The plan holds all of it.')}` : ''}`;
    this.#changed.fire(undefined);
    for (const side of ['before', 'after'] as const) this.#documents.fire(sideOf(side, subject.path));
  }

  /** Choosing an item chooses what is below it. */
  #choose(node: PrdNode, checked: boolean): void {
    if (isChoice(node)) this.#choices.set(node.change.itemKey, checked);
    if (node.kind === 'task') for (const child of node.children) this.#choose(child, checked);
  }

  #isChosen({ change }: PrdNode & { kind: 'task' }): boolean {
    return this.#choices.get(change.itemKey) ?? change.change !== 'removed';
  }

  #chosen(): { only: string[]; cancelRemoved: boolean } {
    const all = everyNode(this.#nodes).filter(isChoice);
    // What stays as it is is part of it too, so that its references follow the lines.
    const chosen = all.filter(
      (node) => this.#isChosen(node) && (node.change.change !== 'removed' || this.#choices.has(node.change.itemKey)),
    );
    const cancelRemoved = chosen.some(({ change }) => change.change === 'removed');
    return { only: [...new Set(chosen.map(({ change }) => change.itemKey))], cancelRemoved };
  }
}

function everyNode(nodes: readonly PrdNode[]): PrdNode[] {
  return nodes.flatMap((node) => [node, ...(node.kind === 'review' ? [] : everyNode(node.children))]);
}

async function inputOf(file: vscode.Uri, path: string): Promise<PrdInput> {
  return { content: (await vscode.workspace.openTextDocument(file)).getText(), path };
}

/** Undefined, and said, where the file is gone meanwhile: the preview stays, for another look once it is back. */
async function openDocument({ file, path }: Subject): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(file);
  } catch {
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} is not there any more. Nothing was applied.', path));
    return undefined;
  }
}

/** Longer documents take long enough to be told of (characters). */
const LONG = 200_000;

/**
 * Says what is being done where that takes seconds. Cancelling works until the work begins: it is one transaction, which
 * can be undone afterwards. Undefined where it was cancelled.
 */
async function watched<T>(title: string, { content }: PrdInput, work: () => Promise<T>): Promise<T | undefined> {
  if (content.length < LONG) return work();
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (_progress, token) => {
    // Nothing else runs while it works: the notification has to be seen before.
    await new Promise((resolve) => setTimeout(resolve, SEEN));
    return token.isCancellationRequested ? undefined : work();
  });
}

function sideOf(side: 'before' | 'after', path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: PRD_SCHEME, path: `/${path}.txt`, query: side });
}

/** Once the preview is gone, its comparison says nothing that holds. */
async function closeComparison(): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === PRD_SCHEME);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}
