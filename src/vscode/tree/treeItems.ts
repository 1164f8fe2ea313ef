import * as vscode from 'vscode';
import { hasCommits } from '../../app/commits/commitsOf.js';
import type { Orchestrator } from '../../app/orchestrator.js';
import { storedComplexity } from '../../app/planning/complexity/storedComplexity.js';
import { storedEffort } from '../../app/planning/effort/storedEffort.js';
import type { ClaimView, TaskView } from '../../app/tasks/taskView.js';
import { formatPlace } from '../../core/model/fileReference.js';
import type { Priority } from '../../core/model/priority.js';
import type { TaskSummary } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { isOverdue } from '../../core/model/time.js';
import type { WorkState } from '../../core/model/workState.js';
import { escapeMarkdown } from '../escapeMarkdown.js';
import type { Grouping } from '../manifest.js';
import {
  ago,
  claimWords,
  clockTime,
  priorityLabel,
  referenceNote,
  shortDate,
  shortNames,
  stateLook,
  until,
} from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type {
  CommitNode,
  FolderNode,
  GroupNode,
  LinkedTaskNode,
  MoreNode,
  ReferenceNode,
  Section,
  SectionNode,
  TaskNode,
} from './nodes.js';
import { hasRuns } from './runItems.js';

/** So many characters of a hash tell it from others. */
const HASH_SHOWN = 8;

const { TreeItemCollapsibleState: Collapsible } = vscode;

/**
 * A workspace folder. Worktrees of one repository share their plan, but each has files of its own: each has a row, under
 * which references lead to its own files. A second one starts folded and says whose plan it is, so that nobody takes
 * its tasks for others.
 */
export function folderItem(node: FolderNode, twin: PlanFolder | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(node.folder.name, twin ? Collapsible.Collapsed : Collapsible.Expanded);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon('root-folder');
  item.contextValue = 'folder';
  if (twin) item.description = vscode.l10n.t('same plan as {0}', twin.name);
  return item;
}

export function groupItem(node: GroupNode, grouping: Grouping): vscode.TreeItem {
  const label = groupLabel(node.group, grouping);
  const closed = node.group === 'completed' || node.group === 'cancelled';
  const item = new vscode.TreeItem(label, closed ? Collapsible.Collapsed : Collapsible.Expanded);
  item.id = node.id;
  item.description = String(node.tasks.length);
  item.contextValue = 'group';
  item.accessibilityInformation = { label: `${label}, ${taskCount(node.tasks.length)}` };
  return item;
}

export function groupLabel(group: string, grouping: Grouping): string {
  const { t } = vscode.l10n;
  switch (grouping) {
    case 'state':
      return stateLook(group as WorkState).label;
    case 'priority':
      return priorityLabel(group as Priority);
    case 'assignee':
      return group || t('Unassigned');
    case 'tag':
      return group ? `#${group}` : t('Without tags');
    case 'none':
      return t('All tasks in dependency order');
  }
}

/** A task's row: icon by state, `T-14  Title`, a few facts. The tooltip is made when it is looked at. */
export function taskItem(
  node: TaskNode | LinkedTaskNode,
  plan: Orchestrator,
  words: readonly string[],
): vscode.TreeItem {
  const { task } = plan.plan.graph.require(node.task);
  const state = plan.plan.stateOf(task.id);
  const look = stateLook(state);
  const label = `${taskName(task.number)}  ${task.title}`;
  const item = new vscode.TreeItem({ label, highlights: highlights(label, words) });
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color));
  const facts = factsOf(plan, task, state, task.claim && claimWords(task.claim, plan.plan.now()));
  item.description = facts.join(' · ');
  item.accessibilityInformation = { label: [taskName(task.number), task.title, look.label, ...facts].join(', ') };
  if (node.kind === 'linked') {
    item.contextValue = `linked ${node.section}`;
    item.collapsibleState = Collapsible.None;
    item.command = {
      command: 'taskOrchestrator.task.reveal',
      title: vscode.l10n.t('Reveal in Tasks'),
      arguments: [node.folder.key, node.task],
    };
  } else {
    item.contextValue = contextOf(plan, task, state);
    item.collapsibleState = hasParts(plan, task.id) ? Collapsible.Collapsed : Collapsible.None;
  }
  return item;
}

export function sectionItem(node: SectionNode, count: number): vscode.TreeItem {
  const { label, icon } = sectionLook(node.section);
  const item = new vscode.TreeItem(label, Collapsible.Expanded);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.description = String(count);
  item.contextValue = `section ${node.section}`;
  return item;
}

