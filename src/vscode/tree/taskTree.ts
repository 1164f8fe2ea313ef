import * as vscode from 'vscode';
import { parseQuery } from '../../core/query/query.js';
import { Disposable } from '../lifecycle.js';
import { type Grouping, setContext, TASKS_VIEW } from '../manifest.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders, PlanFoldersChange, TaskAddress } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';
import { arrange } from './grouping.js';
import { type FolderNode, type GroupNode, SECTIONS, type SectionNode, type TaskNode, type TreeNode } from './nodes.js';
import { runItem } from './runItems.js';
import { sectionParts } from './sectionParts.js';
import { describeTree } from './treeHeader.js';
import {
  commitItem,
  folderItem,
  groupItem,
  moreItem,
  referenceItem,
  sectionItem,
  taskItem,
  taskTooltip,
} from './treeItems.js';

/** How many tasks of a group are shown at first and with each "Show more": long levels are slow in VS Code. */
const PAGE = 200;
/** Changes are gathered for this long before the tree is told (ms); an agent's script makes many in a row. */
const PAUSE = 40;
/** How often a row is asked for that VS Code does not know yet. */
const REVEAL_ATTEMPTS = 5;
const GROUPING_MEMENTO = 'taskOrchestrator.tree.grouping';

/**
 * The sidebar's tree. It keeps one object a row; on a change it tells VS Code of exactly the rows that look different,
 * and of a group only when its members or their order changed.
 */
