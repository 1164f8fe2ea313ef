import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import type { TaskView } from '../../app/tasks/taskView.js';
import type { CodePlace } from '../../core/model/fileReference.js';
import { formatPlace, parsePlace } from '../../core/model/fileReference.js';
import { checkTags, checkTitle } from '../../core/model/task.js';
import type { TaskTree } from '../tree/taskTree.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import { placeLabel, priorityItems, selectedPlace, taskItems } from './pickers.js';
import { askPick, askText, type StepResult } from './steps.js';

/** What the wizard starts with. */
export interface NewTask {
  readonly title?: string;
  readonly parent?: string;
  readonly place?: CodePlace;
}

interface PlaceItem extends vscode.QuickPickItem {
  readonly place?: CodePlace;
}

const STEPS = 5;

/**
 * Create Task, one question at a time. Enter on the title creates it; priority, dependencies, code and tags follow and
 * may all be skipped with Escape or Enter. Back returns to the question before, with its answer.
 */
export class CreateTaskWizard {
  readonly #folder: PlanFolder;
  readonly #tree: TaskTree;
  readonly #start: NewTask;
  #plan!: Orchestrator;
  #task: TaskView | undefined;

  constructor(folder: PlanFolder, tree: TaskTree, start: NewTask = {}) {
    this.#folder = folder;
    this.#tree = tree;
    this.#start = start;
  }

  /** Runs the questions; what was answered is stored at once. The created task, or undefined if there was no title. */
  async run(): Promise<TaskView | undefined> {
    // The store is loaded while the person types the title.
    const loading = this.#folder.load();
    loading.catch(() => undefined);
    // The selection is what it was when the command was called, whatever the tree reveals meanwhile.
    const place = this.#start.place ?? selectedPlace(this.#folder);
    const steps = [
      () => this.#askTitle(loading),
      () => this.#askPriority(),
      () => this.#askDependencies(),
      () => this.#askCode(place),
      () => this.#askTags(),
    ];
    for (let index = 0; index < steps.length; ) {
      const result = await steps[index]!();
      if (result.kind === 'left') break;
      index += result.kind === 'back' ? -1 : 1;
    }
    return this.#task;
  }

