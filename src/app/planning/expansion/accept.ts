import { InvalidInputError, OrchestratorError } from '../../../core/model/errors.js';
import { checkTitle, type Task } from '../../../core/model/task.js';
import { type TaskId, taskName } from '../../../core/model/taskId.js';
import { cleanText } from '../../../core/planning/expansion/answer.js';
import { type ChosenParts, choose, faultsOf } from '../../../core/planning/expansion/choose.js';
import { itemIds } from '../../../core/planning/expansion/expandedTask.js';
import { documentText, subtaskText, testText, withSteps } from '../../../core/planning/expansion/markdown.js';
import { readTask, resolveTask } from '../../../store/repositories/taskRows.js';
import type { Transaction } from '../../../store/transaction.js';
import { insertDependency } from '../../dependencies/dependencies.js';
import { type Output, parseInput } from '../../input.js';
import type { Plan } from '../../plan.js';
import type { References } from '../../references/references.js';
import { withoutDisabled } from '../../settings/features.js';
import { insertTask } from '../../tasks/newTask.js';
import { applyChange } from '../../tasks/taskChange.js';
import { createTaskInput } from '../../tasks/taskInputs.js';
import type { Tasks } from '../../tasks/tasks.js';
import {
  type AcceptExpansionInput,
  type AcceptedExpansion,
  acceptExpansionInput,
  type ExpandedTask,
} from './expansionInputs.js';

/** An item as the task that it becomes; what it is part of and waits for is named by ids of items. */
interface PlannedTask {
  readonly item: string;
  readonly parent?: string | undefined;
  readonly dependencies: readonly string[];
  readonly given: Output<typeof createTaskInput>;
}

interface Parts {
  readonly plan: Plan;
  readonly tasks: Tasks;
  readonly references: References;
}

/** See `Expansion.accept`. */
export async function acceptExpansion(
  { plan, tasks, references }: Parts,
  input: AcceptExpansionInput,
): Promise<AcceptedExpansion> {
  const { expansion, items, titles = {} } = parseInput(acceptExpansionInput, input);
  requireSound(expansion);
  const parts = chosenOf(expansion, items, titles);
  const id = resolveTask(plan.store, expansion.originalTaskId);
  const task = readTask(plan.store, id);
  const planned = await withoutFeatures(plan, plannedTasks(parts, task, titles));
  const repeats = plan.isRepetition(ACTION);
  const automation = repeats ? undefined : plan.world.automation;
  const description = describedWith(parts, task);
  for (const { given } of planned) await automation?.before({ kind: 'create', task: given });
  if (description !== undefined)
    await automation?.before({ kind: 'update', task: tasks.get(id), changes: { description } });
  const created = await plan.commitOnce(ACTION, { id, items, titles, expansion }, (transaction) => {
    const now = readTask(transaction, id);
    requireNew(transaction, now, planned);
    const ids = insertAll(transaction, { plan, references }, id, planned);
    const text = describedWith(parts, now);
    if (text !== undefined) applyChange(transaction, plan, references, id, { description: text });
    return [transaction.seq, ...planned.map(({ item }) => `${item}=${ids.get(item)}`)].join(' ');
  });
  const [seq, ...pairs] = created.split(' ');
  const ids = Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
  const views = Object.values(ids).map((one) => tasks.get(one));
  for (const view of views) await automation?.after({ kind: 'create', task: view });
  const view = tasks.get(id);
  if (description !== undefined) await automation?.after({ kind: 'update', task: view, changes: { description } });
  return { task: view, tasks: views, items: ids, seq: Number(seq) };
}

const ACTION = 'expansion.accept';

function requireSound(expansion: ExpandedTask): void {
  const [fault] = faultsOf(expansion);
  if (fault !== undefined)
    throw new InvalidInputError(
      'expansion',
      `The proposal cannot be used: ${fault}. Nothing was changed; make it again.`,
    );
}

function chosenOf(
  expansion: ExpandedTask,
  items: readonly string[] | undefined,
  titles: Readonly<Record<string, string>>,
): ChosenParts {
  const known = itemIds(expansion);
  for (const id of [...(items ?? []), ...Object.keys(titles)])
    if (!known.includes(id))
      throw new InvalidInputError(
        'items',
        `There is no item ${cleanText(id, 'one')} in the proposal: it has ${known.join(', ')}.`,
      );
  const parts = choose(expansion, new Set(items ?? known));
  const [orphan] = parts.orphans;
  if (orphan !== undefined)
    throw new InvalidInputError(
      'items',
      `${orphan} is part of ${above(orphan)}, which was not chosen. Choose both, or neither.`,
    );
  const { subtasks, testTasks, documentationTasks, implementationSteps } = parts;
  if (subtasks.length + testTasks.length + documentationTasks.length + implementationSteps.length === 0)
    throw new InvalidInputError('items', 'Nothing of the proposal was chosen, so nothing was changed.');
  return parts;
}

