import { expect, test } from 'vitest';
import { parseProgress, progressContent } from '../../../src/core/collaboration/progressText.js';
import { expectRefusal } from '../../support/refusal.js';

test.each([
  ['60% half done', { percent: 60, text: 'half done' }, '60% half done'],
  ['60 %   half\ndone', { percent: 60, text: 'half\ndone' }, '60% half\ndone'],
  ['12.5%', { percent: 12.5, text: '' }, '12.5%'],
  ['half done, 60%', { text: 'half done, 60%' }, 'half done, 60%'],
  ['60%ish', { text: '60%ish' }, '60%ish'],
])('%j is read as %j', (content, read, kept) => {
  expect(parseProgress(content)).toEqual(read);
  expect(progressContent(parseProgress(content))).toBe(kept);
});

test('there is no more than 100 %', () => {
  expectRefusal(() => parseProgress('101% done'), 'INVALID_INPUT', '0% to 100%');
});