  async #askTitle(loading: Promise<Orchestrator>): Promise<StepResult<unknown>> {
    const { t } = vscode.l10n;
    const result = await askText({
      title: t('Create task'),
      step: 1,
      totalSteps: STEPS,
      prompt: t('What is to be done? Enter creates the task.'),
      value: this.#task?.title ?? this.#start.title,
      check: checkTitle,
    });
    if (result.kind !== 'done') return result;
    this.#plan = await loading;
    if (this.#task) this.#task = await this.#plan.tasks.update({ task: this.#task.id, title: result.value });
    else {
      this.#task = await this.#plan.tasks.create({
        title: result.value,
        parent: this.#start.parent,
        fileRefs: this.#start.place ? [this.#start.place] : undefined,
      });
      await this.#tree.reveal({ folder: this.#folder, task: this.#task.id });
    }
    return result;
  }

  async #askPriority(): Promise<StepResult<unknown>> {
    const items = priorityItems();
    const task = this.#created();
    const result = await askPick({
      ...this.#frame(2),
      placeholder: vscode.l10n.t('Priority'),
      items,
      selected: items.filter((item) => item.priority === task.priority),
      many: false,
    });
    const priority = result.kind === 'done' ? result.value[0]?.priority : undefined;
    if (priority) this.#task = await this.#plan.tasks.update({ task: task.id, priority });
    return result;
  }

  async #askDependencies(): Promise<StepResult<unknown>> {
    const task = this.#created();
    const items = taskItems(this.#plan, [...this.#plan.dependencies.candidates(task.id), ...task.dependsOn]);
    if (items.length === 0) return { kind: 'done', value: undefined };
    const result = await askPick({
      ...this.#frame(3),
      placeholder: vscode.l10n.t('Depends on: tasks that must be completed first (none is fine)'),
      items,
      selected: items.filter((item) => task.dependsOn.includes(item.task)),
      many: true,
    });
    if (result.kind !== 'done') return result;
    const chosen = new Set(result.value.map((item) => item.task));
    for (const dependsOn of chosen) await this.#plan.dependencies.add({ task: task.id, dependsOn });
    for (const dependsOn of task.dependsOn) {
      if (!chosen.has(dependsOn)) await this.#plan.dependencies.remove({ task: task.id, dependsOn });
    }
    this.#task = this.#plan.tasks.get(task.id);
    return result;
  }

  /** Offers the selection, the open files, and a box to type another place. */
  async #askCode(place: CodePlace | undefined): Promise<StepResult<unknown>> {
    const { t } = vscode.l10n;
    const task = this.#created();
    const linked: PlaceItem[] = task.fileRefs.map((reference) => ({
      label: `$(link) ${formatPlace(reference)}`,
      description: t('linked already'),
      place: { path: reference.path, line: reference.line, endLine: reference.endLine },
    }));
    const offered = new Map(linked.map((item) => [item.place && formatPlace(item.place), item]));
    const offer = (label: string, candidate: CodePlace, description: string) => {
      const key = formatPlace(candidate);
      if (!offered.has(key)) offered.set(key, { label, description, place: candidate });
    };
    if (place) offer(`$(selection) ${placeLabel(place)}`, place, t('current selection'));
    for (const path of this.#openFiles()) offer(`$(file) ${path}`, { path }, t('open file'));
    const typed: PlaceItem = { label: t('$(edit) Another place…'), alwaysShow: true };
    const result = await askPick<PlaceItem>({
      ...this.#frame(4),
      placeholder: t('Code that the task is about (none is fine)'),
      items: [...offered.values(), typed],
      selected: linked,
      many: true,
    });
    if (result.kind !== 'done') return result;
    const chosen = result.value.flatMap((item) => item.place ?? []);
    for (const target of chosen) await this.#plan.references.add({ task: task.id, place: target });
    const kept = new Set(chosen.map(formatPlace));
    for (const reference of task.fileRefs) {
      if (!kept.has(formatPlace(reference)))
        await this.#plan.references.remove({ task: task.id, reference: reference.id });
    }
    this.#task = this.#plan.tasks.get(task.id);
    return result.value.includes(typed) ? this.#askTypedPlace() : result;
  }

  async #askTypedPlace(): Promise<StepResult<unknown>> {
    const { t } = vscode.l10n;
    const result = await askText({
      ...this.#frame(4),
      prompt: t('A file, with lines if you like: path, path:line or path:line:end'),
      placeholder: 'src/main.ts:10:20',
      check: parsePlace,
    });
    if (result.kind === 'done') await this.#plan.references.add({ task: this.#created().id, place: result.value });
    return result;
  }

  async #askTags(): Promise<StepResult<unknown>> {
    const task = this.#created();
    const split = (text: string) => text.split(/[\s,]+/).filter((tag) => tag !== '');
    const result = await askText({
      ...this.#frame(5),
      prompt: vscode.l10n.t('Tags, separated by spaces (none is fine)'),
      value: task.tags.join(' '),
      check: (text) => checkTags(split(text)),
    });
    if (result.kind === 'done')
      this.#task = await this.#plan.tasks.update({ task: task.id, tags: split(result.value) });
    return result;
  }

  #created(): TaskView {
    return this.#task as TaskView;
  }

  #frame(step: number) {
    return { title: `${this.#created().name}  ${this.#created().title}`, step, totalSteps: STEPS };
  }

  #openFiles(): string[] {
    return vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .flatMap((tab) => (tab.input instanceof vscode.TabInputText ? (this.#folder.pathOf(tab.input.uri) ?? []) : []));
  }
}

/** So long it is waited for a file's symbols, ms. */
const SYMBOLS_WAIT = 1_500;

/** The title that a selection suggests: its TODO's words, else the symbol around it, else nothing. */
export async function suggestedTitle(editor: vscode.TextEditor): Promise<string | undefined> {
  const text = editor.document.getText(
    new vscode.Range(editor.selection.start.line, 0, editor.selection.end.line + 1, 0),
  );
  const todo = /\b(?:TODO|FIXME|HACK|XXX)\b(?:\([^)]*\))?[:\s-]*(.+)/.exec(text)?.[1];
  if (todo) return todo.replace(/\s*(?:\*\/|-->)\s*$/, '').trim();
  // A language server that only starts now takes its time: the question for the title does not wait for it.
  const symbols = await Promise.race([
    vscode.commands.executeCommand<(vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined>(
      'vscode.executeDocumentSymbolProvider',
      editor.document.uri,
    ),
    new Promise<undefined>((done) => setTimeout(done, SYMBOLS_WAIT, undefined)),
  ]);
  const position = editor.selection.start;
  let name: string | undefined;
  const visit = (list: readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[]) => {
    for (const symbol of list) {
      const range = 'range' in symbol ? symbol.range : symbol.location.range;
      if (!range.contains(position)) continue;
      name = symbol.name;
      if ('children' in symbol) visit(symbol.children);
    }
  };
  visit(symbols ?? []);
  return name && vscode.l10n.t('Change {0}', name);
}
