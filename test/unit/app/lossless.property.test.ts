import fc from 'fast-check';
import { expect, test } from 'vitest';
import { notify } from '../../../src/app/notifications/notify.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { Exports } from '../../../src/app/transfer/exports.js';
import { Imports } from '../../../src/app/transfer/imports.js';
import { keepAnalysis } from '../../../src/store/repositories/analysisRows.js';
import { testEngine } from '../../support/engine.js';
import { contents } from '../../support/stores.js';
import { openPlan } from './openPlan.js';

const SEED = 20_261_121;

/** What somebody does to a plan; numbers choose among the tasks that are there. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    title: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => text.replace(/[\s\0]/g, '') !== ''),
    description: fc.option(
      fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => !/\p{Surrogate}/u.test(text)),
      { nil: undefined },
    ),
    tags: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 3 }),
    hours: fc.option(fc.double({ min: 0.01, max: 1000, noNaN: true }), { nil: undefined }),
  }),
  fc.record({
    do: fc.constantFrom(
      'depend',
      'link',
      'parent',
      'complete',
      'delete',
      'claim',
      'refer',
      'say',
      'tell',
      'track',
      'analyse',
      'custom' as const,
    ),
    a: fc.nat(),
    b: fc.nat(),
    words: fc.string({ minLength: 1, maxLength: 30 }),
  }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function perform(plan: Orchestrator, given: Step): Promise<void> {
  if (given.do === 'add') {
    const { title, description, tags, hours } = given;
    await plan.tasks.create({ title, description, tags, estimatedHours: hours, fileRefs: ['src/a.ts:3:9'] });
    return;
  }
  const ids = plan.plan.graph.tasks().map((task) => task.id);
  if (ids.length === 0) return;
  const [a, b] = [ids[given.a % ids.length] as string, ids[given.b % ids.length] as string];
  const write = (work: Parameters<typeof plan.plan.commit>[1]) => plan.plan.commit('test', work);
  const uid = () => plan.plan.world.ids.next();
  switch (given.do) {
    case 'depend':
      await plan.dependencies.add({ task: a, dependsOn: b, type: given.a % 2 ? 'data' : 'completion' });
      return;
    case 'parent':
      await plan.tasks.update({ task: a, parent: b });
      return;
    case 'complete':
      await plan.tasks.setStatus({ task: a, status: 'completed', summary: given.words, force: true });
      return;
    case 'delete':
      await plan.tasks.delete(a);
      return;
    case 'claim':
      await plan.claims.claim({ task: a, for: '1h' });
      return;
    case 'refer':
      await plan.references.add({ task: a, place: `src/${given.b % 7}.ts` });
      return;
    case 'link':
      if (a !== b)
        await write((tx) => tx.insert('links', { task_id: a, target_id: b, type: 'related', created_at: tx.at }));
      return;
    case 'say':
      await write((tx) =>
        tx.insert('collaboration_events', {
          uid: uid(),
          task_id: a,
          agent_id: 'x',
          event_type: 'note',
          content: given.words,
          created_at: tx.at,
        }),
      );
      return;
    case 'tell':
      await write((tx) => {
        const notification_id = notify(tx, plan.plan.world.ids, { type: 'info', message: given.words, task: a });
        tx.insert('notification_reads', { notification_id, agent_id: 'y', read_at: tx.at });
      });
      return;
    case 'track':
      await write((tx) =>
        tx.insert('time_entries', { uid: uid(), task_id: a, agent_id: 'x', started_at: tx.at, note: given.words }),
      );
      return;
    case 'analyse':
      await write((tx) =>
        keepAnalysis(tx, { task: a, kind: 'complexity', inputHash: given.words, result: { score: 1 + (given.b % 9) } }),
      );
      return;
    case 'custom':
      await write((tx) =>
        tx.update('tasks', [a], { custom: JSON.stringify({ words: given.words }), actual_hours: given.a % 50 }),
      );
  }
}

/** Every row, without what each store has for itself and the integers that SQLite gives out. */
function rowsOf(plan: Orchestrator): Record<string, unknown[]> {
  const { audit_log: _audit, sqlite_sequence: _sequence, meta: _meta, ...tables } = contents(plan.plan.store);
  const internal = (table: string) => ({ dependencies: 'id', file_refs: 'id', collaboration_events: 'seq' })[table];
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows
        .map((row) =>
          JSON.stringify(
            Object.fromEntries(Object.entries(row as object).filter(([column]) => column !== internal(table))),
          ),
        )
        .sort(),
    ]),
  );
}

test('a lossless export, imported into an empty store, makes the same rows; once more it changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.constantFrom('json' as const, 'jsonl' as const),
      async (steps, format) => {
        const plan = await openPlan();
        // What the plan refuses is not in it.
        for (const one of steps) await perform(plan, one).catch(() => undefined);
        const lines: string[] = [];
        new Exports(plan.plan, plan.tasks).write({ format, lossless: true }, { write: (text) => lines.push(text) });
        const source = {
          name: 'plan',
          folder: false,
          files: [{ path: 'plan', bytes: new TextEncoder().encode(lines.join('\n')) }],
        };
        const other = await openPlan();
        const imports = new Imports(other.plan, () => testEngine());
        await imports.import(source, {});
        expect(rowsOf(other)).toEqual(rowsOf(plan));
        const { head } = other.plan.store;
        expect(await imports.import(source, {})).toMatchObject({ created: 0, updated: 0, conflicts: [] });
        expect(other.plan.store.head).toBe(head);
      },
    ),
    { seed: SEED, numRuns: 40 },
  );
}, 120_000);
