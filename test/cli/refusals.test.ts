import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addTask } from '../store/addTask.js';
import { openStore } from '../support/stores.js';
import { Shell } from './shell.js';

/** T-2 depends on T-1, T-3 on T-2; T-4 is cancelled and T-5 depends on it. */
function plan(): Shell {
  const tm = new Shell();
  tm.say('init');
  for (const title of ['First', 'Second', 'Third', 'Fourth', 'Fifth']) tm.say('add', title);
  tm.say('dep', 'add', '2', '1');
  tm.say('dep', 'add', '3', '2');
  tm.say('update', '4', '--status', 'cancelled');
  tm.say('dep', 'add', '5', '4');
  return tm;
}

const EMOJI_TITLE = '🚀'.repeat(501);

/** What is typed, the exit code, and words of the sentence. */
const REFUSALS: [string[], number, ...string[]][] = [
  // Names that name nothing, or too much.
  [['show', '99'], 3, 'Task 99 not found'],
  [['show', 'deadbeef'], 3, 'deadbeef'],
  [['show', ''], 3, 'not found'],
  [['show', 'zz'], 3, '“zz”', 'T-12'],
  [['update', 'T-99', '--title', 'x'], 3, 'T-99'],
  [['start', '99'], 3, '99'],
  [['complete', ''], 3],
  [['delete', ''], 3],
  [['delete', '99'], 3],
  [['graph', '99'], 3],
  [['dep', 'add', '1', '99'], 3, '99'],
  [['dep', 'remove', '1', '2'], 3, 'T-1 does not depend on T-2'],
  [['ref', 'remove', '1', 'a.ts:3'], 3, 'T-1', 'a.ts:3'],
  [['add', 'x', '--depends-on', '99'], 3, '99'],
  [['add', 'x', '--depends-on', '6'], 3, 'Task 6 not found'],
  [['add', 'x', '--parent', '99'], 3],
  // Values that are none.
  [['add', ''], 2, 'empty'],
  [['add', '   '], 2, 'empty'],
  [['add', 'x'.repeat(501)], 2, '501', '500'],
  [['add', EMOJI_TITLE], 2, '501'],
  [['add', 'x', '-p', 'soon'], 2, '“soon”', 'critical, high, medium, low, background'],
  [['add', 'x', '-d', 'x'.repeat(5001)], 2, '5001'],
  [['add', 'x', '--tag', 'two words'], 2, 'two words'],
  [['add', 'x', '--assignee', ''], 2, 'assignee'],
  [['add', 'x', '--due', '2026-02-30'], 2, '2026-02-30'],
  [['add', 'x', '--not-before', 'someday'], 2, 'someday'],
  [['add', 'x', '--due', '12/01/2026'], 2, '2026-01-12', '2026-12-01'],
  [['add', 'x', '--estimate', 'long'], 2, '--estimate long'],
  [['add', 'x', '--estimate', '-1'], 2],
  [['add', 'x', '--file', 'a.ts:0'], 2, 'line', '0'],
  [['add', 'x', '--file', 'a.ts:5:3'], 2, 'before it starts'],
  [['add', 'x', '--file', '../a.ts:1'], 2, 'leaves the workspace'],
  [['add', 'x', '--file', '/etc/passwd:1'], 2, 'absolute'],
  [['ref', 'add', '1', 'C:\\a.ts'], 2, 'absolute'],
  [['ref', 'add', '1', ''], 2],
  [['update', '1', '--title', ''], 2, 'empty'],
  [['update', '1', '--priority', ''], 2, 'priority'],
  [['update', '1', '--type', ''], 2, 'type'],
  [['update', '1', '--title', 'New', '--status', 'finished'], 2, 'finished'],
  [['update', '1', '--title', 'New', '--due', 'never'], 2, 'never'],
  [['update', '1', '--reason', 'because'], 2, '--status'],
  [['update', '1'], 2, 'Nothing to change'],
  [['update', '1', '--json'], 2, 'Nothing to change'],
  [['list', 'owner:ann'], 2, 'owner'],
  [['list', '--status', 'nope'], 2, 'nope'],
  [['list', '--sort', 'size'], 2, 'size'],
  [['list', '--limit', '0'], 2, 'limit'],
  [['list', '--limit', 'ten'], 2, '--limit ten'],
  [['ready', '--limit', '0'], 2, 'limit'],
  [['graph', '--depth', 'deep'], 2, '--depth deep'],
  // What the plan does not allow.
  [['dep', 'add', '1', '1'], 1, 'itself'],
  [['dep', 'add', '1', '3'], 1, 'T-1 → T-3 would close a cycle: T-3 → T-2 → T-1'],
  [['start', '2'], 1, 'T-2 waits for T-1'],
  [['complete', '3'], 1, 'T-3 waits for T-1'],
  [['start', '5'], 1, 'needs a decision', 'T-4'],
  [['update', '4', '--title', 'New', '--status', 'completed'], 1, 'cannot go from cancelled to completed', 'pending'],
  [['update', '1', '--status', 'pending'], 1, 'pending already'],
  [['update', '1', '--parent', '1'], 1, 'own subtask'],
  // What is no command.
  [['lisst'], 2, 'lisst', 'list'],
  [['add'], 2, 'title'],
  [['add', 'x', '--priorty', 'high'], 2, '--priorty', '--priority'],
  [['add', 'x', 'y'], 2],
  [['show', '1', '--jsn'], 2, '--json'],
  [['dep', 'ad', '1', '2'], 2, 'add'],
  [['graph', '--format', 'svg'], 2, 'mermaid'],
];

