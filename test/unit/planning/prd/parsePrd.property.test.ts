import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParsedPrd, PrdSection } from '../../../../src/core/planning/prd/parsedPrd.js';
import { PRD_DEFAULTS, parsePrd, prdMessage } from '../../../../src/core/planning/prd/parsePrd.js';
import { check } from '../../../support/check.js';

const FOLDER = join(import.meta.dirname, '../../../fixtures/prd');
const lines = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').split('\n'));

/** Any text, and texts of lines that documents have, in any order and at any depth. */
const documents = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.tuple(fc.constantFrom('', '', '  ', '    ', '> ', '- ', '\t'), fc.constantFrom(...lines)), {
      maxLength: 60,
    })
    .map((all) => all.map((pair) => pair.join('')).join('\n')),
  fc
    .array(
      fc.constantFrom(
        '# ',
        '## Features\n',
        '- ',
        '**',
        '|',
        '|---|\n',
        '\n',
        'Given ',
        'As a x I want y',
        '```',
        '> ',
        'FR-1: ',
        '<',
        '[',
        '](',
      ),
      { maxLength: 80 },
    )
    .map((all) => all.join('')),
);

describe('whatever the text is', () => {
  test('it is read, the same each time', () => {
    check(
      fc.property(documents, fc.double({ min: 0, max: 1, noNaN: true }), (text, confidenceThreshold) => {
        const options = { ...PRD_DEFAULTS, confidenceThreshold };
        const prd = parsePrd(text, options);
        expect(parsePrd(text, options)).toEqual(prd);
        expect(prdMessage(prd, options)).not.toBe('');
      }),
      300,
    );
  });

  test('all lines are within the document, ids are unique, and what is named is there', () => {
    check(
      fc.property(documents, (text) => {
        const prd = parsePrd(text, { ...PRD_DEFAULTS, confidenceThreshold: 0.5 });
        const last = Math.max(1, text.split(/\r\n|\n|\r/).length);
        for (const { line, endLine } of placesOf(prd)) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(endLine).toBeGreaterThanOrEqual(line);
          expect(endLine).toBeLessThanOrEqual(last);
        }
        const items = [...prd.features, ...prd.requirements];
        const ids = items.map(({ id }) => id);
        const tasks = prd.tasks.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(new Set(tasks).size).toBe(tasks.length);
        expect(new Set(prd.tasks.map(({ key }) => key)).size).toBe(tasks.length);
        for (const { dependencies, parentId } of prd.tasks)
          expect(tasks).toEqual(expect.arrayContaining([...dependencies, ...(parentId ? [parentId] : [])]));
        for (const { title } of prd.tasks) expect(title.trim()).not.toBe('');
        expect(prd.statistics).toMatchObject({
          featureCount: prd.features.length,
          requirementCount: prd.requirements.length,
          taskCount: tasks.length,
        });
        expectAcyclic(prd);
      }),
      300,
    );
  });

  test('text without structure gives no tasks and says why', () => {
    const word = fc.constantFrom('we', 'like', 'maps', 'and', 'tea', 'slowly', 'tomorrow');
    check(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), { maxLength: 6 }), (paragraphs) => {
        const prd = parsePrd(paragraphs.map((words) => words.join(' ')).join('\n\n'), PRD_DEFAULTS);
        expect(prd.tasks).toEqual([]);
        expect(prdMessage(prd, PRD_DEFAULTS)).toMatch(/^No tasks: .*“Features”/);
      }),
    );
  });
});

describe('hostile and huge documents', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['lists within lists', Array.from({ length: 400 }, (_, at) => `${' '.repeat(at * 2)}- x`).join('\n')],
    ['lists a thousand deep', Array.from({ length: 1000 }, (_, at) => `${' '.repeat(at * 2)}- x`).join('\n')],
    ['one word of a million letters', `## Features\n\n### ${'x'.repeat(1_000_000)}\n`],
    ['long titles that are the same', `## Features\n${`### ${'long words '.repeat(9)}\n`.repeat(300)}`],
    ['quotations within quotations', `${'>'.repeat(20_000)} x`],
    ['one line of a megabyte', 'x '.repeat(500_000)],
    ['stars', '*'.repeat(200_000)],
    ['open brackets', '['.repeat(200_000)],
    ['open tags', '<a '.repeat(100_000)],
    ['back ticks', '` '.repeat(100_000)],
    ['a rule that is none', `-${' '.repeat(200_000)}-x`],
    ['a heading with a long tail', `# a${' '.repeat(200_000)}x`],
    ['a table of one row', `|${'a|'.repeat(100_000)}\n|${'-|'.repeat(100_000)}`],
    ['a delimiter that is none', `a|b\n${'-|'.repeat(100_000)}x`],
    [
      'front matter that grows',
      `---\na: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, at) => `${name}: &${name} [${`*${'abcdefghij'[at]},`.repeat(9)}]`).join('\n')}\n---\n`,
    ],
    ['As a without an end', `As a ${'b '.repeat(100_000)}`],
    [
      'thousands of features that depend on misspelled names',
      `## Features\n${Array.from({ length: 3000 }, (_, at) => `### Part ${at}\n- Depends on: Prat ${at * 7}`).join('\n')}`,
    ],
    [
      'a feature of thousands of requirements that depend on each other',
      `## Features\n### One\n#### Requirements\n${Array.from({ length: 3000 }, (_, at) => `- FR-${at}: Thing ${at}\n  - Depends on: FR-${at + 1}`).join('\n')}`,
    ],
  ];
  test.each(cases)('%s', (_name, text) => {
    const prd = parsePrd(text, PRD_DEFAULTS);
    expect(prdMessage(prd, PRD_DEFAULTS)).not.toBe('');
  });
});

function placesOf(prd: ParsedPrd): { line: number; endLine: number }[] {
  const sections = (list: readonly PrdSection[]): PrdSection[] =>
    list.flatMap((one) => [one, ...sections(one.children)]);
  return [
    ...prd.features,
    ...prd.features.flatMap(({ userStories }) => userStories),
    ...prd.requirements,
    ...prd.acceptanceCriteria,
    ...prd.tasks,
    ...prd.needsReview,
    ...prd.unresolvedDependencies,
    ...sections(prd.hierarchy),
  ];
}

/** Taking away what waits for nothing, again and again, leaves nothing. */
function expectAcyclic({ tasks }: ParsedPrd): void {
  const left = new Map(tasks.map(({ id, dependencies }) => [id, dependencies]));
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [id, dependencies] of left) if (dependencies.every((other) => !left.has(other))) left.delete(id);
  }
  expect([...left.keys()]).toEqual([]);
}