export class TaskTree extends Disposable implements vscode.TreeDataProvider<TreeNode> {
  readonly #folders: PlanFolders;
  readonly #problems: Problems;
  readonly #memory: vscode.Memento;
  readonly #changed = this.register(new vscode.EventEmitter<TreeNode[] | undefined>());
  readonly #nodes = new Map<string, TreeNode>();
  readonly #groups = new Map<PlanFolder, GroupNode[]>();
  readonly #pages = new Map<string, number>();
  readonly #view: vscode.TreeView<TreeNode>;
  readonly #dirty = new Map<PlanFolder, { structure: boolean; tasks: Set<string> }>();
  #timer: NodeJS.Timeout | undefined;
  #grouping: Grouping;
  #filter = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(folders: PlanFolders, problems: Problems, memory: vscode.Memento) {
    super();
    this.#folders = folders;
    this.#problems = problems;
    this.#memory = memory;
    this.#grouping = memory.get<Grouping>(GROUPING_MEMENTO, 'state');
    this.#view = this.register(
      vscode.window.createTreeView<TreeNode>(TASKS_VIEW, { treeDataProvider: this, showCollapseAll: true }),
    );
    this.register(folders.onDidChange((change) => this.#note(change)));
    this.register(new vscode.Disposable(() => clearTimeout(this.#timer)));
    // "12 min ago", not-before times and overdue dates move on by themselves.
    const clock = setInterval(() => this.#view.visible && this.#refreshAll(), 60_000);
    this.register(new vscode.Disposable(() => clearInterval(clock)));
    this.#describe();
  }

  get grouping(): Grouping {
    return this.#grouping;
  }

  get filter(): string {
    return this.#filter;
  }

  /** The task of the selected row. */
  get selected(): TaskAddress | undefined {
    const [node] = this.#view.selection;
    return node && taskOf(node);
  }

  /** The plan that the selected row belongs to. */
  get selectedFolder(): PlanFolder | undefined {
    return this.#view.selection[0]?.folder;
  }

  get onDidChangeSelection(): vscode.Event<unknown> {
    return this.#view.onDidChangeSelection;
  }

  async setGrouping(grouping: Grouping): Promise<void> {
    this.#grouping = grouping;
    await this.#memory.update(GROUPING_MEMENTO, grouping);
    this.#startOver();
  }

  /** Shows only what a query admits; empty shows all. Throws INVALID_INPUT for a query that cannot be read. */
  setFilter(query: string): void {
    parseQuery(query);
    this.#filter = query.trim();
    setContext('filtered', this.#filter !== '');
    this.#startOver();
  }

  showMore(group: GroupNode): void {
    this.#pages.set(group.id, (this.#pages.get(group.id) ?? PAGE) + PAGE);
    this.#changed.fire([group]);
  }

  /** Selects a task's row. Nothing happens where the filter hides it. */
  async reveal(address: TaskAddress, options: { focus?: boolean; expand?: boolean } = {}): Promise<void> {
    await address.folder.load();
    if (!this.#view.visible) {
      await vscode.commands.executeCommand(`${TASKS_VIEW}.focus`, { preserveFocus: !options.focus });
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#select(address, options);
        return;
      } catch (error) {
        // VS Code refuses while it draws a change of the tree, such as the first one after a store was opened.
        if (attempt === REVEAL_ATTEMPTS) {
          this.#problems.log(error);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE * attempt));
      }
    }
  }

  async #select({ folder, task }: TaskAddress, options: { focus?: boolean; expand?: boolean }): Promise<void> {
    this.#flush();
    const group = this.#groupsOf(folder).find((candidate) => candidate.tasks.includes(task));
    if (!group) return;
    const index = group.tasks.indexOf(task);
    if (index >= (this.#pages.get(group.id) ?? PAGE)) {
      this.#pages.set(group.id, Math.ceil((index + 1) / PAGE) * PAGE);
      this.#changed.fire([group]);
    }
    await this.#view.reveal(this.#taskNode(folder, group, task), { select: true, ...options });
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'folder':
        return folderItem(node, this.#folders.twinOf(node.folder));
      case 'group':
        return groupItem(node, this.#grouping);
      case 'section':
        return sectionItem(node, this.#partsOf(node).length);
      case 'reference':
        return referenceItem(node);
      case 'commit':
        return commitItem(node);
      case 'run':
        return runItem(node);
      case 'more':
        return moreItem(node);
      case 'task':
      case 'linked': {
        const plan = node.folder.plan;
        if (!plan?.plan.graph.get(node.task)) return new vscode.TreeItem(vscode.l10n.t('Deleted'));
        return taskItem(node, plan, this.#filterWords());
      }
    }
  }

  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    const plan = node.folder.plan;
    if ((node.kind === 'task' || node.kind === 'linked') && plan?.plan.graph.get(node.task)) {
      item.tooltip = taskTooltip(plan.tasks.get(node.task), plan);
    }
    return item;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) return this.#roots();
    switch (node.kind) {
      case 'folder':
        await node.folder.load();
        return this.#groupsOf(node.folder);
      case 'group':
        return this.#pageOf(node);
      case 'task':
        return this.#sectionsOf(node);
      case 'section':
        return this.#partsOf(node);
      default:
        return [];
    }
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  async #roots(): Promise<TreeNode[]> {
    const shown = this.#folders.all.filter((folder) => folder.plan || folder.isLoading);
    await Promise.all(shown.map((folder) => folder.load().catch(() => undefined)));
    this.#describe();
    const withTasks = shown.filter((folder) => (folder.plan?.plan.graph.size ?? 0) > 0);
    if (this.#folders.all.length > 1 && withTasks.length > 0) {
      return withTasks.map((folder) => this.#folderNode(folder));
    }
    return withTasks.flatMap((folder) => this.#groupsOf(folder));
  }

  #groupsOf(folder: PlanFolder): GroupNode[] {
    const known = this.#groups.get(folder);
    if (known) return known;
    const groups = this.#arrange(folder).map(({ group, tasks }) => {
      const id = `${folder.key}/${this.#grouping}/${group}`;
      const node = this.#keep<GroupNode>({
        kind: 'group',
        id,
        folder,
        group,
        tasks,
        parent: this.#folders.all.length > 1 ? this.#folderNode(folder) : undefined,
      });
      node.tasks = tasks;
      return node;
    });
    this.#groups.set(folder, groups);
    return groups;
  }

  #arrange(folder: PlanFolder) {
    const plan = folder.plan;
    if (!plan) return [];
    return arrange(plan.plan.graph, plan.tasks.select(this.#filter), this.#grouping, plan.plan.now());
  }

  #pageOf(group: GroupNode): TreeNode[] {
    const shown = this.#pages.get(group.id) ?? PAGE;
    const nodes: TreeNode[] = group.tasks.slice(0, shown).map((task) => this.#taskNode(group.folder, group, task));
    const hidden = group.tasks.length - shown;
    if (hidden > 0)
      nodes.push({ kind: 'more', id: `${group.id}/more/${shown}`, folder: group.folder, parent: group, hidden });
    return nodes;
  }

  #folderNode(folder: PlanFolder): FolderNode {
    return this.#keep({ kind: 'folder', id: folder.key, folder, parent: undefined });
  }

  #taskNode(folder: PlanFolder, group: GroupNode, task: string): TaskNode {
    return this.#keep({ kind: 'task', id: this.#taskId(group, task), folder, parent: group, task });
  }

  /** The same in whatever group the task is, so that a row keeps its identity when it moves; a task has several tags. */
  #taskId(group: GroupNode, task: string): string {
    return this.#grouping === 'tag' ? `${group.id}/${task}` : `${group.folder.key}/${this.#grouping}//${task}`;
  }

  #sectionsOf(node: TaskNode): SectionNode[] {
    return SECTIONS.map((section) =>
      this.#keep<SectionNode>({
        kind: 'section',
        id: `${node.id}/${section}`,
        folder: node.folder,
        parent: node,
        task: node.task,
        section,
      }),
    ).filter((section) => this.#partsOf(section).length > 0);
  }

  /** What is known of a row is renewed; the row stays the one that VS Code knows. */
  #partsOf(node: SectionNode): TreeNode[] {
    return sectionParts(node).map((part) => Object.assign(this.#keep(part), part));
  }

  /** The row with this id: the one that VS Code knows, if it does. */
  #keep<T extends TreeNode>(node: T): T {
    const known = this.#nodes.get(node.id);
    if (known && known.kind === node.kind && known.folder === node.folder && known.parent === node.parent)
      return known as T;
    this.#nodes.set(node.id, node);
    return node;
  }

  #note({ folder, change }: PlanFoldersChange): void {
    if (!folder || !change) {
      this.#startOver();
      return;
    }
    const dirty = this.#dirty.get(folder) ?? { structure: false, tasks: new Set() };
    dirty.structure ||= change.structure;
    for (const task of change.tasks) dirty.tasks.add(task);
    this.#dirty.set(folder, dirty);
    this.#timer ??= setTimeout(() => this.#flush(), PAUSE);
  }

  /** Tells VS Code of the rows that the gathered changes touch. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows: TreeNode[] = [];
    for (const [folder, { structure, tasks }] of this.#dirty) {
      const restructured = structure || this.#filter !== '' ? this.#regroup(folder) : [];
      if (restructured === undefined) {
        this.#dirty.clear();
        this.#startOver();
        return;
      }
      rows.push(...restructured);
      const covered = new Set(restructured);
      for (const group of this.#groups.get(folder) ?? []) {
        if (covered.has(group)) continue;
        for (const task of tasks) {
          const row = this.#nodes.get(this.#taskId(group, task));
          if (row && group.tasks.includes(task)) rows.push(row);
        }
      }
    }
    this.#dirty.clear();
    if (rows.length > 0) this.#changed.fire(rows);
    this.#describe();
  }

  /** The groups whose members changed; undefined when the groups themselves did. */
  #regroup(folder: PlanFolder): GroupNode[] | undefined {
    const before = this.#groups.get(folder);
    const arranged = this.#arrange(folder);
    if (!before || before.length !== arranged.length) return undefined;
    if (before.some((node, index) => node.group !== arranged[index]?.group)) return undefined;
    return before.filter((node, index) => {
      const tasks = arranged[index]?.tasks ?? [];
      const same = tasks.length === node.tasks.length && tasks.every((task, at) => task === node.tasks[at]);
      node.tasks = tasks;
      return !same;
    });
  }

  #startOver(): void {
    this.#groups.clear();
    this.#changed.fire(undefined);
    this.#describe();
  }

  #refreshAll(): void {
    for (const folder of this.#groups.keys()) {
      const tasks = new Set([...(this.#groups.get(folder) ?? [])].flatMap((group) => group.tasks.slice(0, PAGE)));
      this.#note({ folder, change: { structure: true, tasks, files: new Set() } });
    }
  }

  #describe(): void {
    describeTree(this.#view, this.#folders, this.#filter);
  }

  #filterWords(): readonly string[] {
    if (this.#filter === '') return [];
    return parseQuery(this.#filter)
      .terms.filter((term) => term.key === 'text' && !term.negated)
      .flatMap((term) => term.values);
  }
}

/** The task that a row is about. */
export function taskOf(node: TreeNode): TaskAddress | undefined {
  return 'task' in node ? { folder: node.folder, task: node.task } : undefined;
}
