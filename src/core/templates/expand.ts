import { parseTaskAddress } from '../model/taskId.js';
import { splitPlaceholders } from './placeholders.js';
import {
  type Template,
  type TemplatePath,
  TemplateProblem,
  type TemplateTask,
  type TemplateValue,
} from './template.js';

/** Gives the value of an expression. Throws TemplateProblem with the path. */
export type Evaluate = (expression: string, path: TemplatePath) => TemplateValue;

/** The fields of a task, as they are given when one is created. */
export interface PlannedFields {
  readonly title: string;
  readonly description?: string;
  readonly priority?: string;
  readonly type?: string;
  readonly assignee?: string;
  readonly tags?: readonly string[];
  readonly estimatedHours?: number;
  readonly due?: string;
  readonly notBefore?: string;
  readonly project?: string;
  readonly milestone?: string;
  readonly context?: string;
  readonly fileRefs?: readonly string[];
  readonly criteria?: readonly { readonly criterion: string; readonly measurable?: string }[];
}

/** A task that a template makes. */
export interface PlannedTask {
  readonly path: TemplatePath;
  readonly fields: PlannedFields;
  readonly status?: string;
  /** Position of the task that it is a part of, in the list of all. */
  readonly parent?: number;
  /** Positions of the tasks of the template that it waits for. */
  readonly dependsOn: readonly number[];
  /** Tasks of the store that it waits for, as they are called. */
  readonly waitsFor: readonly string[];
}

/** More than this is a mistake (tasks). */
const MOST_TASKS = 1000;

interface Placed {
  readonly task: TemplateTask;
  readonly path: TemplatePath;
  readonly parent?: number;
  /** Positions of the tasks in the same list. */
  readonly siblings: readonly number[];
}

/** The tasks of a template with their values put in; parents before their subtasks. Throws TemplateProblem. */
export function expandTemplate(template: Template, evaluate: Evaluate): PlannedTask[] {
  const placed: Placed[] = [];
  place(template.tasks, ['tasks'], undefined, placed);
  if (placed.length > MOST_TASKS)
    throw new TemplateProblem(['tasks'], `there are ${placed.length} tasks, at most ${MOST_TASKS}`);
  const filler = new Filler(evaluate);
  const names = namesOf(placed, filler);
  const top = placed.flatMap((one, at) => (one.parent === undefined ? [at] : []));
  const planned = placed.map((one, at): PlannedTask => {
    const given = filler.references(one.task.depends_on, [...one.path, 'depends_on']);
    const found = given.map((reference) => resolve(reference, one, names));
    const listed = one.parent === undefined ? positions(template, top, at) : [];
    const status = filler.text(one.task.status, [...one.path, 'status']);
    return {
      path: one.path,
      fields: fieldsOf(one, filler),
      ...(status !== undefined && { status }),
      ...(one.parent !== undefined && { parent: one.parent }),
      dependsOn: [...new Set([...found.filter((other) => typeof other === 'number'), ...listed])],
      waitsFor: found.filter((other) => typeof other === 'string'),
    };
  });
  requireAcyclic(planned);
  return planned;
}

function place(tasks: readonly TemplateTask[], path: TemplatePath, parent: number | undefined, placed: Placed[]): void {
  const siblings: number[] = [];
  for (const [index, task] of tasks.entries()) {
    const own = [...path, index];
    siblings.push(placed.length);
    placed.push({ task, path: own, ...(parent !== undefined && { parent }), siblings });
    place(task.subtasks ?? [], [...own, 'subtasks'], placed.length - 1, placed);
  }
}

/** Positions by id and by title; a title that several tasks have names none of them. */
function namesOf(placed: readonly Placed[], filler: Filler): Map<string, number> {
  const names = new Map<string, number>();
  const titles = placed.map(({ task, path }) => filler.text(task.title, [...path, 'title']) ?? '');
  for (const [at, title] of titles.entries())
    if (titles.indexOf(title) === titles.lastIndexOf(title)) names.set(title, at);
  for (const [at, { task, path }] of placed.entries()) {
    if (task.id === undefined) continue;
    const other = placed.findIndex((one) => one.task.id === task.id);
    if (other !== at) throw new TemplateProblem([...path, 'id'], `another task has the id “${task.id}” already`);
    names.set(task.id, at);
  }
  return names;
}

function resolve(
  { value, path }: { readonly value: number | string; readonly path: TemplatePath },
  { siblings }: Placed,
  names: ReadonlyMap<string, number>,
): number | string {
  if (typeof value === 'number') {
    const at = siblings[value];
    if (at === undefined)
      throw new TemplateProblem(path, `there is no task ${value} here: they count from 0 to ${siblings.length - 1}`);
    return at;
  }
  const at = names.get(value);
  if (at !== undefined) return at;
  if (parseTaskAddress(value)) return value;
  throw new TemplateProblem(path, `“${value}” is neither the id nor the title of a task of this template`);
}

