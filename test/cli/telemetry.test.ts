import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Shell } from './shell.js';

function start(): {
  shell: Shell;
  folder: string;
  events: () => { event_type: string; session_id: string; data: object }[];
} {
  const shell = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  shell.say('init');
  const folder = join(dirname(shell.storePath), 'telemetry');
  const events = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
      .map((line) => JSON.parse(line));
  return { shell, folder, events };
}

describe('telemetry', () => {
  test('is off until the project turns it on', () => {
    const { shell, folder } = start();
    shell.say('add', 'One');
    shell.say('complete', '1');
    expect(existsSync(folder)).toBe(false);
  });

  test('counts what happens in the form that scripts know, and nobody’s words', () => {
    const { shell, folder, events } = start();
    shell.say('config', '--enable', 'telemetry');
    shell.say('add', 'A title', '-d', 'A text', '-p', 'high');
    shell.say('add', 'Another', '--depends-on', '1');
    shell.say('complete', '1', '--summary', 'A summary');
    shell.say('update', '1', '--title', 'No event');
    const names = readdirSync(folder).sort();
    expect(names).toEqual([
      expect.stringMatching(/^events_\d{8}\.jsonl$/),
      expect.stringMatching(/^summary_\d{8}\.json$/),
    ]);
    const all = events();
    expect(all.map((event) => event.event_type)).toEqual(['task_created', 'task_created', 'task_completed']);
    expect(Object.keys(all[0] ?? {})).toEqual(['event_type', 'timestamp', 'session_id', 'data']);
    expect(new Set(all.map((event) => event.session_id)).size).toBe(3);
    expect(all[0]?.session_id).toMatch(/^[0-9a-f]{12}$/);
    expect(all[0]?.data).toMatchObject({
      priority: 'high',
      has_description: true,
      has_deadline: false,
      dependencies: 0,
    });
    expect(all[1]?.data).toMatchObject({ dependencies: 1 });
    expect(all[2]?.data).toMatchObject({ has_summary: true });
    expect(JSON.stringify(all)).not.toMatch(/A title|A text|Another|A summary/);
    expect(JSON.parse(readFileSync(join(folder, String(names[1])), 'utf8'))).toEqual({
      events: { task_created: 2, task_completed: 1 },
      sessions: 3,
    });
    shell.say('config', '--disable', 'telemetry');
    shell.say('add', 'Three');
    expect(events()).toHaveLength(3);
  });

  test('is bounded in days and in size, and stops no work', () => {
    const { shell, folder } = start();
    shell.say('config', '--enable', 'telemetry');
    mkdirSync(folder);
    for (let day = 1; day <= 31; day += 1)
      writeFileSync(join(folder, `events_202001${String(day).padStart(2, '0')}.jsonl`), '{}\n');
    shell.say('add', 'One');
    const kept = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    expect([kept.length, kept[0]]).toEqual([30, 'events_20200103.jsonl']);
    const today = join(folder, String(kept.at(-1)));
    const full = `${readFileSync(today, 'utf8')}${'x'.repeat(1024 * 1024)}`;
    writeFileSync(today, full);
    shell.say('add', 'Two');
    expect(readFileSync(today, 'utf8')).toBe(full);
    expect(shell.list().total).toBe(2);
  });
});