export function referenceItem(node: ReferenceNode): vscode.TreeItem {
  const { reference } = node;
  const place = formatPlace(reference);
  const item = new vscode.TreeItem(place.slice(place.lastIndexOf('/') + 1));
  const note = referenceNote(reference.state, reference.missing);
  const folder = reference.path.includes('/') ? reference.path.slice(0, reference.path.lastIndexOf('/')) : '';
  item.id = node.id;
  item.description = [folder, note, reference.context].filter((part) => part).join(' · ');
  item.tooltip = [place, note].filter((part) => part).join(' · ');
  item.iconPath = reference.missing
    ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
    : new vscode.ThemeIcon('go-to-file');
  item.contextValue = 'reference';
  item.command = {
    command: 'taskOrchestrator.reference.open',
    title: vscode.l10n.t('Open Reference'),
    arguments: [node.folder.key, reference.id],
  };
  item.accessibilityInformation = { label: vscode.l10n.t('Reference {0} {1}', place, note) };
  return item;
}

/** A commit; choosing it shows what it changed. */
export function commitItem(node: CommitNode): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { commit } = node;
  const hash = commit.commit_hash.slice(0, HASH_SHOWN);
  const item = new vscode.TreeItem(commit.commit_message ?? hash);
  const stat = commit.verified
    ? t('{0} files +{1} −{2}', commit.filesChanged ?? 0, commit.insertions ?? 0, commit.deletions ?? 0)
    : t('not verified');
  const facts = [commit.author, commit.committedAt && ago(commit.committedAt), commit.verified ? '' : stat];
  item.id = node.id;
  item.description = [hash, ...facts].filter((part) => part).join(' · ');
  item.tooltip = [commit.commit_message, [commit.commit_hash, stat].join(' · ')].filter((part) => part).join('\n');
  item.iconPath = new vscode.ThemeIcon(commit.verified ? 'git-commit' : 'question');
  item.contextValue = 'commit';
  item.command = {
    command: 'taskOrchestrator.commit.open',
    title: t('Open Commit'),
    arguments: [node.folder.key, node.task, commit.commit_hash],
  };
  item.accessibilityInformation = { label: t('Commit {0} {1}, {2}', hash, commit.commit_message ?? '', stat) };
  return item;
}

export function moreItem(node: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show more ({0} hidden)', node.hidden));
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'taskOrchestrator.tree.showMore', title: vscode.l10n.t('Show More'), arguments: [node] };
  return item;
}

/** A small card: state and why, the description's beginning, references, estimate, last change. */
export function taskTooltip(view: TaskView, plan: Orchestrator): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const look = stateLook(view.state);
  const state = plan.plan.graph.require(view.id).task;
  const why = factsOf(plan, state, view.state).map(escapeMarkdown).join(' · ');
  const card = new vscode.MarkdownString('', true);
  card.appendMarkdown(`**${view.name}  ${escapeMarkdown(view.title)}**\n\n`);
  card.appendMarkdown(`$(${look.icon}) ${look.label}${why ? ` · ${why}` : ''}\n\n`);
  if (view.claim) card.appendMarkdown(`${claimLine(view.claim)}\n\n`);
  if (view.description) {
    const start = view.description.slice(0, 400);
    card.appendMarkdown(`${start}${start.length < view.description.length ? '…' : ''}\n\n`);
  }
  const complexity = storedComplexity(plan.plan, view.id);
  const effort = storedEffort(plan.plan, view.id);
  const facts = [
    referenceCount(view.fileRefs.length),
    view.estimatedHours === undefined ? '' : t('estimated {0} h', view.estimatedHours),
    effort === undefined ? '' : t('likely {0}–{1} h', effort.p50, effort.p80),
    complexity === undefined ? '' : t('complexity {0} of 10', complexity.score ?? ''),
    view.tags.map((tag) => `#${escapeMarkdown(tag)}`).join(' '),
  ].filter((fact) => fact !== '');
  if (facts.length > 0) card.appendMarkdown(`${facts.join(' · ')}\n\n`);
  card.appendMarkdown(t('Changed {0} by {1}', ago(view.updatedAt), escapeMarkdown(view.updatedBy ?? view.createdBy)));
  return card;
}

