import { describe, expect, test } from 'vitest';
import { nextStatuses, parseStatus, requireTransition, STATUSES, type Status } from '../../../src/core/model/status.js';
import { expectRefusal, refusal } from '../../support/refusal.js';

/** From each status, what may follow. */
const LEGAL: Record<Status, Status[]> = {
  pending: ['in_progress', 'blocked', 'completed', 'cancelled'],
  in_progress: ['pending', 'blocked', 'completed', 'cancelled'],
  blocked: ['pending', 'in_progress', 'completed', 'cancelled'],
  completed: ['pending', 'in_progress'],
  cancelled: ['pending'],
};

const PAIRS = STATUSES.flatMap((from) => STATUSES.map((to) => ({ from, to, legal: LEGAL[from].includes(to) })));

describe('status', () => {
  test.each(PAIRS.filter((pair) => pair.legal))('$from may become $to', ({ from, to }) => {
    expect(nextStatuses(from)).toContain(to);
    expect(() => requireTransition('T-1', from, to)).not.toThrow();
  });

  test.each(PAIRS.filter((pair) => !pair.legal))('$from may not become $to', ({ from, to }) => {
    expect(nextStatuses(from)).not.toContain(to);
    const error = refusal(() => requireTransition('T-1', from, to));
    expect(error.code).toBe('INVALID_TRANSITION');
    expect(error.message).toContain('T-1');
    expect(error.details).toEqual({ from, to, legal: LEGAL[from] });
    for (const legal of LEGAL[from]) expect(error.message).toContain(legal);
  });

  test('every status can be left', () => {
    for (const status of STATUSES) expect(nextStatuses(status).length).toBeGreaterThan(0);
  });

  test.each([
    ['in_progress', 'in_progress'],
    ['In Progress', 'in_progress'],
    ['in-progress', 'in_progress'],
    ['done', 'completed'],
    [' PENDING ', 'pending'],
  ])('“%s” is read as %s', (text, status) => {
    expect(parseStatus(text)).toBe(status);
  });

  test.each(['', 'ready', 'waiting', 'open', 'finished', 'toString'])('“%s” is not a status to set', (text) => {
    expectRefusal(() => parseStatus(text), 'INVALID_INPUT', `“${text}”`, STATUSES.join(', '));
  });
});
