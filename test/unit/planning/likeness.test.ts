import { describe, expect, test } from 'vitest';
import { areRelated, nearest, similarity, traitsOf } from '../../../src/core/planning/likeness.js';

const traits = (type: string, tags: readonly string[], files: readonly string[] = []) =>
  traitsOf({ type, tags }, files);

describe('tasks that are alike', () => {
  test('share type, tags and files of all that is known of both: the Jaccard index', () => {
    const task = traits('task', ['api', 'Auth', 'auth'], ['a.ts', 'a.ts']);
    expect(similarity(task, task)).toBe(1);
    // In common: the type, api, a.ts; in all: these, auth and ui.
    expect(similarity(task, traits('task', ['API', 'ui'], ['a.ts']))).toBe(3 / 5);
    // Two types, and three things in common.
    expect(similarity(task, traits('bug', ['api', 'auth'], ['a.ts']))).toBe(3 / 5);
    expect(similarity(traits('task', []), traits('bug', []))).toBe(0);
  });

  test('are related by a tag, a file or a type that was chosen: the usual type says nothing', () => {
    expect(areRelated(traits('task', []), traits('task', []))).toBe(false);
    expect(areRelated(traits('bug', []), traits('bug', []))).toBe(true);
    expect(areRelated(traits('task', ['x']), traits('bug', ['X']))).toBe(true);
    expect(areRelated(traits('task', ['x'], ['a.ts']), traits('task', ['y'], ['b.ts']))).toBe(false);
  });

  test('the most similar first, then the latest, then by id', () => {
    const done = (id: string, tags: string[], day: number) => ({
      id,
      ...traits('task', tags),
      completedAt: `2026-01-0${day}T00:00:00.000Z`,
    });
    const others = [
      done('a', ['x'], 1),
      done('b', ['x', 'y'], 1),
      done('c', ['y'], 2),
      done('e', ['x'], 1),
      done('d', ['z'], 9),
    ];
    const names = nearest(traits('task', ['x', 'y']), others, areRelated).map(({ task }) => task.id);
    expect(names).toEqual(['b', 'c', 'a', 'e']);
  });
});
