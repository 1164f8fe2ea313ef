import type { Priority } from '../../model/priority.js';
import {
  type DOCUMENTATION_TYPES,
  LONGEST,
  type RISK_LEVELS,
  type SUBTASK_TYPES,
  type TEST_TYPES,
} from './expandedTask.js';

/** What a model answers: the proposal before its parts have ids. Texts are as they came. */
export interface ModelAnswer {
  readonly subtasks: readonly {
    /** What others call it in `dependencies` and `targets`. */
    readonly key: string;
    readonly title: string;
    readonly description: string;
    readonly estimatedEffort: number | null;
    readonly priority: Priority;
    readonly dependencies: readonly string[];
    readonly type: (typeof SUBTASK_TYPES)[number];
    readonly requiredSkills: readonly string[];
    readonly acceptanceCriteria: readonly string[];
    readonly implementationHints: string | null;
    readonly technicalNotes: string | null;
  }[];
  readonly implementationSteps: readonly {
    readonly title: string;
    readonly description: string;
    readonly expectedOutcome: string;
    readonly dependencies: readonly number[];
    readonly resources: readonly string[];
    readonly timeEstimate: number | null;
    readonly riskLevel: (typeof RISK_LEVELS)[number];
    readonly validationCriteria: readonly string[];
  }[];
  readonly testTasks: readonly {
    readonly title: string;
    readonly type: (typeof TEST_TYPES)[number];
    readonly description: string;
    readonly targets: readonly string[];
    readonly priority: Priority;
    readonly estimatedEffort: number | null;
    readonly frameworkSuggestions: readonly string[];
    readonly scenarios: readonly {
      readonly description: string;
      readonly steps: readonly string[];
      readonly expectedResults: readonly string[];
      readonly edgeCases: readonly string[];
      readonly testDataRequirements: readonly string[];
    }[];
  }[];
  readonly documentationTasks: readonly {
    readonly title: string;
    readonly type: (typeof DOCUMENTATION_TYPES)[number];
    readonly description: string;
    readonly targets: readonly string[];
    readonly priority: Priority;
    readonly estimatedEffort: number | null;
    readonly sections: readonly {
      readonly title: string;
      readonly contentOutline: readonly string[];
      readonly requiredElements: readonly string[];
      readonly targetAudience: string;
    }[];
  }[];
}

/** A text of a model without anything but text: no control or direction characters, no more lines than `lines` allows. */
export function cleanText(text: string, lines: 'one' | 'many' = 'many'): string {
  const kept = text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    // Besides control characters: what turns the direction of text around, and what cannot be seen.
    .replace(/(?!\n)[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, '');
  return (lines === 'one' ? kept.replace(/\s+/g, ' ') : kept.replace(/\n{3,}/g, '\n\n')).trim();
}

/**
 * What is wrong with an answer that has the right shape, in words for whoever wrote it: keys that are used twice or
 * missing, dependencies that go round in a circle, titles that say nothing. Empty where all is well.
 */
export function problemsOf(answer: ModelAnswer): string[] {
  const problems: string[] = [];
  const { subtasks, implementationSteps, testTasks, documentationTasks } = answer;
  const keys = new Set<string>();
  for (const [at, { key }] of subtasks.entries()) {
    if (keys.has(key)) problems.push(`subtasks.${at}.key: “${shown(key)}” is used twice`);
    keys.add(key);
  }
  const known = (path: string, names: readonly string[]) => {
    for (const name of names)
      if (!keys.has(name)) problems.push(`${path}: there is no subtask with the key “${shown(name)}”`);
  };
  for (const [at, { key, dependencies }] of subtasks.entries()) {
    known(`subtasks.${at}.dependencies`, dependencies);
    if (dependencies.includes(key)) problems.push(`subtasks.${at}.dependencies: “${shown(key)}” depends on itself`);
  }
  for (const [at, { targets }] of testTasks.entries()) known(`testTasks.${at}.targets`, targets);
  for (const [at, { targets }] of documentationTasks.entries()) known(`documentationTasks.${at}.targets`, targets);
  for (const [at, { dependencies }] of implementationSteps.entries())
    for (const number of dependencies)
      if (number < 1 || number > at)
        problems.push(
          `implementationSteps.${at}.dependencies: ${number} is not the number of an earlier step (from 1)`,
        );
  const circle = findCircle(subtasks.map(({ key, dependencies }) => ({ id: key, dependencies })));
  if (circle) problems.push(`subtasks: the dependencies go round in a circle: ${circle.map(shown).join(' → ')}`);
  problems.push(...titleProblems({ subtasks, testTasks, documentationTasks, implementationSteps }));
  return problems;
}

/** The ids along a circle of dependencies, the first one again at its end; undefined where there is none. */
export function findCircle(
  items: readonly { readonly id: string; readonly dependencies: readonly string[] }[],
): string[] | undefined {
  const dependencies = new Map(items.map((item) => [item.id, item.dependencies]));
  const done = new Set<string>();
  for (const { id: start } of items) {
    const path: { id: string; rest: string[] }[] = [{ id: start, rest: [...(dependencies.get(start) ?? [])] }];
    for (let top = path.at(-1); top && !done.has(start); top = path.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        done.add(top.id);
        path.pop();
      } else if (path.some(({ id }) => id === next)) {
        const ids = path.map(({ id }) => id);
        return [...ids.slice(ids.indexOf(next)), next];
      } else if (!done.has(next) && dependencies.has(next))
        path.push({ id: next, rest: [...(dependencies.get(next) ?? [])] });
    }
  }
  return undefined;
}

function titleProblems(lists: Readonly<Record<string, readonly { readonly title: string }[]>>): string[] {
  const problems: string[] = [];
  const seen = new Map<string, string>();
  for (const [name, items] of Object.entries(lists))
    for (const [at, { title }] of items.entries()) {
      const path = `${name}.${at}.title`;
      const text = cleanText(title, 'one');
      if (!/[\p{L}\p{N}]/u.test(text)) problems.push(`${path}: says nothing`);
      else if ([...text].length > LONGEST.title) problems.push(`${path}: is longer than ${LONGEST.title} characters`);
      if (name === 'implementationSteps') continue;
      const other = seen.get(text.toLowerCase());
      if (other !== undefined) problems.push(`${path}: is the same as ${other}`);
      seen.set(text.toLowerCase(), path);
    }
  return problems;
}

function shown(text: string): string {
  const clean = cleanText(text, 'one');
  return [...clean].length > 60 ? `${[...clean].slice(0, 60).join('')}…` : clean;
}
