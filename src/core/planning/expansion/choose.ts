import { findCircle } from './answer.js';
import { type ExpansionParts, itemIds, type Subtask, stepsItem } from './expandedTask.js';

/** What was chosen of a proposal, with dependencies among the chosen only. */
export interface ChosenParts extends ExpansionParts {
  /** Chosen items that could not be kept: the subtask above them was not chosen. */
  readonly orphans: readonly string[];
}

/**
 * The chosen items. A dependency on an item that was left out becomes dependencies on what that one depended on, so that
 * the order of the rest stays. A subtask whose parent was left out goes with it.
 */
export function choose(parts: ExpansionParts, chosen: ReadonlySet<string>): ChosenParts {
  const byId = new Map(parts.subtasks.map((subtask) => [subtask.id, subtask]));
  const isKept = (subtask: Subtask): boolean => {
    const parent = subtask.parentId === undefined ? undefined : byId.get(subtask.parentId);
    return chosen.has(subtask.id) && (parent === undefined || isKept(parent));
  };
  const kept = new Set(parts.subtasks.filter(isKept).map((subtask) => subtask.id));
  const bridged = (ids: readonly string[]): string[] => {
    const found = new Set<string>();
    const seen = new Set<string>();
    const open = [...ids].reverse();
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (kept.has(id)) found.add(id);
      else open.push(...[...(byId.get(id)?.dependencies ?? [])].reverse());
    }
    return [...found];
  };
  const narrowed = <T extends { readonly id: string; readonly dependencies: readonly string[] }>(items: readonly T[]) =>
    items.map((item) => ({ ...item, dependencies: bridged(item.dependencies) }));
  const stepsKept = (subtask: string | undefined) =>
    chosen.has(stepsItem(subtask)) && (subtask === undefined || kept.has(subtask));
  return {
    subtasks: narrowed(parts.subtasks.filter((subtask) => kept.has(subtask.id))),
    implementationSteps: parts.implementationSteps.filter((step) => stepsKept(step.subtaskId)),
    testTasks: narrowed(parts.testTasks.filter((task) => chosen.has(task.id))),
    documentationTasks: narrowed(parts.documentationTasks.filter((task) => chosen.has(task.id))),
    orphans: parts.subtasks.map((subtask) => subtask.id).filter((id) => chosen.has(id) && !kept.has(id)),
  };
}

/** What is wrong with the parts of a proposal that somebody may have edited; empty where all is well. */
export function faultsOf(parts: ExpansionParts): string[] {
  const faults: string[] = [];
  const ids = itemIds(parts);
  const subtasks = new Map(parts.subtasks.map((subtask) => [subtask.id, subtask]));
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`the id ${id} is used twice`);
  for (const { id, parentId } of parts.subtasks)
    if (parentId !== undefined && !subtasks.has(parentId)) faults.push(`${id}: there is no subtask ${parentId}`);
  for (const { id, dependencies } of [...parts.subtasks, ...parts.testTasks, ...parts.documentationTasks])
    for (const other of dependencies) if (!subtasks.has(other)) faults.push(`${id}: there is no subtask ${other}`);
  for (const { subtaskId } of parts.implementationSteps)
    if (subtaskId !== undefined && !subtasks.has(subtaskId)) faults.push(`steps: there is no subtask ${subtaskId}`);
  const above = parts.subtasks.map(({ id, parentId }) => ({
    id,
    dependencies: parentId === undefined ? [] : [parentId],
  }));
  const circle = findCircle(parts.subtasks) ?? findCircle(above);
  if (circle) faults.push(`${circle.join(' → ')} goes round in a circle`);
  return faults;
}