function positions({ dependencies }: Template, top: readonly number[], at: number): number[] {
  return (dependencies[String(top.indexOf(at))] ?? []).map((index) => {
    const other = top[index];
    if (other !== undefined) return other;
    const path = ['dependencies', String(top.indexOf(at))];
    throw new TemplateProblem(path, `there is no task ${index}: they count from 0 to ${top.length - 1}`);
  });
}

function fieldsOf({ task, path }: Placed, filler: Filler): PlannedFields {
  const text = (key: keyof TemplateTask) => filler.text(task[key] as string | undefined, [...path, key]) || undefined;
  const criteria = task.criteria?.map((given, at) => {
    const own = [...path, 'criteria', at];
    if (typeof given === 'string') return { criterion: filler.text(given, own) ?? '' };
    const measurable = given.measurable === undefined ? undefined : filler.text(String(given.measurable), own);
    return { criterion: filler.text(given.criterion, own) ?? '', ...(measurable !== undefined && { measurable }) };
  });
  const fields = {
    title: text('title') ?? '',
    description: text('description'),
    priority: text('priority'),
    type: text('type'),
    assignee: text('assignee'),
    tags: filler.list(task.tags, [...path, 'tags']),
    estimatedHours: filler.number(task.estimated_hours, [...path, 'estimated_hours']),
    due: text('due'),
    notBefore: text('not_before'),
    project: text('project'),
    milestone: text('milestone'),
    context: text('context'),
    fileRefs: filler.list(task.files, [...path, 'files']),
    criteria,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as PlannedFields;
}

/** Puts values into the texts of a template. */
class Filler {
  readonly #evaluate: Evaluate;

  constructor(evaluate: Evaluate) {
    this.#evaluate = evaluate;
  }

  text(given: string | undefined, path: TemplatePath): string | undefined {
    if (given === undefined) return undefined;
    const value = this.#value(given, path);
    return typeof value === 'string' ? value : wordsOf(value);
  }

  number(given: number | string | undefined, path: TemplatePath): number | undefined {
    const value = typeof given === 'string' ? this.#value(given, path) : given;
    if (value === undefined || value === '') return undefined;
    const number = typeof value === 'boolean' ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) throw new TemplateProblem(path, `${JSON.stringify(value)} is not a number`);
    return number;
  }

  /** An expression that is a list gives all its items. */
  list(given: string | readonly string[] | undefined, path: TemplatePath): string[] | undefined {
    if (given === undefined) return undefined;
    const items = typeof given === 'string' ? [given] : given;
    return items
      .flatMap((item, at) => this.#value(item, typeof given === 'string' ? path : [...path, at]))
      .map((item) => (typeof item === 'string' ? item : wordsOf(item)))
      .filter((item) => item !== '');
  }

  references(given: TemplateTask['depends_on'], path: TemplatePath) {
    const items = given === undefined ? [] : typeof given === 'object' ? given : [given];
    return items.flatMap((item, at) => {
      const own = typeof given === 'object' ? [...path, at] : path;
      const value = typeof item === 'number' ? item : this.#value(item, own);
      const values = Array.isArray(value) ? (value as TemplateValue[]) : [value as TemplateValue];
      return values
        .filter((one) => one !== '')
        .map((one) => ({ value: typeof one === 'number' ? one : wordsOf(one), path: own }));
    });
  }

  #value(text: string, path: TemplatePath): TemplateValue {
    const parts = splitPlaceholders(text, path);
    const [first] = parts;
    if (first && parts.length === 1 && 'expression' in first) return this.#evaluate(first.expression, path);
    return parts.map((part) => ('text' in part ? part.text : wordsOf(this.#evaluate(part.expression, path)))).join('');
  }
}

function wordsOf(value: TemplateValue): string {
  return Array.isArray(value) ? value.map(wordsOf).join(', ') : String(value);
}

/** Throws where tasks wait for each other, or a task for one that it is a part of, naming them. */
function requireAcyclic(planned: readonly PlannedTask[]): void {
  const state = new Map<number, 'open' | 'done'>();
  const visit = (at: number, path: readonly number[]): void => {
    if (state.get(at) === 'done') return;
    const task = planned[at] as PlannedTask;
    if (state.get(at) === 'open') {
      const circle = [...path.slice(path.indexOf(at)), at].map((one) => planned[one]?.fields.title ?? '');
      throw new TemplateProblem([...task.path, 'depends_on'], `tasks wait for each other: ${circle.join(' → ')}`);
    }
    state.set(at, 'open');
    for (const other of task.dependsOn) visit(other, [...path, at]);
    state.set(at, 'done');
  };
  for (const at of planned.keys()) visit(at, []);
}