function above(id: string): string {
  return id.slice(0, id.lastIndexOf('.'));
}

/** The tasks in the order in which they are created: what others are parts of, or wait for, is among those before. */
function plannedTasks(parts: ChosenParts, task: Task, titles: Readonly<Record<string, string>>): PlannedTask[] {
  const inherited = {
    ...(task.project !== undefined && { project: task.project }),
    ...(task.milestone !== undefined && { milestone: task.milestone }),
    ...(task.codeLanguage !== undefined && { codeLanguage: task.codeLanguage }),
    ...(task.tags.length > 0 && { tags: [...task.tags] }),
  };
  const planned = (
    item: {
      readonly id: string;
      readonly title: string;
      readonly priority: string;
      readonly estimatedEffort: number | null;
      readonly dependencies: readonly string[];
    },
    type: string,
    description: string,
    rest: { readonly parent?: string | undefined; readonly criteria?: readonly string[] } = {},
  ): PlannedTask => ({
    item: item.id,
    parent: rest.parent,
    dependencies: item.dependencies,
    given: parseInput(createTaskInput, {
      ...inherited,
      title: checkTitle(cleanText(titles[item.id] ?? item.title, 'one')),
      type,
      priority: item.priority,
      ...(description !== '' && { description: cleanText(description) }),
      ...(item.estimatedEffort !== null && { estimatedHours: item.estimatedEffort }),
      ...(rest.criteria &&
        rest.criteria.length > 0 && { criteria: [...new Set(rest.criteria)].map((criterion) => ({ criterion })) }),
    }),
  });
  return [
    ...parts.subtasks.map((one) => {
      const steps = parts.implementationSteps.filter((step) => step.subtaskId === one.id);
      const text = subtaskText(one);
      const description = steps.length > 0 ? (withSteps(text, steps) ?? text) : text;
      return planned(one, one.type, description, { parent: one.parentId, criteria: one.acceptanceCriteria });
    }),
    ...parts.testTasks.map((one) => planned(one, 'testing', testText(one))),
    ...parts.documentationTasks.map((one) => planned(one, 'documentation', documentText(one))),
  ];
}

/** The task's description with its steps; undefined where there are none. Throws INVALID_INPUT where it has no room. */
function describedWith({ implementationSteps }: ChosenParts, task: Task): string | undefined {
  const steps = implementationSteps.filter((step) => step.subtaskId === undefined);
  if (steps.length === 0) return undefined;
  const text = withSteps(task.description, steps);
  if (text !== undefined) return cleanText(text);
  throw new InvalidInputError(
    'items',
    `The description of ${taskName(task.number)} has no room for the implementation steps. Leave the item “steps” out, or shorten it.`,
  );
}

async function withoutFeatures(plan: Plan, planned: readonly PlannedTask[]): Promise<PlannedTask[]> {
  const { folder, tell } = plan.world;
  const told = new Set<string>();
  const once = (message: string) => {
    if (!told.has(message)) tell?.(message);
    told.add(message);
  };
  return Promise.all(
    planned.map(async (one) => ({ ...one, given: await withoutDisabled({ folder, tell: once }, one.given) })),
  );
}

/** Throws CONFLICT where the task has a subtask of such a title: a proposal is accepted once. */
function requireNew(transaction: Transaction, task: Task, planned: readonly PlannedTask[]): void {
  const rows = transaction.all<{ id: TaskId }>('SELECT id FROM tasks WHERE parent_id = ? ORDER BY number', [task.id]);
  const there = new Map(rows.map(({ id }) => readTask(transaction, id)).map((one) => [one.title.toLowerCase(), one]));
  for (const { item, parent, given } of planned) {
    const same = parent === undefined ? there.get(given.title.toLowerCase()) : undefined;
    if (same)
      throw new OrchestratorError(
        'CONFLICT',
        `${taskName(same.number)} “${same.title}” is a subtask of ${taskName(task.number)} already. Nothing was changed; leave ${item} out, or give it another title.`,
        { task: same.id, item },
      );
  }
}

function insertAll(
  transaction: Transaction,
  { plan, references }: Pick<Parts, 'plan' | 'references'>,
  root: TaskId,
  planned: readonly PlannedTask[],
): ReadonlyMap<string, TaskId> {
  const ids = new Map<string, TaskId>();
  // A subtask's parent comes before it in the list only if nobody edited the proposal's order.
  const open = [...planned];
  while (open.length > 0) {
    const at = open.findIndex(({ parent }) => parent === undefined || ids.has(parent));
    const [next] = open.splice(at, 1);
    if (!next) break;
    const parent = next.parent === undefined ? root : ids.get(next.parent);
    ids.set(
      next.item,
      insertTask(transaction, plan.world.ids, references, { ...next.given, ...(parent !== undefined && { parent }) }),
    );
  }
  for (const { item, dependencies } of planned)
    for (const other of dependencies) insertDependency(transaction, ids.get(item) as TaskId, ids.get(other) as TaskId);
  return ids;
}
