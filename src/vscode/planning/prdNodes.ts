import * as vscode from 'vscode';
import type { PrdReport, PrdTaskChange } from '../../app/planning/prd/prdInputs.js';
import { addTo } from '../../core/planning/prd/addTo.js';

/** Rows of the preview. */
export type PrdNode =
  | {
      readonly kind: 'task';
      readonly id: string;
      readonly change: PrdTaskChange;
      readonly children: readonly PrdNode[];
      readonly parent: PrdNode | undefined;
    }
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly label: string;
      readonly collapsed: boolean;
      children: readonly PrdNode[];
      readonly parent: undefined;
    }
  | {
      readonly kind: 'review';
      readonly id: string;
      readonly label: string;
      readonly reason: string;
      readonly line: number;
      readonly endLine: number;
      readonly parent: PrdNode;
    };

/** Rows that apply nothing: hidden behind a group where others apply something. */
const QUIET: ReadonlySet<PrdTaskChange['change']> = new Set(['unchanged', 'editedHere', 'deletedHere']);

/** The report as a tree: what changes first, then what has gone, what needs a look, and what stays. */
export function nodesOf({ prd, changes }: PrdReport): PrdNode[] {
  const { t } = vscode.l10n;
  const keys = new Set(changes.map(({ key }) => key));
  const below = new Map<string | undefined, PrdTaskChange[]>();
  for (const change of changes) {
    const parent = change.parentKey !== undefined && keys.has(change.parentKey) ? change.parentKey : undefined;
    addTo(below, parent, change);
  }
  const isQuiet = (change: PrdTaskChange): boolean =>
    QUIET.has(change.change) && change.conflicts.length === 0 && (below.get(change.key) ?? []).every(isQuiet);
  const node = (change: PrdTaskChange, parent: PrdNode | undefined): PrdNode => {
    const made = { kind: 'task', id: change.key, change, parent, children: [] as PrdNode[] } as const;
    made.children.push(...(below.get(change.key) ?? []).map((child) => node(child, made)));
    return made;
  };
  const tops = below.get(undefined) ?? [];
  const group = (id: string, label: string, members: readonly PrdTaskChange[], collapsed: boolean): PrdNode[] => {
    if (members.length === 0) return [];
    return [
      {
        kind: 'group',
        id,
        label,
        collapsed,
        parent: undefined,
        children: members.map((change) => node(change, undefined)),
      },
    ];
  };
  const isGone = ({ change }: PrdTaskChange) => change === 'removed';
  const gone = tops.filter(isGone);
  const quiet = tops.filter((change) => !isGone(change) && isQuiet(change));
  const active = tops.filter((change) => !isGone(change) && !isQuiet(change));
  return [
    ...active.map((change) => node(change, undefined)),
    ...group('group:removed', t('No longer in the document'), gone, false),
    ...reviewNodes(
      t('Needs review'),
      'review',
      prd.needsReview.map((one) => ({ ...one, label: one.title })),
    ),
    ...reviewNodes(
      t('Dependencies that were not found'),
      'unresolved',
      prd.unresolvedDependencies.map((one) => ({ ...one, label: one.text })),
    ),
    ...group('group:unchanged', t('Unchanged ({0})', quiet.length), quiet, true),
  ];
}

function reviewNodes(
  label: string,
  id: string,
  entries: readonly { label: string; reason: string; line: number; endLine: number }[],
): PrdNode[] {
  if (entries.length === 0) return [];
  const parent: PrdNode & { kind: 'group' } = {
    kind: 'group',
    id: `group:${id}`,
    label,
    collapsed: false,
    parent: undefined,
    children: [],
  };
  parent.children = entries.map((entry, at) => ({ kind: 'review', id: `${id}:${at}`, parent, ...pick(entry) }));
  return [parent];
}

function pick({ label, reason, line, endLine }: { label: string; reason: string; line: number; endLine: number }) {
  return { label, reason, line, endLine };
}

