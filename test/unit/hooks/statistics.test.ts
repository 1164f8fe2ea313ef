import { expect, test } from 'vitest';
import { HookLog } from '../../../src/app/automation/hookLog.js';
import { alertsOf, type HookRun, summarise } from '../../../src/core/hooks/statistics.js';
import { DiskFolder } from '../../../src/platform/storeFolder.js';
import { temporaryFolder } from '../../support/stores.js';

const ran = (hook: string, milliseconds: number, outcome: HookRun['outcome'] = 'ok', at = '2026-01-01T00:00:00Z') => ({
  at,
  hook,
  event: 'create',
  actor: 'ann',
  outcome,
  milliseconds,
});

test('statistics of runs: by hook, with average, nearest-rank p95 and the last', () => {
  const runs = [
    ...Array.from({ length: 20 }, (_, at) => ran('b', at + 1)),
    ran('a', 7, 'timeout', '2026-01-03T00:00:00Z'),
    ran('a', 1, 'refused', '2026-01-02T00:00:00Z'),
  ];
  expect(summarise(runs)).toMatchObject([
    { hook: 'a', runs: 2, ok: 0, refused: 1, timedOut: 1, average: 4, p95: 7, last: '2026-01-03T00:00:00Z' },
    { hook: 'b', runs: 20, ok: 20, average: 11, p95: 19, longest: 20 },
  ]);
  expect(summarise([])).toEqual([]);
});

test('alerts are failures and what took long, not refusals', () => {
  const thresholds = { warning: 10, critical: 20, timeout: 30 };
  const runs = [
    ran('a', 9),
    ran('a', 10),
    ran('a', 20),
    ran('a', 1, 'failed'),
    ran('a', 1, 'timeout'),
    ran('a', 1, 'refused'),
  ];
  expect(alertsOf(runs, thresholds).map(({ severity, reason }) => `${severity} ${reason}`)).toEqual([
    'warning took 10 ms',
    'critical took 20 ms',
    'critical failed',
    'critical ran into the time limit',
  ]);
});

test('the log stays below its limit, keeps the newest, and passes over a line that is not whole', () => {
  const folder = new DiskFolder(temporaryFolder());
  const log = new HookLog(folder);
  const long = 'x'.repeat(400);
  for (let at = 0; at < 1500; at += 1) log.add({ ...ran('a', at), message: long });
  const text = folder.read('logs/hooks.jsonl') ?? '';
  expect(text.length).toBeLessThan(600 * 1024);
  folder.append('logs/hooks.jsonl', '{"at": "20');
  const kept = log.since('');
  expect(kept.at(-1)?.milliseconds).toBe(1499);
  expect(kept.map((run) => run.milliseconds)).toEqual(kept.map((_, at) => 1500 - kept.length + at));
});
