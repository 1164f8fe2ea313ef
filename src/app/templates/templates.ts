import { stringify } from 'yaml';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import { parseStatus, type Status } from '../../core/model/status.js';
import { parseTaskAddress, type TaskId } from '../../core/model/taskId.js';
import { expandTemplate, type PlannedTask } from '../../core/templates/expand.js';
import { templateFromTasks } from '../../core/templates/fromTasks.js';
import { pathText } from '../../core/templates/template.js';
import { readValues } from '../../core/templates/variables.js';
import { readTask } from '../../store/repositories/taskRows.js';
import type { Transaction } from '../../store/transaction.js';
import { insertDependency } from '../dependencies/dependencies.js';
import { type Output, parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import type { References } from '../references/references.js';
import { withoutDisabled } from '../settings/features.js';
import { insertTask } from '../tasks/newTask.js';
import { requireFree } from '../tasks/startable.js';
import { statusColumns } from '../tasks/taskColumns.js';
import { createTaskInput, resolveTimes } from '../tasks/taskInputs.js';
import type { Tasks } from '../tasks/tasks.js';
import { Expressions } from './expressions.js';
import type { TemplateFile } from './templateFile.js';
import { located, type TemplateLibrary } from './templateLibrary.js';
import {
  type AppliedTemplateView,
  type ApplyTemplateInput,
  applyTemplateInput,
  type CreateTemplateInput,
  createTemplateInput,
  type PlannedTaskView,
  type TemplateView,
} from './templateViews.js';

/** A planned task whose fields were found to be those of a task. */
interface CheckedTask {
  readonly planned: PlannedTask;
  readonly given: Output<typeof createTaskInput>;
  readonly status: Status;
}

/** How fields are called in a template, where that differs from the task's. */
const KEYS: Readonly<Record<string, string>> = {
  estimatedHours: 'estimated_hours',
  notBefore: 'not_before',
  fileRefs: 'files',
};

/** Making many tasks at once from a template, and templates from tasks. */
export class Templates {
  readonly #plan: Plan;
  readonly #tasks: Tasks;
  readonly #references: References;
  readonly #library: TemplateLibrary;

  constructor(plan: Plan, tasks: Tasks, references: References, library: TemplateLibrary) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#references = references;
    this.#library = library;
  }

  /**
   * Creates the template's tasks with their dependencies, subtasks and criteria: all of them or none, as one change.
   * Throws NOT_FOUND, and INVALID_INPUT naming file, line and variable.
   */
  async apply(input: ApplyTemplateInput): Promise<AppliedTemplateView> {
    const { template: name, variables = {}, dryRun = false } = parseInput(applyTemplateInput, input);
    const file = this.#library.get(name);
    const checked = await this.#withoutDisabled(this.#check(file, variables));
    const about = { template: name, version: file.template.version, dryRun, total: checked.length };
    if (dryRun) return { ...about, tasks: [], planned: plannedViews(checked) };
    const automation = this.#plan.isRepetition('template.apply') ? undefined : this.#plan.world.automation;
    for (const { given } of checked) await automation?.before({ kind: 'create', task: given });
    const created = await this.#plan.commitOnce('template.apply', { name, variables }, (transaction) =>
      this.#insert(transaction, file, checked),
    );
    const tasks = created.split(' ').map((id) => this.#tasks.get(id));
    for (const task of tasks) await automation?.after({ kind: 'create', task });
    return { ...about, tasks };
  }

  /** Writes a template that makes tasks like these. Throws CONFLICT where there is one of that name. */
  create(input: CreateTemplateInput): TemplateView {
    const given = parseInput(createTemplateInput, input);
    const ids = this.#chosen(given.from, given.subtasks ?? false);
    const { store, world } = this.#plan;
    // Without the key the words in their places would become the template's.
    if (store.vault.isOn) store.vault.requireKey();
    const graph = this.#plan.around(ids);
    const dependencies = new Map(
      ids.map((id) => [id, [...graph.require(id).dependsOn.keys()].map((other) => other.task.id)]),
    );
    for (const [name, text] of Object.entries(given.variables ?? {}))
      if (text === '')
        throw new InvalidInputError('variables', `Variable “${name}” replaces nothing: give ${name}=text.`);
    const description = given.description ?? `Made from ${ids.length} tasks`;
    const made = templateFromTasks(
      { name: given.name, description, variables: given.variables ?? {} },
      ids.map((id) => readTask(store, id)),
      dependencies,
    );
    const path = this.#library.newFile(given.name, given.overwrite ?? false);
    const text = stringify(made, { lineWidth: 120 });
    const view = this.#library.validate(text, path);
    world.folder.write(path, text);
    return view;
  }

  /** Without the fields of features that the project has switched off; each is told of once. */
  async #withoutDisabled(checked: readonly CheckedTask[]): Promise<CheckedTask[]> {
    const { folder, tell } = this.#plan.world;
    const told = new Set<string>();
    const once = (message: string) => {
      if (!told.has(message)) tell?.(message);
      told.add(message);
    };
    return Promise.all(
      checked.map(async (one) => ({ ...one, given: await withoutDisabled({ folder, tell: once }, one.given) })),
    );
  }

  #check(file: TemplateFile, variables: Readonly<Record<string, unknown>>): CheckedTask[] {
    const { template } = file;
    try {
      const values = readValues(template, variables);
      const expressions = new Expressions(Object.keys(template.variables));
      const planned = expandTemplate(template, (expression, path) => expressions.evaluate(expression, values, path));
      return planned.map((one) => this.#checkTask(file, one));
    } catch (error) {
      throw located(file, error);
    }
  }

  #checkTask(file: TemplateFile, planned: PlannedTask): CheckedTask {
    let field = 'status';
    try {
      const status = planned.status ? parseStatus(planned.status) : 'pending';
      field = '';
      const input = planned.fields as Parameters<typeof resolveTimes>[0] & { title: string };
      const given = resolveTimes(parseInput(createTaskInput, input), this.#plan.now());
      return { planned, given, status };
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
      const [key = '', ...inner] = String(error.details.field ?? field).split('.');
      const parts = inner.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
      const path = [...planned.path, ...(key ? [KEYS[key] ?? key] : []), ...parts];
      throw file.problem(path, withoutStart(error.message, `${error.details.field}: `));
    }
  }

  #insert(transaction: Transaction, file: TemplateFile, checked: readonly CheckedTask[]): string {
    const ids: TaskId[] = [];
    for (const { planned, given } of checked) {
      const parent = planned.parent === undefined ? undefined : ids[planned.parent];
      const task = { ...given, dependsOn: [...planned.waitsFor], ...(parent !== undefined && { parent }) };
      try {
        ids.push(insertTask(transaction, this.#plan.world.ids, this.#references, task));
      } catch (error) {
        if (!(error instanceof OrchestratorError)) throw error;
        const place = file.problem([...planned.path, 'depends_on'], error.message);
        throw new OrchestratorError(error.code, place.message, error.details);
      }
    }
    for (const [at, { planned }] of checked.entries())
      for (const other of planned.dependsOn) insertDependency(transaction, ids[at] as TaskId, ids[other] as TaskId);
    for (const [at, { status }] of checked.entries()) {
      const id = ids[at] as TaskId;
      if (status !== 'pending')
        transaction.update('tasks', [id], statusColumns(readTask(transaction, id), { status }, transaction.at));
    }
    // Only now is it known what everything waits for.
    for (const [at, { status, planned }] of checked.entries()) {
      if (status !== 'in_progress' && status !== 'completed') continue;
      try {
        requireFree(this.#plan, transaction, readTask(transaction, ids[at] as TaskId));
      } catch (error) {
        if (!(error instanceof OrchestratorError)) throw error;
        const { message } = file.problem([...planned.path, 'status'], `cannot be ${status}: it waits for other tasks`);
        throw new OrchestratorError('DEPENDENCY_OPEN', message);
      }
    }
    return ids.join(' ');
  }

  /** Tasks by their names; where one is no name of a task, all of it is a filter. In the order of their numbers. */
  #chosen(from: readonly string[], subtasks: boolean): TaskId[] {
    const named = from.every((word) => parseTaskAddress(word) !== undefined);
    const { graph } = this.#plan;
    const ids = named
      ? from.map((word) => this.#tasks.resolve(word))
      : this.#tasks.select(from.join(' ')).map((task) => task.id);
    const chosen = new Set(ids);
    if (subtasks) for (const id of chosen) for (const child of graph.require(id).subtasks) chosen.add(child.task.id);
    if (chosen.size === 0)
      throw new InvalidInputError('from', `No task fits “${from.join(' ')}”: there is nothing to make a template of.`);
    return [...chosen].sort((a, b) => graph.require(a).task.number - graph.require(b).task.number);
  }
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}

function plannedViews(checked: readonly CheckedTask[]): PlannedTaskView[] {
  const title = (at: number) => checked[at]?.given.title ?? pathText([at]);
  return checked.map(({ planned, given, status }) => ({
    title: given.title,
    ...(given.priority && { priority: given.priority }),
    ...(status !== 'pending' && { status }),
    ...(given.assignee !== undefined && { assignee: given.assignee }),
    ...(given.tags && { tags: [...given.tags] }),
    ...(given.estimatedHours !== undefined && { estimatedHours: given.estimatedHours }),
    ...(given.criteria && { criteria: given.criteria.map(({ criterion, measurable }) => ({ criterion, measurable })) }),
    ...(planned.parent !== undefined && { parent: title(planned.parent) }),
    dependsOn: [...planned.dependsOn.map(title), ...planned.waitsFor],
  }));
}
