import { acyclicEdges } from '../../core/transfer/acyclicEdges.js';
import type { Readings } from '../../core/transfer/readings.js';
import type { Transaction } from '../../store/transaction.js';
import type { Known } from './knownTasks.js';
import { placeName } from './placeNames.js';

/** A task's edges by the ids here. */
export interface Edges {
  readonly parent?: string;
  /** Each dependency, link and place by a name that says all of it. */
  readonly names: readonly string[];
  /** What led nowhere, by the file's names, to be kept as a custom field. */
  readonly left: readonly string[];
}

/**
 * Finds the tasks that edges lead to: in the file, among what was imported from it before, or in this store by their id.
 * Edges that lead nowhere, to the task itself, or a parent that would be its own ancestor are left out, and said.
 */
export function resolveEdges(
  transaction: Transaction,
  readings: Readings,
  source: string,
  known: ReadonlyMap<string, Known>,
): ReadonlyMap<string, Edges> {
  const find = (name: string): string | undefined => {
    const inFile = known.get(name);
    if (inFile) return inFile.situation === 'deleted' ? undefined : inFile.id;
    const before = transaction.get<{ id: string }>(
      'SELECT id FROM imported JOIN tasks ON id = task_id WHERE source = ? AND external_id = ?',
      [source, name],
    );
    if (before) return before.id;
    return /^[0-9a-f]{8}$/.test(name)
      ? transaction.get<{ id: string }>('SELECT id FROM tasks WHERE id = ?', [name])?.id
      : undefined;
  };
  const parents = new Map<string, string>();
  const edges = new Map<string, Edges>();
  for (const task of readings.tasks) {
    const { id, situation } = known.get(task.externalId) as Known;
    const names: string[] = [];
    const left: string[] = [];
    const lead = (field: string, to: string, name: (target: string) => unknown[]) => {
      const target = find(to);
      if (target === undefined) {
        left.push(`${field}: ${to}`);
        readings.note(
          field,
          'to a task that is not there: left out, kept in the custom field edges_left_out',
          `${task.where} → ${to}`,
        );
      } else if (target === id) readings.note(field, 'to the task itself: left out', task.where);
      else names.push(JSON.stringify(name(target)));
    };
    if (situation !== 'deleted') {
      for (const { to, type, condition } of task.dependsOn)
        lead('dependencies', to, (target) => ['depends', target, type, ...(condition ? [condition] : [])]);
      for (const { to, type } of task.links) lead('links', to, (target) => ['link', target, type]);
      for (const place of task.places) names.push(placeName(place));
    }
    const parent = task.parent === undefined ? undefined : find(task.parent);
    if (parent !== undefined && parent !== id) parents.set(id, parent);
    else if (task.parent !== undefined && situation !== 'deleted')
      readings.note('parent', 'is not there, or the task itself: left out', `${task.where} → ${task.parent}`);
    edges.set(task.externalId, { ...(parent !== undefined && parent !== id && { parent }), names: names.sort(), left });
  }
  return withoutLoops(transaction, readings, known, parents, edges);
}

function withoutLoops(
  transaction: Transaction,
  readings: Readings,
  known: ReadonlyMap<string, Known>,
  parents: ReadonlyMap<string, string>,
  edges: ReadonlyMap<string, Edges>,
): ReadonlyMap<string, Edges> {
  const present = transaction
    .all<{ from: string; to: string }>('SELECT id AS "from", parent_id AS "to" FROM tasks WHERE parent_id IS NOT NULL')
    .filter(({ from }) => !parents.has(from));
  const { left } = acyclicEdges(
    present,
    [...parents].map(([from, to]) => ({ from, to })),
  );
  if (left.length === 0) return edges;
  const loops = new Set(left.map(({ edge }) => edge.from));
  return new Map(
    [...edges].map(([name, edge]) => {
      const { id, external } = known.get(name) as Known;
      if (!loops.has(id)) return [name, edge];
      readings.note('parent', 'would make a task its own ancestor: left out', external.where);
      return [name, { names: edge.names, left: edge.left }];
    }),
  );
}
