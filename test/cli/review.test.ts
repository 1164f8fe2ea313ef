import { describe, expect, test } from 'vitest';
import type { AcceptedView, RevertedView, ReviewDiffView, ReviewView } from '../../src/app/review/reviewInputs.js';
import { Shell } from './shell.js';

interface Team {
  readonly ann: Shell;
  readonly bot: Shell;
  readonly cat: Shell;
}

/** Ann has two tasks and agrees with everything so far. */
function start(): Team {
  const ann = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  ann.say('init');
  ann.say('add', 'Write the parser', '--tag', 'api', '-d', 'Reads one line.\nSkips empty ones.');
  ann.say('add', 'Draw the graph', '--depends-on', '1');
  return { ann, bot: ann.with({ env: { TM_AGENT_ID: 'bot' } }), cat: ann.with({ env: { TM_AGENT_ID: 'cat' } }) };
}

/** The list without its times. */
const listed = (shell: Shell, ...args: string[]) =>
  shell.say('review', ...args).replaceAll(/ {2}\(\d{4}-\d\d-\d\d \d\d:\d\d\)/g, '');

describe('tm review', () => {
  test('lists what others changed, net, by actor and task; and how to agree to just that', () => {
    const { ann, bot, cat } = start();
    expect(ann.run('review')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Nobody else changed anything since you looked.\n',
    });
    bot.say('update', '1', '-p', 'low');
    bot.say('update', '1', '-p', 'high', '--tag', 'web', '-d', 'Reads one line.');
    bot.say('criteria', 'add', '1', 'Nothing is lost', 'All is told');
    bot.say('add', 'Short-lived');
    bot.say('delete', '3');
    bot.say('add', 'Measure it', '--depends-on', '1', '--file', 'a.ts:3');
    cat.say('delete', '2');
    const { stderr } = ann.run('review');
    expect(listed(ann).split('\n')).toEqual([
      'bot  2 tasks',
      '  T-1  Write the parser  priority: medium → high, description changed, tags: +web −api, +2 criteria',
      '  T-4  Measure it  created, +1 dependency, +1 code reference',
      '',
      'cat  1 task',
      '  T-2  Draw the graph  deleted',
    ]);
    expect(stderr).toBe('Up to transaction 9. Accept with: tm review --accept --up-to 9\n');
    expect(listed(ann, '--actor', 'cat')).toBe('cat  1 task\n  T-2  Draw the graph  deleted');
    expect(listed(ann, '--task', 'T-2')).toBe('cat  1 task\n  T-2  Draw the graph  deleted');
    // What is not listed is counted without looking whether anything is left of it.
    const view = ann.json<ReviewView>('review', '-n', '1');
    expect(view).toMatchObject({ person: 'ann', since: 0, head: 9, total: 4, truncated: true });
    expect(view.actors).toHaveLength(1);
    expect(ann.run('review', '-n', '1').stderr).toMatch(/^There is more than these/);
    // The agent sees what Ann did, and not itself; that she created what the other one deleted is nothing to it.
    expect(bot.json<ReviewView>('review').actors).toMatchObject([{ actor: 'ann', tasks: [{ name: 'T-1' }] }]);
  });

  test('shows a task before and after, line by line', () => {
    const { ann, bot } = start();
    bot.say('update', '1', '-d', 'Reads one line.\nReports empty ones.');
    expect(ann.say('review', '--diff', '1').split('\n')).toEqual([
      'T-1  changed by bot',
      '  # T-1 Write the parser',
      '',
      '  - status: pending',
      '  - priority: medium',
      '  - type: task',
      '  - tags: api',
      '',
      '  ## Description',
      '',
      '  Reads one line.',
      '- Skips empty ones.',
      '+ Reports empty ones.',
    ]);
    const { diffs } = ann.json<ReviewDiffView>('review', '--diff', 'T-1');
    expect(diffs).toEqual([
      { actor: 'bot', before: expect.stringContaining('Skips'), after: expect.stringContaining('Reports') },
    ]);
    expect(ann.run('review', '--diff', '2')).toMatchObject({ code: 3, stdout: '' });
  });

  test('accepting moves the mark of what is named; it survives, and later changes show again', () => {
    const { ann, bot, cat } = start();
    bot.say('update', '1', '-p', 'high');
    bot.say('update', '2', '-p', 'high');
    const { head } = ann.json<ReviewView>('review');
    cat.say('update', '1', '--title', 'Write the whole parser');
    expect(ann.run('review', '--accept', '--task', '2')).toMatchObject({
      code: 0,
      stdout: 'T-2  Draw the graph  bot\n',
      stderr: expect.stringMatching(/^1 task accepted, up to transaction \d+\n$/),
    });
    expect(ann.json<AcceptedView>('review', '--accept', '--up-to', String(head)).upTo).toBe(head);
    expect(listed(ann)).toBe(
      'cat  1 task\n  T-1  Write the whole parser  title: Write the parser → Write the whole parser',
    );
    ann.say('review', '--accept', '--actor', 'cat');
    expect(ann.run('review', '--accept')).toMatchObject({ code: 0, stderr: 'There was nothing to accept.\n' });
    expect(ann.run('review', '--accept', '--actor', 'cat').code).toBe(3);
    bot.say('update', '2', '-p', 'low');
    expect(listed(ann)).toBe('bot  1 task\n  T-2  Draw the graph  priority: high → low');
    // Ann's mark is hers: nobody agrees in her name, and the history has no step of it.
    bot.say('review', '--accept');
    expect(ann.json<ReviewView>('review').total).toBe(1);
    expect(ann.say('log')).not.toContain('review.accept');
  });

  test('reverting is one change; what it would do is shown before; undo brings it again', () => {
    const { ann, bot } = start();
    bot.say('complete', '1', '--force');
    bot.say('add', 'Measure it', '--depends-on', '1');
    bot.say('delete', '2');
    const before = ann.disk();
    const preview = ann.run('review', '--revert', '--actor', 'bot', '--dry-run');
    expect(preview.code).toBe(0);
    expect(preview.stdout).toContain('  ~ T-1 status: “pending” → “completed”');
    expect(preview.stderr).toBe('The changes of 3 tasks would be taken back; nothing was changed\n');
    expect(ann.disk()).toEqual(before);
    const { seq, reverted } = ann.json<RevertedView>('review', '--revert', '--actor', 'bot');
    expect(reverted.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual([
      'T-1 changed',
      'T-2 removed',
      'T-3 added',
    ]);
    expect(ann.list().tasks.map(({ name, status }) => `${name} ${status}`)).toEqual(['T-2 blocked', 'T-1 pending']);
    expect(ann.say('trash', 'list')).toContain('Measure it');
    expect(ann.json<ReviewView>('review').total).toBe(0);
    ann.say('undo', String(seq));
    expect(ann.json<ReviewView>('review').total).toBe(3);
    expect(ann.task('1').status).toBe('completed');
  });

  test('what was changed since is not taken back, nor anything else with it', () => {
    const { ann, bot } = start();
    bot.say('update', '1', '-p', 'high');
    bot.say('update', '2', '-p', 'high');
    ann.say('update', '1', '-p', 'critical');
    expect(listed(ann)).toContain('priority: medium → high; priority changed again by ann');
    const { conflicts } = ann.json<RevertedView>('review', '--revert', '--all', '--dry-run');
    expect(conflicts).toHaveLength(1);
    const before = ann.disk();
    const refused = ann.run('review', '--revert', '--all');
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toMatch(
      /^Error: This cannot be taken back: T-1: priority was changed again, by ann at .* \(transaction 5\)\. Nothing was changed\.\n$/,
    );
    expect(ann.disk()).toEqual(before);
    expect(ann.task('2').priority).toBe('high');
  });

  test('says what was asked for wrongly', () => {
    const { ann } = start();
    for (const args of [
      ['--revert'],
      ['--accept', '--revert'],
      ['--dry-run'],
      ['--all', '--accept'],
      ['--up-to', '3'],
      ['--accept', '--up-to', 'x'],
      ['--diff', '1', '--task', '1'],
      ['-n', '0'],
    ])
      expect(ann.run('review', ...args), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(ann.run('review', '--task', 'T-99').code).toBe(3);
    expect(ann.run('review', '--revert', '--all').code).toBe(3);
  });

  test('does not let an agent draw on the terminal', () => {
    const { ann } = start();
    const evil = ann.with({ env: { TM_AGENT_ID: 'evil\u001b[31m' } });
    evil.say('update', '1', '--title', 'red \u001b[31m', '-d', 'x\u001b[2J');
    expect(ann.say('review')).not.toContain('\u001b');
    expect(ann.say('review', '--diff', '1')).not.toContain('\u001b');
    expect(ann.say('review', '--revert', '--all', '--dry-run')).not.toContain('\u001b');
  });
});