/** "Claimed by agent-2 12 min ago, until 08:30 (18 min left) · branch feature/x · worktree second · lease 3". */
function claimLine({ by, at, expiresAt, expired, version, branch, worktree }: ClaimView): string {
  const { t } = vscode.l10n;
  const [who, when] = [escapeMarkdown(by), escapeMarkdown(clockTime(expiresAt))];
  return [
    expired
      ? t('Was claimed by {0} until {1}, {2}', who, when, ago(expiresAt))
      : t('Claimed by {0} {1}, until {2} ({3} left)', who, ago(at), when, until(expiresAt)),
    branch === undefined ? '' : t('branch {0}', escapeMarkdown(branch)),
    worktree === undefined ? '' : t('worktree {0}', escapeMarkdown(worktree)),
    t('lease {0}', version),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

export function sectionLook(section: Section): { label: string; icon: string } {
  const { t } = vscode.l10n;
  switch (section) {
    case 'dependsOn':
      return { label: t('Depends on'), icon: 'arrow-left' };
    case 'unblocks':
      return { label: t('Unblocks'), icon: 'arrow-right' };
    case 'subtasks':
      return { label: t('Subtasks'), icon: 'list-tree' };
    case 'code':
      return { label: t('Code'), icon: 'code' };
    case 'commits':
      return { label: t('Commits'), icon: 'git-commit' };
    case 'runs':
      return { label: t('Runs'), icon: 'run-all' };
  }
}

function referenceCount(count: number): string {
  if (count === 0) return '';
  return count === 1 ? vscode.l10n.t('1 code reference') : vscode.l10n.t('{0} code references', count);
}

function taskCount(count: number): string {
  return count === 1 ? vscode.l10n.t('1 task') : vscode.l10n.t('{0} tasks', count);
}

/** What is said of a task beside its title, the most telling first. `who` works on it; by default its assignee. */
function factsOf(plan: Orchestrator, task: TaskSummary, state: WorkState, who = task.assignee): string[] {
  const { t } = vscode.l10n;
  const { graph } = plan.plan;
  const facts: string[] = [];
  switch (state) {
    case 'waiting':
      facts.push(t('waits for {0}', shortNames(graph.blockers(task.id).map((blocker) => blocker.number))));
      break;
    case 'needs_decision': {
      const cancelled = [...graph.require(task.id).dependsOn.keys()].filter((node) => node.task.status === 'cancelled');
      facts.push(t('{0} was cancelled', shortNames(cancelled.map((node) => node.task.number))));
      break;
    }
    case 'blocked':
    case 'cancelled':
      facts.push(task.statusReason ?? t('no reason given'));
      break;
    case 'scheduled':
      facts.push(t('not before {0}', shortDate(task.notBefore ?? task.createdAt)));
      break;
    case 'completed':
      if (task.completedAt) facts.push(ago(task.completedAt));
      break;
    default:
      break;
  }
  if (task.priority !== 'medium' && state !== 'completed' && state !== 'cancelled')
    facts.push(priorityLabel(task.priority).toLowerCase());
  if (who && state !== 'completed') facts.push(who);
  if (state === 'in_progress' && task.startedAt) facts.push(t('started {0}', ago(task.startedAt)));
  if (task.due && state !== 'completed' && state !== 'cancelled') {
    const overdue = isOverdue(task.due, plan.plan.now());
    facts.push(overdue ? t('overdue since {0}', shortDate(task.due)) : t('due {0}', shortDate(task.due)));
  }
  return facts;
}

/** Words that the manifest's `when` clauses look for. */
function contextOf(plan: Orchestrator, task: TaskSummary, state: WorkState): string {
  const node = plan.plan.graph.require(task.id);
  const legal = plan.tasks.legalStatuses(task.id);
  const words = ['task', `is-${state}`, ...legal.map((status) => `can-${status}`)];
  words.push(...plan.claims.legalActions(task.id).map((action) => `claim-${action}`));
  if (node.dependsOn.size > 0) words.push('has-dependencies');
  return words.join(' ');
}

function hasParts(plan: Orchestrator, task: string): boolean {
  const node = plan.plan.graph.require(task);
  if (node.dependsOn.size > 0 || node.dependants.size > 0 || node.subtasks.size > 0) return true;
  return plan.references.count(task) > 0 || hasCommits(plan.plan, task) || hasRuns(plan, task);
}

function highlights(label: string, words: readonly string[]): [number, number][] {
  const text = label.toLowerCase();
  return words.flatMap((word): [number, number][] => {
    const at = text.indexOf(word.toLowerCase());
    return at < 0 || word === '' ? [] : [[at, at + word.length]];
  });
}
