import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerJsonSchema, modelAnswer, readAnswer } from '../../../src/app/planning/expansion/answerSchema.js';
import { cleanText, findCircle, type ModelAnswer, problemsOf } from '../../../src/core/planning/expansion/answer.js';
import { assemble } from '../../../src/core/planning/expansion/assemble.js';
import { choose, faultsOf } from '../../../src/core/planning/expansion/choose.js';
import { itemIds, type Subtask } from '../../../src/core/planning/expansion/expandedTask.js';
import { subtaskText, withSteps } from '../../../src/core/planning/expansion/markdown.js';
import { composePrompt, PROMPT_LIMITS, type Subject } from '../../../src/core/planning/expansion/prompt.js';
import { fromTemplate } from '../../../src/core/planning/expansion/template.js';
import { planOf } from '../../support/modelServer.js';

const everything = { tests: true, documentation: true, implementation: true };

/** Subtasks that depend on earlier ones only, in any order of the list. */
const acyclic = fc
  .integer({ min: 1, max: 9 })
  .chain((size) =>
    fc.tuple(
      fc.array(fc.array(fc.nat(size - 1), { maxLength: 4 }), { minLength: size, maxLength: size }),
      fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
    ),
  )
  .map(([edges, order]) =>
    order.map((at) => ({
      id: `s${at + 1}`,
      dependencies: (edges[at] ?? []).filter((other) => other < at).map((other) => `s${other + 1}`),
    })),
  );

function asSubtask({ id, dependencies }: { id: string; dependencies: readonly string[] }): Subtask {
  const rest = { type: 'development', priority: 'medium', estimatedEffort: null } as const;
  return { id, title: id, description: '', dependencies, requiredSkills: [], acceptanceCriteria: [], ...rest };
}

/** Everything that comes before an item, near or far. */
function allBefore(items: readonly { id: string; dependencies: readonly string[] }[], id: string): Set<string> {
  const found = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const other of items.find((item) => item.id === next)?.dependencies ?? [])
      if (!found.has(other)) {
        found.add(other);
        open.push(other);
      }
  return found;
}

describe('dependencies among proposed items', () => {
  test('no circle is found where there is none, and one is named where an edge closes it', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), (items, pick) => {
        expect(findCircle(items)).toBeUndefined();
        const last = items[pick % items.length] as (typeof items)[number];
        const earlier = [...allBefore(items, last.id)][0];
        if (earlier === undefined) return;
        const closed = items.map((item) =>
          item.id === earlier ? { ...item, dependencies: [...item.dependencies, last.id] } : item,
        );
        const circle = findCircle(closed) ?? [];
        expect(circle.length).toBeGreaterThan(1);
        expect(circle[0]).toBe(circle.at(-1));
        for (const [at, id] of circle.slice(0, -1).entries())
          expect(closed.find((item) => item.id === id)?.dependencies).toContain(circle[at + 1]);
      }),
    );
  });

  test('whatever is chosen keeps its order, depends on nothing that was left out, and closes no circle', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), (items, mask) => {
        const parts = {
          subtasks: items.map(asSubtask),
          implementationSteps: [],
          testTasks: [],
          documentationTasks: [],
        };
        const chosen = new Set(items.filter((_, at) => ((mask >> at) & 1) === 1).map(({ id }) => id));
        const kept = choose(parts, chosen);
        expect(kept.subtasks.map(({ id }) => id)).toEqual(items.map(({ id }) => id).filter((id) => chosen.has(id)));
        expect(faultsOf(kept)).toEqual([]);
        for (const { id } of kept.subtasks) {
          const wanted = [...allBefore(items, id)].filter((other) => chosen.has(other));
          expect([...allBefore(kept.subtasks, id)].sort()).toEqual(wanted.sort());
        }
      }),
    );
  });

  test('a subtask goes with the one that it is a part of, and so do its steps', () => {
    const parent = asSubtask({ id: 's1', dependencies: [] });
    const child = { ...asSubtask({ id: 's1.1', dependencies: [] }), parentId: 's1' };
    const parts = { ...assemble(modelAnswer().parse(planOf()), everything, parent), subtasks: [parent, child] };
    const all = new Set(itemIds(parts));
    expect([...all]).toEqual(['s1', 's1.1', 'steps:s1']);
    all.delete('s1');
    expect(choose(parts, all)).toMatchObject({ subtasks: [], implementationSteps: [], orphans: ['s1.1'] });
  });
});

