import { describe, expect, test } from 'vitest';
import { readAnnotations } from '../../../../src/core/planning/prd/annotations.js';
import {
  containerOf,
  isDemand,
  isPhase,
  readHours,
  readPriority,
  readStory,
} from '../../../../src/core/planning/prd/vocabulary.js';

describe('words that documents use', () => {
  test('a phase has a number or a letter: release notes are none', () => {
    for (const title of ['Phase 1: Index', 'Phase: Index', 'Milestone B', 'Release 2.1', 'MVP', '第二阶段'])
      expect([title, isPhase(title)]).toEqual([title, true]);
    for (const title of ['Release Notes', 'Release Signoff Checklist', 'Version history', 'Stage fright', 'Sprints'])
      expect([title, isPhase(title)]).toEqual([title, false]);
  });

  test('headings of German, Chinese and Japanese documents', () => {
    expect(['Funktionen', '2. 功能需求', '一、用户故事', '受け入れ基準', 'Nicht im Umfang'].map(containerOf)).toEqual([
      'features',
      'requirements',
      'stories',
      'criteria',
      'excluded',
    ]);
  });

  test('priorities and hours in their words', () => {
    expect(['Hoch', 'muss (MVP)', '低', '必須', 'must', 'P1', 'später'].map(readPriority)).toEqual([
      'high',
      'critical',
      'low',
      'critical',
      'critical',
      'high',
      undefined,
    ]);
    expect(['3 Tage', '2小时', '1 Woche', '5 days', '3 apples'].map(readHours)).toEqual([24, 2, 40, 40, undefined]);
  });

  test('user stories in their words', () => {
    expect(readStory('Als Kundin möchte ich zahlen, damit ich gehen kann')).toEqual({
      role: 'Kundin',
      goal: 'zahlen',
      benefit: 'ich gehen kann',
    });
    expect(readStory('作为读者，我希望查看空座位，以便决定是否出门。')).toMatchObject({ goal: '查看空座位' });
    expect(readStory('社員として、空いている日を選びたい。')).toMatchObject({
      role: '社員',
      goal: '空いている日を選びたい',
    });
    expect(readStory('Als es regnete, gingen wir.')).toBeUndefined();
  });

  test('a remark on the words MUST and SHOULD demands nothing, nor does what should have been', () => {
    expect(isDemand('The words “MUST” and “SHOULD” are those of RFC 2119.')).toBe(false);
    expect(isDemand('I should have had this years ago.')).toBe(false);
    expect(isDemand('Passwords must have 12 letters.')).toBe(true);
    expect(isDemand('Passwörter müssen lang sein.')).toBe(true);
  });

  test('marks behind a title are no part of it', () => {
    expect(readAnnotations('Apple Pay #payments @kira ⏫ 📅 2026-06-01')).toEqual({
      title: 'Apple Pay',
      tags: ['payments'],
      owner: 'kira',
      priority: 'high',
      due: '2026-06-01',
    });
    for (const title of ['Issue #12', '#hashtags', 'Mail @ work', 'Support C#'])
      expect(readAnnotations(title)).toEqual({ title, tags: [] });
  });
});
