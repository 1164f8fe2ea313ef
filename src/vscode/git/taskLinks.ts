import * as vscode from 'vscode';
import { compareUrgency } from '../../core/graph/order.js';
import type { TaskSummary } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { isClosed, WORK_STATES, type WorkState } from '../../core/model/workState.js';
import { type LinkedName, linkedNames } from '../links/linkedNames.js';
import { type CommandId, DESCRIPTION_SCHEME } from '../manifest.js';
import { stateLook } from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';

/** So many tasks are offered at once; typing a digit narrows them. */
const MOST_OFFERED = 100;

/** `T-12` in a document as a link to the task. */
export function documentLinks(document: vscode.TextDocument, folders: PlanFolders): vscode.DocumentLink[] {
  const command: CommandId = 'taskOrchestrator.task.reveal';
  return linkedNames(document.getText(), folderOf(document.uri, folders)).map(({ start, end, ...name }) => {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    const args = encodeURIComponent(JSON.stringify([name.folder.key, name.task]));
    const link = new vscode.DocumentLink(range, vscode.Uri.parse(`command:${command}?${args}`));
    link.tooltip = vscode.l10n.t('Show {0} {1}', taskName(name.number), name.title);
    return link;
  });
}

/** What stands before the cursor where a task is to be named: `T-1`, or nothing behind `fixes`. */
const BEGUN = /(?:^|[^\p{L}\p{N}_-])(T-?\d{0,9})$/iu;
const ASKED_FOR = /(?:\btasks?:|\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?)|^)\s*$/i;

/** The open tasks where a commit's message names one, those that are being worked on first. */
export function completions(
  document: vscode.TextDocument,
  position: vscode.Position,
  folders: PlanFolders,
): vscode.CompletionList | undefined {
  const plan = folderOf(document.uri, folders)?.plan;
  const before = document.lineAt(position).text.slice(0, position.character);
  const begun = BEGUN.exec(before)?.[1] ?? '';
  if (!plan || (begun === '' && !ASKED_FOR.test(before))) return undefined;
  const digits = /\d+$/.exec(begun)?.[0] ?? '';
  const open = plan.plan.graph
    .tasks()
    .filter((task) => !isClosed(task.status) && !task.archivedAt && String(task.number).startsWith(digits))
    .map((task) => ({ task, state: plan.plan.stateOf(task.id) }))
    .sort((a, b) => rank(a.state) - rank(b.state) || compareUrgency(a.task, b.task));
  const range = new vscode.Range(position.translate(0, -begun.length), position);
  const items = open.slice(0, MOST_OFFERED).map(({ task, state }, at) => completionItem(task, state, range, at));
  return new vscode.CompletionList(items, open.length > items.length);
}

function completionItem(task: TaskSummary, state: WorkState, range: vscode.Range, at: number): vscode.CompletionItem {
  const name = taskName(task.number);
  const item = new vscode.CompletionItem({ label: name, description: task.title }, vscode.CompletionItemKind.Reference);
  item.detail = `${task.title} · ${stateLook(state).label}`;
  item.insertText = name;
  item.filterText = name;
  item.sortText = String(at).padStart(4, '0');
  item.range = range;
  return item;
}

function rank(state: WorkState): number {
  return WORK_STATES.indexOf(state);
}

/** `T-12` in a line of a terminal: of the plan of its folder, else of the first that has such a task. */
export function terminalNames(line: string, terminal: vscode.Terminal, folders: PlanFolders): LinkedName[] {
  const cwd = workingFolder(terminal);
  const own = cwd && folders.of(vscode.Uri.joinPath(cwd, 'any'));
  const found = new Map<number, LinkedName>();
  for (const folder of own ? [own] : folders.distinct)
    for (const name of linkedNames(line, folder)) if (!found.has(name.start)) found.set(name.start, name);
  return [...found.values()];
}

function workingFolder({ shellIntegration, creationOptions }: vscode.Terminal): vscode.Uri | undefined {
  const given = 'cwd' in creationOptions ? creationOptions.cwd : undefined;
  return shellIntegration?.cwd ?? (typeof given === 'string' ? vscode.Uri.file(given) : given);
}

/** The plan that a document belongs to: a file's, a description's, or that of the repository whose commit it is for. */
export function folderOf(uri: vscode.Uri, folders: PlanFolders): PlanFolder | undefined {
  if (uri.scheme === DESCRIPTION_SCHEME) return folders.byKey(readQuery(uri.query));
  const root = uri.scheme === 'vscode-scm' ? new URLSearchParams(uri.query).get('rootUri') : null;
  const file = root === null ? uri : vscode.Uri.joinPath(vscode.Uri.parse(root), 'any');
  return folders.of(file) ?? (folders.distinct.length === 1 ? folders.distinct[0] : undefined);
}

function readQuery(query: string): string {
  try {
    return String((JSON.parse(query) as { folder?: unknown }).folder);
  } catch {
    return '';
  }
}