describe('bad input', () => {
  test('exits with its code, says why in one sentence on stderr, and changes nothing', () => {
    const tm = plan();
    const before = tm.disk();
    for (const [args, code, ...words] of REFUSALS) {
      const typed = `tm ${args.join(' ')}`.slice(0, 80);
      const run = tm.run(...args);
      expect(`${run.code}: ${run.stderr}`, typed).toMatch(new RegExp(`^${code}: `));
      expect(run.stdout, typed).toBe('');
      expect(run.stderr, typed).toMatch(/^error: |^Error: /i);
      expect(run.stderr, typed).not.toContain('    at ');
      for (const word of words) expect(run.stderr, typed).toContain(word);
    }
    expect(tm.disk()).toEqual(before);
  });

  test('is refused the same way with --json, which then prints nothing on stdout', () => {
    const tm = plan();
    expect(tm.run('show', '99', '--json')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: 'Error: Task 99 not found.\n',
    });
    expect(tm.run('dep', 'add', '1', '3', '--json')).toMatchObject({ code: 1, stdout: '' });
  });

  test('an ambiguous start of an id names the candidates', async () => {
    const tm = new Shell();
    const store = await openStore(tm.storePath);
    for (const number of [0xabc01, 0xabc02]) await addTask(store, number);
    const { code, stderr } = tm.run('show', '000abc');
    expect([code, stderr]).toEqual([3, 'Error: “000abc” could be 000abc01, 000abc02. Write more of the id.\n']);
    expect(tm.run('delete', '000abc').code).toBe(3);
    expect(tm.task('000abc02').number).toBe(0xabc02);
  });
});

describe('without a store', () => {
  test('every command but init says how to make one', () => {
    const tm = new Shell();
    for (const args of [['list'], ['add', 'x'], ['show', '1'], ['ready'], ['graph'], ['dep', 'add', '1', '2']]) {
      const { code, stdout, stderr } = tm.run(...args);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toContain('tm init');
    }
    expect(tm.disk()).toBeUndefined();
  });
});

describe('a store that cannot serve', () => {
  test('because its journal is damaged is read with a warning and not written: exit 5', () => {
    const tm = plan();
    const journal = tm.storePath.replace(/db$/, 'journal');
    writeFileSync(journal, 'rubbish\n', { flag: 'a' });
    const read = tm.run('show', '1');
    expect([read.code, read.stderr]).toEqual([0, expect.stringContaining('Warning: The journal is damaged')]);
    expect(tm.run('add', 'x')).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('damaged') });
  });

  test('because it is no database is refused: exit 5', () => {
    const tm = plan();
    writeFileSync(tm.storePath, 'rubbish'.repeat(1000));
    expect(tm.run('list')).toMatchObject({ code: 5, stdout: '' });
    expect(tm.run('add', 'x')).toMatchObject({ code: 5, stdout: '' });
  });
});
