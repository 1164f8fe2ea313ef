import * as vscode from 'vscode';
import type { AcceptExpansionInput, ExpandedTask } from '../../app/planning/expansion/expansionInputs.js';
import { checkTitle } from '../../core/model/task.js';
import { stepsItem } from '../../core/planning/expansion/expandedTask.js';
import { messageOf } from '../commands/steps.js';

/** What was left ticked, and the titles that were changed. */
export type Chosen = Required<Pick<AcceptExpansionInput, 'items' | 'titles'>>;

interface Row extends vscode.QuickPickItem {
  /** Absent for a heading. */
  readonly item?: string;
  readonly title?: string;
}

/** What a row's pencil, or the title's sign, was pressed for. */
type Outcome = { readonly kind: 'accepted' } | { readonly kind: 'left' } | { readonly kind: 'edit'; readonly row: Row };

/** Shows a proposal with everything ticked; undefined where the person does not want it. */
export async function previewExpansion(proposal: ExpandedTask): Promise<Chosen | undefined> {
  const titles: Record<string, string> = {};
  let items = new Set(rowsOf(proposal, titles).flatMap(({ item }) => item ?? []));
  for (;;) {
    const { outcome, ticked } = await show(proposal, rowsOf(proposal, titles), items);
    items = ticked;
    if (outcome.kind === 'left') return undefined;
    if (outcome.kind === 'accepted') return { items: withParents(proposal, items), titles };
    const { item, title } = outcome.row;
    if (item === undefined) continue;
    const changed = await vscode.window.showInputBox({
      title: vscode.l10n.t('Title of {0}', item),
      ...(title !== undefined && { value: title }),
      ignoreFocusOut: true,
      validateInput: (text) => messageOf(checkTitle, text),
    });
    if (changed !== undefined) titles[item] = changed;
  }
}

function show(
  proposal: ExpandedTask,
  rows: readonly Row[],
  ticked: ReadonlySet<string>,
): Promise<{ outcome: Outcome; ticked: Set<string> }> {
  const { t } = vscode.l10n;
  const { originalTask, metadata } = proposal;
  const pick = vscode.window.createQuickPick<Row>();
  pick.title = t('{0}: proposal of {1}', originalTask.name, sourceWords(metadata));
  pick.placeholder = t('Enter creates what is ticked, as one change that can be undone');
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = rows;
  pick.selectedItems = rows.filter(({ item }) => item !== undefined && ticked.has(item));
  const why = { iconPath: new vscode.ThemeIcon('info'), tooltip: t('Why This Proposal') };
  if (metadata.warnings.length > 0) pick.buttons = [why];
  return new Promise((done) => {
    let outcome: Outcome = { kind: 'left' };
    const finish = (kind: Outcome) => {
      outcome = kind;
      pick.hide();
    };
    pick.onDidAccept(() => finish({ kind: 'accepted' }));
    pick.onDidTriggerItemButton(({ item: row }) => finish({ kind: 'edit', row }));
    pick.onDidTriggerButton(() => void vscode.window.showInformationMessage(metadata.warnings.join('\n')));
    pick.onDidHide(() => {
      const left = pick.selectedItems.flatMap(({ item }) => item ?? []);
      pick.dispose();
      done({ outcome, ticked: new Set(left) });
    });
    pick.show();
  });
}

function sourceWords({ basis, model, tokenUsage }: ExpandedTask['metadata']): string {
  const { t } = vscode.l10n;
  if (basis === 'template') return t('a fixed template; no model has read the task');
  return tokenUsage ? t('{0}, {1} tokens', model, tokenUsage.totalTokens) : model;
}

function rowsOf(proposal: ExpandedTask, titles: Readonly<Record<string, string>>): Row[] {
  const { t } = vscode.l10n;
  const { subtasks, testTasks, documentationTasks, implementationSteps } = proposal;
  const edit = { iconPath: new vscode.ThemeIcon('edit'), tooltip: t('Change the Title') };
  const row = (
    {
      id,
      title,
      description,
      estimatedEffort,
    }: { id: string; title: string; description: string; estimatedEffort: number | null },
    notes: readonly string[],
  ): Row => {
    const shown = titles[id] ?? title;
    const hours = estimatedEffort === null ? [] : [t('{0} h', estimatedEffort)];
    return {
      label: `${'\u2003'.repeat(id.split('.').length - 1)}${id}  ${shown.replace(/\$\(/g, '$\u200b(')}`,
      description: [...notes.filter((note) => note !== ''), ...hours].join(' · '),
      ...(description !== '' && { detail: description.split('\n')[0]?.slice(0, 200) ?? '' }),
      buttons: [edit],
      item: id,
      title: shown,
    };
  };
  const after = (ids: readonly string[]) => (ids.length === 0 ? '' : t('after {0}', ids.join(', ')));
  const group = (label: string, rows: readonly Row[]): Row[] =>
    rows.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...rows];
  const lists = [undefined, ...subtasks.map(({ id }) => id)].flatMap((subtask) => {
    const steps = implementationSteps.filter(({ subtaskId }) => subtaskId === subtask);
    if (steps.length === 0) return [];
    const owner = subtask ?? proposal.originalTask.name;
    const detail = steps.map(({ stepNumber, title }) => `${stepNumber}. ${title}`).join('  ');
    return [
      { label: t('{0} steps for the description of {1}', steps.length, owner), detail, item: stepsItem(subtask) },
    ];
  });
  return [
    ...group(
      t('Subtasks'),
      subtasks.map((one) => row(one, [one.type, after(one.dependencies)])),
    ),
    ...group(
      t('Tests'),
      testTasks.map((one) => row(one, [one.type, after(one.dependencies)])),
    ),
    ...group(
      t('Documentation'),
      documentationTasks.map((one) => row(one, [one.type, after(one.dependencies)])),
    ),
    ...group(t('Implementation steps'), lists),
  ];
}

/** Without subtasks of which the one that they are a part of is not ticked. */
function withParents({ subtasks }: ExpandedTask, ticked: ReadonlySet<string>): string[] {
  const parents = new Map(subtasks.map(({ id, parentId }) => [id, parentId]));
  const isWhole = (id: string): boolean => {
    const parent = parents.get(id);
    return ticked.has(id) && (parent === undefined || isWhole(parent));
  };
  return [...ticked].filter(isWhole);
}
