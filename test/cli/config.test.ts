import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../src/core/settings/settings.js';
import { Shell } from './shell.js';

function start(): { shell: Shell; file: string; read: () => Settings } {
  const shell = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  shell.say('init');
  const file = join(dirname(shell.storePath), 'config.json');
  return { shell, file, read: () => JSON.parse(readFileSync(file, 'utf8')) as Settings };
}

describe('tm config', () => {
  test('--show prints the lines that scripts know, and writes nothing', () => {
    const { shell, file } = start();
    const before = shell.disk();
    expect(shell.say('config', '--show')).toBe(
      [
        'Current configuration:',
        "  features: {'success-criteria': True, 'feedback': True, 'telemetry': False, 'completion-summaries': True, 'time-tracking': True, 'deadlines': True}",
        '  minimal_mode: False',
        '  telemetry_enabled: False',
        '  version: 2.3.0',
        '  enforcement: disabled (level standard)',
        '  access_policy: open',
        '  working_hours: mon-fri 09:00-17:00 (local)',
        'success-criteria: enabled',
        'feedback: enabled',
        'telemetry: disabled',
        'completion-summaries: enabled',
        'time-tracking: enabled',
        'deadlines: enabled',
      ].join('\n'),
    );
    expect(existsSync(file)).toBe(false);
    expect(shell.disk()).toEqual(before);
  });

  test('--enable and --disable say so on stderr and keep it', () => {
    const { shell, read } = start();
    expect(shell.run('config', '--disable', 'deadlines')).toEqual({
      code: 0,
      stdout: '',
      stderr: "Feature 'deadlines' disabled\n",
    });
    expect(read().features.deadlines).toBe(false);
    expect(shell.say('config', '--show')).toContain('deadlines: disabled');
    expect(shell.run('config', '--enable', 'deadlines').stderr).toBe("Feature 'deadlines' enabled\n");
    expect(read().features.deadlines).toBe(true);
  });

  test('an unknown feature is refused with those that there are', () => {
    const { shell, file } = start();
    const run = shell.run('config', '--enable', 'magic');
    expect(run.code).not.toBe(0);
    expect(run.stderr).toBe(
      'Error: Unknown feature: magic. Valid features: success-criteria, feedback, telemetry, completion-summaries, time-tracking, deadlines\n',
    );
    expect(existsSync(file)).toBe(false);
  });

  test('--minimal-mode, --reset, --preset and --init', () => {
    const { shell, read } = start();
    expect(shell.run('config', '--minimal-mode').stderr).toBe(
      'Minimal mode enabled - all Core Loop features disabled\n',
    );
    expect(shell.say('config', '--show')).toMatch(/minimal_mode: True[\s\S]*feedback: disabled/);
    expect(shell.run('config', '--reset').stderr).toBe('Configuration reset to defaults\n');
    expect(read().minimal_mode).toBe(false);
    shell.say('config', '--preset', 'strict');
    expect(read().enforcement).toEqual({ enabled: true, level: 'strict' });
    expect(shell.run('config', '--preset', 'wild')).toMatchObject({
      code: 2,
      stderr: 'Error: Unknown preset: wild. Valid presets: minimal, standard, strict\n',
    });
    expect(shell.run('config', '--init').code).toBe(4);
    expect(read().enforcement.level).toBe('strict');
  });

  test('get and set take one key', () => {
    const { shell, read } = start();
    shell.say('config', 'set', 'enforcement.level', 'advisory');
    expect(shell.say('config', 'get', 'enforcement.level')).toBe('advisory');
    expect(shell.run('config', 'set', 'enforcement.level', 'harsh').stderr).toContain('enforcement.level');
    expect(shell.run('config', 'get', 'nothing.here').code).toBe(2);
    expect(shell.run('config', 'set', 'features.feedback', 'maybe').code).toBe(2);
    expect(read().enforcement.level).toBe('advisory');
  });

  test('nothing asked for is a usage error', () => {
    const run = start().shell.run('config');
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('Usage: tm config');
  });

  test('the enforcement switches print the old lines', () => {
    const { shell, read } = start();
    expect(shell.run('config', '--enforce-usage', 'true').stderr).toBe('✅ Enforcement enabled\n');
    expect(shell.run('config', '--enforcement-level', 'advisory').stderr).toBe(
      '✅ Enforcement level set to: advisory\n',
    );
    expect(read().enforcement).toEqual({ enabled: true, level: 'advisory' });
    expect(shell.say('config', '--show-enforcement').split('\n').slice(0, 4)).toEqual([
      'Enforcement Level: advisory',
      'Currently Active: Yes',
      'Auto-Detection: Enabled',
      '❌ Violations Found: 1',
    ]);
    expect(shell.run('config', '--enforce-orchestration', 'false').stderr).toBe('✅ Enforcement disabled\n');
    expect(shell.say('config', '--show-enforcement')).toContain('Currently Active: No');
  });

  test('what is not valid is named with its file and never overwritten', () => {
    const { shell, file } = start();
    for (const [text, key] of [
      ['{"features": {"deadlines": "no"}}', 'features.deadlines'],
      ['{"features": {"deadlnes": false}}', 'features.deadlnes'],
      ['{"enforcement": {"level": "harsh"}}', 'enforcement.level'],
      ['{"minimal_mode": tru', 'the whole'],
    ]) {
      writeFileSync(file, text as string);
      for (const args of [['--show'], ['--disable', 'feedback']]) {
        const run = shell.run('config', ...args);
        expect(run.code, text).toBe(2);
        expect(run.stderr, text).toContain(`config.json are not valid: ${key}`);
      }
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  test('what other parts keep in the file stays', () => {
    const { shell, file } = start();
    writeFileSync(file, '{"hooks": {"trusted": ["a"]}, "features": {"feedback": false}}');
    shell.say('config', '--disable', 'deadlines');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      hooks: { trusted: ['a'] },
      features: { feedback: false, deadlines: false, 'success-criteria': true },
    });
  });

  test("the old tool's files count until there is a new one", () => {
    const { shell, file } = start();
    const folder = dirname(file);
    writeFileSync(
      join(folder, 'config.yaml'),
      'features:\n  feedback: false\n  telemetry: true\nminimal_mode: false\ntelemetry_enabled: true\nversion: 2.3.0\n',
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'enforcement.json'), '{"enforcement_level": "strict", "auto_detect": true}');
    const shown = shell.say('config', '--show');
    expect(shown).toContain('feedback: disabled');
    // Nobody decided on these: that tool had them on by itself.
    expect(shown).toContain('telemetry: disabled');
    expect(shown).toContain('enforcement: disabled (level strict)');
    shell.say('config', '--disable', 'deadlines');
    expect(shell.json<Settings>('config', '--show').features).toMatchObject({ feedback: false, deadlines: false });
  });

  test('defect: changes made at once are all kept', async () => {
    const { shell, read } = start();
    const features = ['success-criteria', 'feedback', 'completion-summaries', 'time-tracking', 'deadlines'] as const;
    const runs = await Promise.all([
      ...features.map((feature) => shell.start('config', '--disable', feature)),
      shell.start('config', '--enable', 'telemetry'),
      shell.start('config', '--enforcement-level', 'strict'),
    ]);
    expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 0));
    const { features: kept, enforcement } = read();
    expect(Object.values(kept).filter((on) => on)).toEqual([true]);
    expect(kept.telemetry).toBe(true);
    expect(enforcement.level).toBe('strict');
  });
});

