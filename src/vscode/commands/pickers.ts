import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { compareUrgency } from '../../core/graph/order.js';
import { type CodePlace, formatPlace } from '../../core/model/fileReference.js';
import { PRIORITIES, type Priority } from '../../core/model/priority.js';
import type { TaskSummary } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { isClosed } from '../../core/model/workState.js';
import { priorityLabel, stateLook } from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';

export interface TaskItem extends vscode.QuickPickItem {
  readonly task: string;
}

export interface PriorityItem extends vscode.QuickPickItem {
  readonly priority: Priority;
}

/** Tasks to pick from, open ones first, the most urgent first; found by number, title, tag and assignee. */
export function taskItems(plan: Orchestrator, ids: readonly string[]): TaskItem[] {
  const closed = (task: TaskSummary) => Number(isClosed(plan.plan.stateOf(task.id)));
  return ids
    .map((id) => plan.plan.graph.require(id).task)
    .sort((a, b) => closed(a) - closed(b) || compareUrgency(a, b))
    .map((task) => taskItem(plan, task));
}

/** Asks for one task; undefined when the person leaves. `onActive` hears of the row that the cursor is on, at first `active`. */
export function pickTask(
  plan: Orchestrator,
  ids: readonly string[],
  placeholder: string,
  { active, onActive }: { active?: string | undefined; onActive?: (task: string) => void } = {},
): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<TaskItem>();
  pick.items = taskItems(plan, ids);
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  pick.activeItems = pick.items.filter((item) => item.task === active);
  return new Promise((resolve) => {
    pick.onDidChangeActive(([item]) => item && onActive?.(item.task));
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.task);
      pick.dispose();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

export function priorityItems(): PriorityItem[] {
  return PRIORITIES.map((priority) => ({ label: priorityLabel(priority), priority }));
}

/** The active editor's selected lines, or its cursor's line, if the plan covers the file. */
export function selectedPlace(folder: PlanFolder): CodePlace | undefined {
  const editor = vscode.window.activeTextEditor;
  const path = editor && folder.pathOf(editor.document.uri);
  if (!editor || path === undefined) return undefined;
  const { start, end } = editor.selection;
  // A selection that ends at the start of a line does not mean that line.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return { path, line: start.line + 1, ...(last > start.line && { endLine: last + 1 }) };
}

/** The place as people write it: `src/a.ts:3-9`. */
export function placeLabel(place: CodePlace): string {
  return formatPlace(place);
}

function taskItem(plan: Orchestrator, task: TaskSummary): TaskItem {
  const look = stateLook(plan.plan.stateOf(task.id));
  const facts = [look.label, task.assignee ?? '', ...task.tags.map((tag) => `#${tag}`)].filter((fact) => fact !== '');
  return {
    label: `$(${look.icon}) ${taskName(task.number)}  ${task.title}`,
    description: facts.join(' · '),
    task: task.id,
  };
}