/** Whether a row stands for a feature or requirement that can be chosen. */
export function isChoice(node: PrdNode): node is PrdNode & { kind: 'task' } {
  return node.kind === 'task' && (node.change.role === 'feature' || node.change.role === 'requirement');
}

/** True where applying a row, or one below it, does something. */
export function applies(node: PrdNode): boolean {
  if (node.kind !== 'task') return false;
  return ['added', 'changed', 'removed'].includes(node.change.change) || node.children.some(applies);
}

const ICONS: Readonly<Record<PrdTaskChange['change'], readonly [icon: string, colour?: string]>> = {
  added: ['diff-added', 'gitDecoration.addedResourceForeground'],
  changed: ['diff-modified', 'gitDecoration.modifiedResourceForeground'],
  removed: ['diff-removed', 'gitDecoration.deletedResourceForeground'],
  cancelled: ['circle-slash'],
  editedHere: ['person'],
  unchanged: ['pass'],
  deletedHere: ['trash'],
};

export function prdItem(node: PrdNode, file: vscode.Uri, checked: boolean): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  if (node.kind === 'group') {
    const item = new vscode.TreeItem(node.label, node.collapsed ? Collapsed : Expanded);
    item.id = node.id;
    return item;
  }
  if (node.kind === 'review') {
    const item = new vscode.TreeItem(node.label, None);
    item.id = node.id;
    item.iconPath = new vscode.ThemeIcon('question', new vscode.ThemeColor('charts.orange'));
    item.description = vscode.l10n.t('line {0}', node.line);
    item.tooltip = `${node.label}\n${node.reason}`;
    item.command = openLines(file, node.line, node.endLine);
    return item;
  }
  const { change } = node;
  const state =
    node.children.length === 0 ? None : change.change === 'removed' || QUIET.has(change.change) ? Collapsed : Expanded;
  const item = new vscode.TreeItem(change.name ? `${change.name}  ${change.title}` : change.title, state);
  const [icon, colour] = ICONS[change.change];
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  const words =
    node.children.some(applies) && change.change === 'unchanged' ? [vscode.l10n.t('changes below')] : wordsOf(change);
  item.description = words.join(' · ');
  item.tooltip = [change.title, ...words].join('\n');
  item.accessibilityInformation = { label: [item.label, ...words].join(', ') };
  if (isChoice(node) && applies(node)) {
    const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
    item.checkboxState = {
      state: checked ? Checked : Unchecked,
      tooltip: change.change === 'removed' ? vscode.l10n.t('Cancel its tasks') : vscode.l10n.t('Apply it'),
    };
  }
  if (change.line !== undefined) item.command = openLines(file, change.line, change.endLine ?? change.line);
  return item;
}

/** What becomes of a task, in words. */
function wordsOf({ change, fields, editedHere, conflicts, renamedFrom }: PrdTaskChange): string[] {
  const { t } = vscode.l10n;
  const states: Readonly<Record<PrdTaskChange['change'], string>> = {
    added: t('new'),
    changed: fields.join(', '),
    removed: t('stays; check to cancel'),
    cancelled: t('cancelled'),
    editedHere: '',
    unchanged: t('unchanged'),
    deletedHere: t('deleted here'),
  };
  return [
    states[change],
    renamedFrom === undefined ? '' : t('was “{0}”', renamedFrom),
    conflicts.length > 0 ? t('changed here too, kept: {0}', conflicts.join(', ')) : '',
    editedHere.length > 0 ? t('edited here: {0}', editedHere.join(', ')) : '',
  ].filter((word) => word !== '');
}

function openLines(file: vscode.Uri, line: number, endLine: number): vscode.Command {
  const selection = new vscode.Range(line - 1, 0, Math.max(line, endLine) - 1, Number.MAX_SAFE_INTEGER);
  return { command: 'vscode.open', title: '', arguments: [file, { selection, preserveFocus: true }] };
}
