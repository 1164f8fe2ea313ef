import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PRD_DEFAULTS, parsePrd, prdMessage } from '../../../../src/core/planning/prd/parsePrd.js';
import { summaryOf } from './summary.js';

const FOLDER = join(import.meta.dirname, '../../../fixtures/prd');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

describe('documents of many styles', () => {
  test('there are at least twenty', () => {
    expect(names.length).toBeGreaterThanOrEqual(20);
  });

  // The golden files were read by a person; `vitest -u` writes them anew after a change that is meant.
  test.each(names)('%s is read as its golden file says', async (name) => {
    const prd = parsePrd(textOf(name), { ...PRD_DEFAULTS, path: name });
    await expect(summaryOf(prd)).toMatchFileSnapshot(join(FOLDER, 'golden', name.replace(/md$/, 'txt')));
  });

  test.each(names)('%s is read the same with the line ends of Windows', (name) => {
    const text = textOf(name).replaceAll('\r\n', '\n');
    expect(parsePrd(text.replaceAll('\n', '\r\n'), PRD_DEFAULTS)).toEqual(parsePrd(text, PRD_DEFAULTS));
  });
});

describe("seed 002's own example", () => {
  const text = textOf('01-seed-example.md');
  const prd = parsePrd(text, { ...PRD_DEFAULTS, project: 'auth-system', confidenceThreshold: 0.8 });

  test('has two features of high priority and three criteria each, at the confidence that the seed asks for', () => {
    expect(
      prd.features.map(({ title, priority, acceptanceCriteriaIds }) => [title, priority, acceptanceCriteriaIds.length]),
    ).toEqual([
      ['User Registration', 'high', 3],
      ['User Login', 'high', 3],
    ]);
    expect(prd.requirements).toEqual([]);
    expect(prd.needsReview).toEqual([]);
    expect(prd.statistics).toMatchObject({ featureCount: 2, acceptanceCriteriaCount: 6, averageComplexity: null });
    expect(prd.title).toBe('User Authentication System');
  });

  test('none of its fields is taken for a criterion, a title or a description', () => {
    const said = [
      ...prd.acceptanceCriteria.map(({ description }) => description),
      ...prd.features.flatMap(({ title, description }) => [title, description]),
    ];
    for (const words of said) expect(words).not.toMatch(/Priority|Description|Acceptance/);
  });

  test('its tasks are to implement, to test and to document each feature, tests after the implementation', () => {
    const children = prd.tasks.filter(({ parentId }) => parentId !== undefined).map(({ title }) => title);
    expect(children).toEqual(
      ['User Registration', 'User Login'].flatMap((title) => [
        `Implement ${title}`,
        `Test ${title}`,
        `Document ${title}`,
      ]),
    );
    expect(prd.dependencies.map(({ sourceId, targetId }) => [sourceId, targetId])).toEqual([
      ['user-registration/test', 'user-registration/implement'],
      ['user-login/test', 'user-login/implement'],
    ]);
  });
});

describe('what can be left out', () => {
  const text = textOf('17-epics.md');
  const read = (options: Partial<typeof PRD_DEFAULTS>) => parsePrd(text, { ...PRD_DEFAULTS, ...options });

  test('tasks', () => {
    const options = { ...PRD_DEFAULTS, generateTasks: false };
    const prd = parsePrd(text, options);
    expect(prd.tasks).toEqual([]);
    expect(prd.features).toHaveLength(2);
    expect(prdMessage(prd, options)).toContain('tasks were not asked for');
  });
  test('dependencies between items, not those between the parts of one', () => {
    const prd = read({ analyzeDependencies: false });
    expect(prd.features.flatMap(({ dependencies }) => dependencies)).toEqual([]);
    expect(prd.unresolvedDependencies).toEqual([]);
    expect(prd.dependencies.map(({ reason }) => reason)).toEqual(Array(2).fill('Tests come after what they test'));
    expect(read({}).dependencies).toHaveLength(3);
  });
  test('user stories', () => {
    expect(read({}).features.map(({ userStories }) => userStories.length)).toEqual([1, 1]);
    expect(read({ extractUserStories: false }).features.map(({ userStories }) => userStories.length)).toEqual([0, 0]);
    const stories = textOf('03-user-stories.md');
    expect(parsePrd(stories, { ...PRD_DEFAULTS, extractUserStories: false }).features).toEqual([]);
  });
  test('acceptance criteria', () => {
    expect(read({}).acceptanceCriteria).toHaveLength(2);
    expect(read({ parseAcceptanceCriteria: false }).acceptanceCriteria).toEqual([]);
  });
  test('what is less certain than the threshold goes to the review, and back with a lower one', () => {
    const list = textOf('12-one-pager.md');
    const strict = parsePrd(list, { ...PRD_DEFAULTS, confidenceThreshold: 0.8 });
    expect([strict.features.length, strict.tasks.length, strict.needsReview.length]).toEqual([0, 0, 3]);
    const prose = parsePrd(textOf('20-prose-with-demands.md'), { ...PRD_DEFAULTS, confidenceThreshold: 0.5 });
    expect(prose.tasks.map(({ title }) => title)).toEqual([
      'The importer must accept files of up to 2 GB',
      'Progress should be shown while it runs',
    ]);
  });
});