describe('a feature that is switched off', () => {
  test('is left out of a new task, which is made all the same, and said', () => {
    const { shell } = start();
    shell.say('config', '--disable', 'deadlines');
    shell.say('config', '--disable', 'time-tracking');
    const run = shell.run('add', 'One', '--due', '2026-12-01', '--estimate', '3');
    expect([run.code, run.stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f]{8}\n$/)]);
    expect(run.stderr).toContain("Feature 'deadlines' is disabled");
    expect(run.stderr).toContain("Feature 'time-tracking' is disabled");
    expect(shell.task('1').due).toBeUndefined();
    expect(shell.task('1').estimatedHours).toBeUndefined();
    shell.say('config', '--minimal-mode');
    expect(shell.run('complete', '1', '--summary', 'All of it').stderr).toContain(
      "Feature 'completion-summaries' is disabled",
    );
    expect(shell.task('1')).toMatchObject({ status: 'completed' });
    expect(shell.task('1').completionSummary).toBeUndefined();
  });
});

test('a command that is a switched-off feature itself is refused, and says which', () => {
  const { shell } = start();
  shell.say('add', 'One', '--criteria', '[{"criterion": "It works"}]');
  shell.say('config', '--minimal-mode');
  const two = shell.run('add', 'Two', '--criteria', '[{"criterion": "It works"}]');
  expect([two.code, two.stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f]{8}\n$/)]);
  expect(two.stderr).toContain("Feature 'success-criteria' is disabled");
  const done = shell.run('complete', '1', '--validate', '--actual-hours', '3');
  expect(done.stderr).toContain("Feature 'success-criteria' is disabled");
  expect(done.stderr).toContain("Feature 'time-tracking' is disabled");
  expect([done.code, shell.task('1').status]).toEqual([0, 'completed']);
  const feedback = shell.run('feedback', '1', '--quality', '5');
  expect([feedback.code, feedback.stderr]).toEqual([
    1,
    expect.stringContaining("Feature 'feedback' is disabled (minimal mode)"),
  ]);
});