describe('answers of models', () => {
  test('are read from JSON alone, or in one code block; nothing is guessed from prose', () => {
    const text = JSON.stringify(planOf());
    expect(readAnswer(text).problems).toBeUndefined();
    expect(readAnswer(`\`\`\`json\n${text}\n\`\`\`\n`).problems).toBeUndefined();
    expect(readAnswer(`Here it is: ${text}`).problems).toEqual(['it is not JSON']);
  });

  test('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = readAnswer(JSON.stringify(value));
        expect(read.answer !== undefined).toBe(read.problems === undefined);
      }),
    );
  });

  test('have texts without anything but text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(cleanText(clean)).toBe(clean);
        expect(cleanText(text, 'one')).not.toContain('\n');
      }),
    );
  });

  test('are asked for with a schema that every provider admits: all required, nothing else, no bounds', () => {
    const problems: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
      if (type === 'object') {
        if (additionalProperties !== false) problems.push(`${path} is open`);
        if (JSON.stringify(Object.keys(properties as object)) !== JSON.stringify(required))
          problems.push(`${path} is optional`);
      }
      for (const key of [
        'maxLength',
        'maxItems',
        'minimum',
        'maximum',
        'exclusiveMinimum',
        'default',
        '$schema',
        '$ref',
      ])
        if (typeof (schema as Record<string, unknown>)[key] !== 'object' && key in schema)
          problems.push(`${path} has ${key}`);
      for (const [key, inner] of Object.entries(schema)) visit(inner, `${path}.${key}`);
    };
    visit(answerJsonSchema(), '');
    expect(problems).toEqual([]);
  });
});

describe('templates', () => {
  test.each(['feature', 'bug', 'refactor', 'spike', 'docs', 'test', 'deploy', 'anything'])(
    'for %s are plans without problems',
    (type) => {
      const { answer } = fromTemplate({ title: 'x'.repeat(500), type, priority: 'low' });
      expect(problemsOf(answer as ModelAnswer)).toEqual([]);
      expect(readAnswer(JSON.stringify(answer)).problems).toBeUndefined();
      expect(faultsOf(assemble(answer, everything))).toEqual([]);
    },
  );
});

describe('lengths', () => {
  const many = Array.from({ length: 200 }, () => 'é'.repeat(400));
  const subject: Subject = {
    ...{
      title: 'x'.repeat(500),
      description: '"\n'.repeat(2500),
      context: '\\'.repeat(5000),
      type: 'feature',
      priority: 'high',
    },
    ...{ tags: many, criteria: many, partOf: many, existingSubtasks: many, dependsOn: many, files: many },
  };

  test('of what is sent are bounded, and it stays JSON', () => {
    const { user } = composePrompt(subject, everything);
    expect(user.length).toBeLessThanOrEqual(PROMPT_LIMITS.total);
    expect(JSON.parse(user)).toMatchObject({ title: 'x'.repeat(500), type: 'feature' });
  });

  test('of descriptions fit a task; steps that have no room are their titles, or are refused', () => {
    const steps = assemble(modelAnswer().parse(planOf()), everything).implementationSteps;
    const long = {
      ...asSubtask({ id: 's1', dependencies: [] }),
      description: 'd'.repeat(1500),
      technicalNotes: 'n'.repeat(4000),
    };
    expect(subtaskText(long)).toBe('d'.repeat(1500));
    expect(withSteps('d'.repeat(4900), steps)).toContain('- [ ] 2. Write it');
    expect(withSteps('d'.repeat(4900), steps)).not.toContain('Outcome');
    expect(withSteps('d'.repeat(4990), steps)).toBeUndefined();
  });
});
