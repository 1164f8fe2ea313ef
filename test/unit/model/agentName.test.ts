import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprint } from '../../../src/app/collaboration/contextPaths.js';
import { agentFileName, checkAgentName } from '../../../src/core/model/agentName.js';
import { nearest } from '../../../src/core/model/nearest.js';
import { check } from '../../support/check.js';
import { expectRefusal } from '../../support/refusal.js';

test('plain names name their files, others a safe form of themselves', () => {
  expect(agentFileName('alice', fingerprint)).toBe('alice');
  expect(agentFileName('orchestrator_agent-2', fingerprint)).toBe('orchestrator_agent-2');
  expect(agentFileName('Ann Lee', fingerprint)).toMatch(/^ann-lee~[0-9a-f]{8}$/);
  expect(agentFileName('../../etc/passwd', fingerprint)).toMatch(/^etc-passwd~[0-9a-f]{8}$/);
  expect(agentFileName('..', fingerprint)).toMatch(/^agent~[0-9a-f]{8}$/);
});

test('no name leaves the folder, and no two share a file, even where case does not count', () => {
  const seen = new Map<string, string>();
  check(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('Ann', 'ann', 'ANN', 'a/b', 'a\\b', 'CON', '.')), (name) => {
      const file = agentFileName(name, fingerprint);
      expect(file).toMatch(/^[a-z0-9_-]+(?:~[0-9a-f]{8})?$/);
      expect(seen.get(file) ?? name).toBe(name);
      seen.set(file, name);
    }),
  );
});

test('an agent’s name is one line of at most 100 characters', () => {
  expect(checkAgentName('  ann ')).toBe('ann');
  expectRefusal(() => checkAgentName(' '), 'INVALID_INPUT');
  expectRefusal(() => checkAgentName('a\nb'), 'INVALID_INPUT', 'one line');
  expectRefusal(() => checkAgentName('x'.repeat(101)), 'INVALID_INPUT', '101');
});

test('the nearest name is what was probably meant', () => {
  expect(nearest('bbo', ['ann', 'bob'])).toBe('bob');
  expect(nearest('agent-1', ['agent-2', 'agent-10'])).toBe('agent-2');
  expect(nearest('zoe', ['ann', 'bob'])).toBeUndefined();
});
