import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schema } from '../../../src/app/input.js';
import { changeTaskInput, createTaskInput } from '../../../src/app/tasks/taskInputs.js';

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('', '  ', 'high', ' URGENT', 'done', 'in-progress', '#api', 'a b', 'x'.repeat(201), 'y'.repeat(501)),
);
const anything = fc.oneof(
  { weight: 8, arbitrary: words },
  { weight: 2, arbitrary: fc.array(words, { maxLength: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(undefined, null, 0, 1, 2.5, -1, true, [1], {}) },
);
const names = [
  ...(['title', 'description', 'priority', 'status', 'type', 'assignee', 'tags', 'addTags', 'removeTags'] as const),
  ...(['parent', 'dependsOn', 'fileRefs', 'due', 'project', 'milestone', 'context', 'task', 'lease', 'force'] as const),
  ...(['estimatedHours', 'criteria', 'nobody'] as const),
];
const inputs = fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 5 });

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

test.each<[string, Schema, object]>([
  ['a new task', createTaskInput, { title: 'Title' }],
  ['a change', changeTaskInput, { task: '12' }],
])('%s that is read without its schema is read as the schema reads it', (_, schema, needed) => {
  let short = 0;
  fc.assert(
    fc.property(inputs, (given) => {
      const value = { ...needed, ...given };
      const plain = outcome(() => schema.plain?.(value)?.value);
      if (plain === undefined) return;
      short += 1;
      expect(plain).toEqual(
        outcome(() => {
          const read = schema().safeParse(value);
          return read.success ? read.data : { issues: read.error.issues };
        }),
      );
    }),
    { seed: 20_261_121, numRuns: 3000 },
  );
  expect(short).toBeGreaterThan(200);
});
