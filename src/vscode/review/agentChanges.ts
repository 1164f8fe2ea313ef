import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { Review } from '../../app/review/review.js';
import type { ReviewView } from '../../app/review/reviewInputs.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { isSelection } from '../commands/target.js';
import { Disposable } from '../lifecycle.js';
import { REVIEW_SCHEME, REVIEW_VIEW, setContext } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import { say } from '../status/say.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import {
  type ActorNode,
  actorItem,
  changeTooltip,
  type ReviewedTaskNode,
  type ReviewNode,
  taskChangeItem,
} from './reviewNodes.js';

/** At most so many tasks are listed. */
const LISTED = 100;
/** Reverting more tasks than this is asked about first. */
const UNASKED = 5;

/** What a document of a comparison is about, as its address says. */
interface Subject {
  readonly folder: string;
  readonly task: string;
  readonly actor: string;
  readonly side: 'before' | 'after';
}

/** The view *Agent changes*: what others changed since the person looked, by actor and task. */
export class AgentChanges extends Disposable implements vscode.TreeDataProvider<ReviewNode> {
  readonly #folders: PlanFolders;
  readonly #offer: Offer;
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly #reviews = new WeakMap<Orchestrator, Review>();
  readonly #view: vscode.TreeView<ReviewNode>;
  #nodes: readonly ActorNode[] = [];
  #shown = '[]';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(folders: PlanFolders, offer: Offer) {
    super();
    this.#folders = folders;
    this.#offer = offer;
    this.#view = this.register(
      vscode.window.createTreeView<ReviewNode>(REVIEW_VIEW, { treeDataProvider: this, showCollapseAll: true }),
    );
  }

  getChildren(node?: ReviewNode): ReviewNode[] {
    if (!node) return [...this.#nodes];
    return node.kind === 'reviewActor' ? [...node.children] : [];
  }

  getParent(node: ReviewNode): ReviewNode | undefined {
    return node.kind === 'reviewTask' ? this.#nodes.find(({ id }) => node.id.startsWith(`${id}/`)) : undefined;
  }

  getTreeItem(node: ReviewNode): vscode.TreeItem {
    return node.kind === 'reviewActor' ? actorItem(node, this.#folders.distinct.length > 1) : taskChangeItem(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: ReviewNode): vscode.TreeItem {
    if (node.kind === 'reviewTask') item.tooltip = changeTooltip(node);
    return item;
  }

  /** Looks again; tells VS Code only where a row is another one or says something else. */
  async refresh(): Promise<void> {
    const lists = this.#folders.distinct.flatMap((folder) =>
      folder.plan ? [{ folder, list: this.#reviewOf(folder.plan).list({ limit: LISTED }) }] : [],
    );
    this.#nodes = lists.flatMap(({ folder, list }) => actorNodes(folder, list));
    const total = lists.reduce((sum, { list }) => sum + list.total, 0);
    const isCut = lists.some(({ list }) => list.truncated);
    const shown = JSON.stringify([
      isCut,
      this.#nodes.map(({ id, children }) => [id, children.map(({ id, view }) => [id, { ...view, at: '' }])]),
    ]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { t } = vscode.l10n;
    const tooltip = total === 1 ? t('1 task changed by others') : t('{0} tasks changed by others', total);
    this.#view.badge = total === 0 ? undefined : { value: total, tooltip };
    this.#view.message = isCut ? t('Only the tasks that were changed last are shown; there are more.') : undefined;
    setContext('toReview', total > 0);
    this.#changed.fire();
  }

  async show(): Promise<void> {
    await this.refresh();
    if (this.#nodes.length === 0) say(vscode.l10n.t('Nobody else changed anything since you looked'));
    else await vscode.commands.executeCommand(`${REVIEW_VIEW}.focus`);
  }

  /** The task without the changes beside the task with them. */
  async openDiff(row: unknown): Promise<void> {
    const node = this.#rowOf(row) ?? (await this.#pick(vscode.l10n.t('Task whose changes to open'), false));
    if (node?.kind !== 'reviewTask') return;
    const { view, actor } = node;
    const title = vscode.l10n.t('{0} {1}: changes by {2}', view.name, view.title, actor);
    await vscode.commands.executeCommand('vscode.diff', sideOf(node, 'before'), sideOf(node, 'after'), title, {
      preview: true,
      preserveFocus: !isSelection(row),
    });
  }

  async accept(row: unknown): Promise<void> {
    const { t } = vscode.l10n;
    const node = this.#rowOf(row) ?? (await this.#pick(t('Changes to accept'), true));
    if (!node) return;
    await this.#review(node).accept({ actor: node.actor, ...taskOf(node), upTo: node.head });
    await this.refresh();
    say(t('Accepted: {0}', nameOf(node)));
  }

  async acceptAll(): Promise<void> {
    const heads = new Map(this.#nodes.map((node) => [node.folder, node.head]));
    for (const [folder, upTo] of heads) if (folder.plan) await this.#reviewOf(folder.plan).accept({ upTo });
    await this.refresh();
    say(vscode.l10n.t('All changes of others are accepted'));
  }

  /** Takes changes back as one change and offers to undo that; asks first where it is about many tasks. */
  async revert(row: unknown): Promise<void> {
    const { t } = vscode.l10n;
    const node = this.#rowOf(row) ?? (await this.#pick(t('Changes to revert'), true));
    if (!node) return;
    const review = this.#review(node);
    const given = { actor: node.actor, ...taskOf(node), upTo: node.head };
    if (node.kind === 'reviewActor' && (node.isCut || node.children.length > UNASKED)) {
      const { reverted } = await review.revert({ ...given, dryRun: true });
      const yes = t('Revert');
      const question = t('Revert the changes of {0} tasks by {1}?', reverted.length, node.actor);
      const detail = t('They are one change, which can be undone.');
      if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
    }
    const { seq } = await review.revert(given);
    await this.refresh();
    const text = t('Reverted: {0}', nameOf(node));
    this.#offer.undo(text, 'taskOrchestrator.history.undo', node.folder.key, seq, text);
  }

  /** One side of a comparison. */
  async textOf(uri: vscode.Uri): Promise<string> {
    const subject = subjectOf(uri);
    if (!subject) return '';
    try {
      const review = this.#reviewOf(await this.#folders.require(subject.folder).load());
      return review.diff(subject).diffs[0]?.[subject.side] ?? '';
    } catch (error) {
      // Accepted or reverted meanwhile: a comparison that a window opens again says so.
      if (error instanceof OrchestratorError) return error.message;
      throw error;
    }
  }

  /** The row that a command was called on, as it is now; for a key binding the selected one. */
  #rowOf(row: unknown): ReviewNode | undefined {
    if (isSelection(row)) return this.#view.selection[0];
    return typeof row === 'object' && row !== null && 'kind' in row && 'actor' in row ? (row as ReviewNode) : undefined;
  }

  async #pick(placeHolder: string, withActors: boolean): Promise<ReviewNode | undefined> {
    const rows = this.#nodes.flatMap((node): ReviewNode[] => [...(withActors ? [node] : []), ...node.children]);
    if (rows.length === 0) {
      say(vscode.l10n.t('Nobody else changed anything since you looked'));
      return undefined;
    }
    const items = rows.map((node) => ({ ...rowWords(node), node }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
    return picked?.node;
  }

  #review({ folder }: ReviewNode): Review {
    const { plan } = this.#folders.require(folder.key);
    if (!plan) throw new OrchestratorError('NOT_FOUND', vscode.l10n.t('The plan of {0} is not open.', folder.name));
    return this.#reviewOf(plan);
  }

  #reviewOf(plan: Orchestrator): Review {
    const known = this.#reviews.get(plan);
    if (known) return known;
    const review = new Review(plan.plan);
    this.#reviews.set(plan, review);
    return review;
  }
}

function actorNodes(folder: PlanFolder, { actors, head, truncated }: ReviewView): ActorNode[] {
  return actors.map(({ actor, tasks }) => {
    const id = JSON.stringify([folder.key, actor]);
    const children = tasks.map((view): ReviewedTaskNode => {
      return { kind: 'reviewTask', id: `${id}/${view.task}`, folder, actor, task: view.task, head, view };
    });
    return { kind: 'reviewActor', id, folder, actor, head, children, isCut: truncated };
  });
}

function rowWords(node: ReviewNode): { label: string; description: string } {
  const { label, description } = node.kind === 'reviewActor' ? actorItem(node, false) : taskChangeItem(node);
  const by = node.kind === 'reviewTask' ? `${node.actor} · ` : '';
  return { label: String(label), description: `${by}${description}` };
}

function taskOf(node: ReviewNode): { task?: string } {
  return node.kind === 'reviewTask' ? { task: node.task } : {};
}

function nameOf(node: ReviewNode): string {
  const { t } = vscode.l10n;
  if (node.kind === 'reviewTask') return t('{0}, changed by {1}', node.view.name, node.actor);
  return node.children.length === 1
    ? t('1 task changed by {0}', node.actor)
    : t('{0} tasks changed by {1}', node.children.length, node.actor);
}

/** The address names the last change, so that what comes later is another document. */
function sideOf({ folder, task, actor, view }: ReviewedTaskNode, side: Subject['side']): vscode.Uri {
  const subject: Subject & { readonly seq: number } = { folder: folder.key, task, actor, side, seq: view.seq };
  return vscode.Uri.from({ scheme: REVIEW_SCHEME, path: `/${view.name}.md`, query: JSON.stringify(subject) });
}

function subjectOf(uri: vscode.Uri): Subject | undefined {
  try {
    const { folder, task, actor, side } = JSON.parse(uri.query) as Partial<Subject>;
    const isWhole = typeof folder === 'string' && typeof task === 'string' && typeof actor === 'string';
    return isWhole && (side === 'before' || side === 'after') ? { folder, task, actor, side } : undefined;
  } catch {
    return undefined;
  }
}
