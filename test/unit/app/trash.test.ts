import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../support/refusal.js';
import { openPlan } from './openPlan.js';

describe('the trash', () => {
  test('gives a task back with its number, edges, references and subtasks', async () => {
    const plan = await openPlan();
    const before = (await plan.tasks.create({ title: 'Before' })).id;
    const task = await plan.tasks.create({ title: 'Middle', dependsOn: [before], fileRefs: ['a.ts:1'], tags: ['t'] });
    const after = (await plan.tasks.create({ title: 'After', dependsOn: [task.id] })).id;
    const part = (await plan.tasks.create({ title: 'Part', parent: task.id })).id;

    await plan.tasks.delete(task.id, { force: true });
    expect(plan.tasks.get(after).dependsOn).toEqual([]);
    expect(plan.tasks.get(part).parent).toBeUndefined();
    // A new task does not take its number.
    expect((await plan.tasks.create({ title: 'New' })).number).toBe(5);

    const restored = await plan.trash.restore(task.id);
    expect(restored).toMatchObject({
      number: 2,
      dependsOn: [before],
      unblocks: [after],
      subtasks: [part],
      tags: ['t'],
    });
    expect(restored.fileRefs).toMatchObject([{ path: 'a.ts', line: 1 }]);
    expect((await refusalOf(plan.trash.restore(task.id))).code).toBe('NOT_FOUND');
  });

  test('leaves out edges to what is gone and edges that would close a cycle now', async () => {
    const plan = await openPlan();
    const [one, gone] = [
      (await plan.tasks.create({ title: 'One' })).id,
      (await plan.tasks.create({ title: 'Gone' })).id,
    ];
    const task = (await plan.tasks.create({ title: 'Task', dependsOn: [one, gone] })).id;
    const last = (await plan.tasks.create({ title: 'Last', dependsOn: [task] })).id;
    await plan.tasks.delete(task, { force: true });
    await plan.tasks.delete(gone, { force: true });
    await plan.dependencies.add({ task: one, dependsOn: last });

    const restored = await plan.trash.restore(task);
    expect(restored.dependsOn).toEqual([one]);
    expect(restored.unblocks).toEqual([]);
  });
});
