import fc from 'fast-check';
import { PRIORITIES } from '../../../../src/core/model/priority.js';
import type { Candidate, OpenPlan } from '../../../../src/core/planning/nextTask/plan.js';

export const NOW = '2026-06-01T00:00:00.000Z';

export const idOf = (index: number) => index.toString(16).padStart(8, '0');

/** A ready task of which only the given fields matter. */
export function task(index: number, fields: Partial<Candidate> = {}): Candidate {
  return {
    id: idOf(index),
    number: index + 1,
    status: 'pending',
    priority: 'medium',
    type: 'task',
    createdAt: '2026-05-01T00:00:00.000Z',
    archived: false,
    claimed: false,
    described: true,
    tags: [],
    files: [],
    ...fields,
  };
}

/** A plan; `edges` are pairs of indexes: the task, and what it depends on. */
export function planOf(
  tasks: readonly Candidate[],
  edges: readonly (readonly [number, number])[] = [],
  fields: Partial<OpenPlan> = {},
): OpenPlan {
  const known = new Map(tasks.map((one) => [one.id, one]));
  const places = new Map(tasks.map((one, at) => [one.id, at]));
  return {
    now: NOW,
    tasks,
    edges: edges.flatMap((pair) => {
      const [from, to] = pair.map((index) => places.get(idOf(index)));
      return from === undefined || to === undefined ? [] : [from, to];
    }),
    detailsOf: (ids) => new Map(ids.flatMap((id) => [known.get(id) ?? []].flat().map((one) => [id, one] as const))),
    ...fields,
  };
}

const moment = fc.constantFrom('2026-05-20T00:00:00.000Z', '2026-06-04T12:00:00.000Z', '2027-01-01T00:00:00.000Z');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const few = (...words: string[]) => fc.subarray(words);

const fields = fc.record({
  status: fc.constantFrom('pending', 'pending', 'pending', 'in_progress', 'blocked', 'cancelled'),
  priority: fc.constantFrom(...PRIORITIES),
  type: fc.constantFrom('task', 'bug'),
  createdAt: fc.constantFrom('2026-05-01T00:00:00.000Z', '2026-05-02T00:00:00.000Z'),
  archived: fc.boolean().map((on) => on && true),
  claimed: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
  described: fc.boolean(),
  tags: few('api', 'ui', 'db'),
  files: few('a.ts', 'b.ts', 'c.ts', 'd.ts'),
  language: maybe(fc.constantFrom('ts', 'go')),
  project: maybe(fc.constantFrom('one', 'two')),
  due: maybe(moment),
  notBefore: maybe(moment),
  hours: maybe(
    fc.record({
      p50: fc.double({ min: 0.1, max: 40, noNaN: true }),
      p80: fc.double({ min: 40, max: 90, noNaN: true }),
      source: fc.constantFrom('kept', 'estimate'),
    }),
  ),
  complexity: maybe(fc.integer({ min: 1, max: 10 })),
  businessValue: maybe(fc.integer({ min: 0, max: 50 })),
  parent: maybe(fc.integer({ min: 0, max: 11 }).map(idOf)),
} as const) as fc.Arbitrary<Partial<Candidate>>;

/** Plans of up to twelve tasks in any situation; an edge leads to an earlier task, or anywhere. */
export const plans: fc.Arbitrary<OpenPlan> = fc
  .tuple(
    fc.array(fields, { maxLength: 12 }),
    fc.array(fc.tuple(fc.nat(11), fc.nat(11), fc.integer({ min: 0, max: 9 })), { maxLength: 14 }),
    maybe(
      fc.record({ id: fc.constant('ffffffff'), number: fc.constant(99), tags: few('api', 'ui'), files: few('a.ts') }),
    ),
  )
  .map(([list, pairs, last]) => {
    const tasks = list.map((one, index) => task(index, { ...one, archived: one.archived === true && index % 5 === 0 }));
    const edges = pairs
      .map(([a, b, wild]) => (wild === 0 ? ([a, b] as const) : ([Math.max(a, b), Math.min(a, b)] as const)))
      .filter(([a, b]) => a !== b);
    return planOf(tasks, edges, { last });
  });
