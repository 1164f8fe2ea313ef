import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ContextView } from '../../src/app/collaboration/collaborationInputs.js';
import type { NotificationListView } from '../../src/app/notifications/notificationInputs.js';
import { Shell } from './shell.js';

/** A store with one task, and two agents. */
function start(): { ann: Shell; bob: Shell; id: string } {
  const ann = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  ann.say('init');
  return { ann, bob: ann.with({ env: { TM_AGENT_ID: 'bob' } }), id: ann.say('add', 'Build the API') };
}

const inStore = (shell: Shell, ...path: string[]) => join(shell.folder, '.task-orchestrator', ...path);
const context = (shell: Shell, id: string) => shell.json<ContextView>('context', id);
const shared = (shell: Shell, id: string) =>
  context(shell, id).shared.map(({ type, agent, text }) => [type, agent, text]);

describe('what scripts rely on', () => {
  test('the lines of join, share, note, discover, sync, progress and context', () => {
    const { ann, bob, id } = start();
    expect(ann.run('join', id)).toEqual({ code: 0, stdout: `Joined task: ${id}\n`, stderr: '' });
    expect(ann.run('join', id)).toMatchObject({ code: 0, stdout: `Joined task: ${id}\n` });
    expect(ann.run('share', id, 'The', 'schema', 'is ready')).toEqual({
      code: 0,
      stdout: `Shared update for task ${id}\n`,
      stderr: '',
    });
    expect(ann.say('note', 'T-1', 'try the other index')).toBe(`Note added: Added private note for task ${id}`);
    expect(bob.say('discover', id, 'uploads end at 5 MB')).toBe(`Discovery shared for task ${id}`);
    expect(bob.say('sync', id, 'interfaces', 'frozen')).toBe(`Sync: Created sync point for task ${id}`);
    expect(bob.say('progress', id, '60%', 'half done')).toBe('Progress update added');
    const [first, second, ...rest] = ann.say('context', id).split('\n');
    expect(first).toBe(`Task: ${id}`);
    expect(second).toMatch(/^Created: \d{4}-\d\d-\d\dT/);
    expect(rest).toEqual([
      '',
      'Shared Context:',
      '  [update] ann: The schema is ready',
      '  [discovery] bob: uploads end at 5 MB',
      '  [sync] bob: interfaces frozen',
      '  [progress] bob: 60% half done',
      '',
      'Your Notes:',
      '  try the other index',
    ]);
    expect(bob.say('context', id)).not.toContain('other index');
    expect(context(bob, id)).toMatchObject({ percent: 60, notes: [], total: 4, truncated: false });
    expect(bob.say('context', id).match(/\[sync\]/g)).toHaveLength(1);
  });

  test('tm context of a task without any says so on stderr', () => {
    const { ann, id } = start();
    const run = ann.run('context', id);
    expect([run.code, run.stdout.split('\n')[0], run.stderr]).toEqual([0, `Task: ${id}`, 'No shared context\n']);
  });

  test('tm context ID --shared TEXT shares it', () => {
    const { ann, id } = start();
    expect(ann.say('context', id, '--shared', 'from the option')).toBe(`Shared update for task ${id}`);
    expect(shared(ann, id)).toEqual([['update', 'ann', 'from the option']]);
  });

  test('tm context shows the last 20, says that there are more, and shows all when asked', () => {
    const { ann, id } = start();
    for (let at = 1; at <= 22; at += 1) ann.say('share', id, `entry ${at}`);
    const run = ann.run('context', id);
    expect(run.stdout.match(/\[update\]/g)).toHaveLength(20);
    expect(run.stdout).toContain('entry 3\n');
    expect(run.stderr).toBe('20 of 22 shared entries shown; --all shows them all\n');
    expect(ann.say('context', id, '--all').match(/\[update\]/g)).toHaveLength(22);
    expect(ann.say('context', id, '-n', '1').match(/\[update\]/g)).toHaveLength(1);
  }, 60_000);

  test('texts are verbatim: lines, quotes, signs; - reads standard input', () => {
    const { ann, id } = start();
    ann.say('share', id, 'a "quoted" $HOME `x` \\n ünïcode');
    ann.say('share', id, '--', '--looks like an option');
    expect(ann.say('context', id)).toContain('  [update] ann: a "quoted" $HOME `x` \\n ünïcode\n');
    expect(ann.say('context', id)).toContain('[update] ann: --looks like an option');
    const { stdout } = { stdout: ann.pipe('two\nlines\n', 'share', id, '-').stdout };
    expect(stdout).toBe(`Shared update for task ${id}\n`);
    expect(shared(ann, id).at(-1)).toEqual(['update', 'ann', 'two\nlines']);
    ann.say('share', id, 'first\n  [sync] bob: \u001b[31mforged');
    const lines = ann.say('context', id).split('\n');
    expect(lines.filter((line) => line.startsWith('  [sync]'))).toEqual([]);
    expect(lines.join()).not.toContain('\u001b');
  });

  test('tm share without TM_AGENT_ID says so, and shares in the person’s name', () => {
    const { ann, id } = start();
    const person = ann.with({ env: { TM_AGENT_ID: '' } });
    const run = person.run('share', id, 'hello');
    expect([run.code, run.stdout]).toEqual([0, `Shared update for task ${id}\n`]);
    expect(run.stderr).toMatch(/^TM_AGENT_ID not set: shared in the name of .+\.\n$/);
    expect(person.run('share', id, 'hello', '--agent-id', 'cleo').stderr).toBe('');
    expect(shared(ann, id).at(-1)).toEqual(['update', 'cleo', 'hello']);
  });

  test('wrong usage, empty texts and percentages are refused and change nothing', () => {
    const { ann, id } = start();
    const before = ann.disk();
    for (const command of ['share', 'note', 'discover', 'sync', 'progress']) {
      expect(ann.run(command).code, command).toBe(2);
      expect(ann.run(command, id).code, command).toBe(2);
    }
    expect(ann.run('share', id, '  ')).toMatchObject({ code: 2, stderr: expect.stringContaining('empty') });
    expect(ann.run('progress', id, '160%')).toMatchObject({ code: 2, stderr: expect.stringContaining('100%') });
    expect(ann.run('share', id, 'x', '--shout').code).toBe(2);
    expect(ann.run('context').code).toBe(2);
    expect(ann.disk()).toEqual(before);
  }, 60_000);
});

describe('defects of the old tool', () => {
  test('unknown tasks are refused by every one of them', () => {
    const { ann } = start();
    const before = ann.disk();
    for (const command of ['join', 'context', 'participants'])
      expect(ann.run(command, 'deadbeef'), command).toMatchObject({ code: 3, stdout: '' });
    for (const command of ['share', 'note', 'discover', 'sync', 'progress'])
      expect(ann.run(command, 'deadbeef', 'text'), command).toMatchObject({ code: 3, stdout: '' });
    expect(ann.disk()).toEqual(before);
  }, 60_000);

  test('no task id and no agent’s name leads out of the folder', () => {
    const { ann, id } = start();
    const files = () => readdirSync(ann.folder, { recursive: true }).map(String).sort();
    const before = files();
    expect(ann.run('note', '../../evil', 'hi').code).toBe(3);
    expect(ann.run('join', '../evil').code).toBe(3);
    expect(files()).toEqual(before);
    const evil = ann.with({ env: { TM_AGENT_ID: '../../../evil' } });
    evil.say('note', id, 'hi');
    evil.say('join', id);
    expect(readdirSync(inStore(ann, 'notes'))).toEqual([expect.stringMatching(`^${id}_evil~[0-9a-f]{8}\\.md$`)]);
    expect(files().filter((file) => !file.startsWith('.task-orchestrator'))).toEqual([]);
    expect(context(evil, id).notes).toHaveLength(1);
  });

  test('tm share and tm discover do not join, and make no files', () => {
    const { ann, bob, id } = start();
    ann.say('share', id, 'x');
    bob.say('discover', id, 'y');
    expect(ann.run('participants', id)).toMatchObject({ code: 0, stdout: '', stderr: 'Nobody has joined T-1\n' });
    ann.say('context', id);
    expect([existsSync(inStore(ann, 'contexts')), existsSync(inStore(ann, 'notes'))]).toEqual([false, false]);
    ann.say('join', id);
    bob.say('join', id);
    expect(ann.say('participants', id).split('\n')).toEqual([
      expect.stringMatching(/^ann - joined \d{4}-/),
      expect.stringMatching(/^bob - joined \d{4}-/),
    ]);
  });
});

test('TM_REQUEST_ID enters a text once, and refuses another one under its name', () => {
  const { ann, bob, id } = start();
  const again = ann.with({ env: { TM_REQUEST_ID: 'req-1' } });
  const first = again.json<{ event: { id: string } }>('share', id, 'once').event.id;
  expect(again.json<{ event: { id: string } }>('share', id, 'once').event.id).toBe(first);
  again.say('sync', id, 'another command');
  const two = ann.say('add', 'Another task');
  again.say('share', two, 'once, there too');
  expect(again.run('share', id, 'something else')).toMatchObject({ code: 4, stdout: '' });
  expect(bob.with({ env: { TM_REQUEST_ID: 'req-1' } }).run('share', id, 'once').code).toBe(4);
  expect(shared(ann, id).map(([type]) => type)).toEqual(['update', 'sync']);
  expect(shared(ann, two)).toHaveLength(1);
});

describe('mentions', () => {
  test('tell those who are meant, by the name that they have here, and not the one who writes', () => {
    const { ann, bob, id } = start();
    bob.say('join', id);
    ann.say('share', id, '@BOB and @ann and @"New One": look at a@b.org');
    const unread = (shell: Shell) => shell.json<NotificationListView>('notifications').notifications;
    expect(unread(bob)).toMatchObject([{ type: 'mention', from: 'ann', name: 'T-1', to: 'bob' }]);
    expect(unread(ann)).toEqual([]);
    expect(unread(ann.with({ env: { TM_AGENT_ID: 'New One' } }))).toHaveLength(1);
    ann.say('note', id, '@bob is slow');
    expect(unread(bob)).toHaveLength(1);
  });
});

describe('files beside the store', () => {
  test('are written by joining, follow later changes and are read again when edited', () => {
    const { ann, bob, id } = start();
    ann.say('join', id);
    const file = inStore(ann, 'contexts', `${id}.yaml`);
    bob.say('share', id, 'from bob');
    expect(readFileSync(file, 'utf8')).toContain('text: from bob');
    ann.say('update', id, '--title', 'Build it');
    expect(readFileSync(file, 'utf8')).toContain('title: Build it');
    appendFileSync(file, '  - from an editor\n');
    const before = ann.disk();
    expect(ann.run('context', id).stderr).toBe(
      `contexts/${id}.yaml was edited; the next tm command that changes something takes that over.\n`,
    );
    expect(ann.disk()).toEqual(before);
    const run = bob.run('add', 'Something else');
    expect(run.stderr).toContain(`contexts/${id}.yaml: one new entry taken over in the name of bob.\n`);
    expect(shared(ann, id).at(-1)).toEqual(['update', 'bob', 'from an editor']);
    ann.say('complete', id);
    ann.say('share', id, 'afterwards');
    expect(readFileSync(file, 'utf8')).toContain('text: afterwards');
  });

  test('a private note is a file for its agent, and not to be found in the history', () => {
    const { ann, bob, id } = start();
    ann.say('note', id, 'the secret');
    const file = inStore(ann, 'notes', `${id}_ann.md`);
    appendFileSync(file, '\nwritten by hand\n');
    bob.say('add', 'x');
    expect(context(ann, id).notes).toHaveLength(1);
    ann.say('add', 'y');
    expect(context(ann, id).notes.map(({ text }) => text)).toEqual(['the secret', 'written by hand']);
    expect(bob.run('log', '--json').stdout).not.toContain('secret');
    expect(bob.say('log')).toContain('+ T-1 [note]');
  });
});

test('the files of a task go along when it is moved to another store, and are gone here', () => {
  const { ann, id } = start();
  ann.say('join', id);
  ann.say('share', id, 'shared');
  ann.say('note', id, 'mine');
  const other = ann.with({ folder: join(ann.folder, 'other') });
  mkdirSync(other.folder);
  other.say('init');
  ann.say('move', id, '--to', other.folder);
  expect([readdirSync(inStore(ann, 'contexts')), readdirSync(inStore(ann, 'notes'))]).toEqual([[], []]);
  const copy = other.task('1').id;
  expect(readFileSync(inStore(other, 'contexts', `${copy}.yaml`), 'utf8')).toContain('text: shared');
  expect(other.run('share', copy, 'more').stderr).toBe('');
  expect(readFileSync(inStore(other, 'contexts', `${copy}.yaml`), 'utf8')).toContain('text: more');
  expect(readFileSync(inStore(other, 'notes', `${copy}_ann.md`), 'utf8')).toContain('mine');
});

test('moved to an encrypted store, edits and files of other programs stay here: nothing readable is written there', () => {
  const { ann, id } = start();
  ann.say('join', id);
  appendFileSync(inStore(ann, 'contexts', `${id}.yaml`), '  - only in the file\n');
  mkdirSync(inStore(ann, 'notes'), { recursive: true });
  writeFileSync(inStore(ann, 'notes', `${id}_other.md`), 'of another program');
  const other = ann.with({
    folder: join(ann.folder, 'other'),
    env: { TM_ENCRYPTION_KEY: 'a passphrase of some length' },
  });
  mkdirSync(other.folder);
  other.say('init');
  other.say('encryption', 'enable');
  other.with({ folder: ann.folder }).say('move', id, '--to', other.folder);
  expect([existsSync(inStore(other, 'contexts')), existsSync(inStore(other, 'notes'))]).toEqual([false, false]);
  expect(readFileSync(inStore(ann, 'contexts', `${id}.yaml.edited`), 'utf8')).toContain('only in the file');
  expect(readFileSync(inStore(ann, 'notes', `${id}_other.md.edited`), 'utf8')).toBe('of another program');
});

test('an encrypted store writes no readable files, and reads its texts with the key', () => {
  const { ann, id } = start();
  const sealed = ann.with({ env: { TM_ENCRYPTION_KEY: 'a passphrase of some length' } });
  sealed.say('encryption', 'enable');
  expect(sealed.run('join', id)).toMatchObject({ code: 0, stderr: expect.stringContaining('encrypted') });
  sealed.say('share', id, 'a secret');
  expect(existsSync(inStore(ann, 'contexts'))).toBe(false);
  expect(sealed.say('context', id)).toContain('[update] ann: a secret');
  expect(ann.say('context', id)).not.toContain('a secret');
});

test('two agents at once: nothing is lost, each hears of the other, and the file is whole', async () => {
  const { ann, bob, id } = start();
  ann.say('join', id);
  bob.say('join', id);
  const agents = [ann, bob].map((shell, at) => ({ shell, other: at === 0 ? 'bob' : 'ann' }));
  const runs = await Promise.all(
    agents.flatMap(({ shell, other }) =>
      [0, 1, 2, 3].flatMap((at) => [
        shell.start('share', id, `update ${at} for @${other}`),
        shell.start('sync', id, `point ${at}`),
      ]),
    ),
  );
  expect(runs.map((run) => run.code)).toEqual(runs.map(() => 0));
  const entries = shared(ann, id);
  expect(new Set(entries.map(String)).size).toBe(16);
  for (const { shell } of agents)
    expect(shell.json<NotificationListView>('notifications').notifications.map(({ type }) => type)).toEqual(
      Array(4).fill('mention'),
    );
  const file = readFileSync(inStore(ann, 'contexts', `${id}.yaml`), 'utf8');
  expect(file.match(/^ {4}text: /gm)).toHaveLength(16);
  expect(readdirSync(inStore(ann, 'contexts'))).toEqual([`${id}.yaml`]);
});

test('who acts: --agent-id, TM_AGENT_ID, the saved name, git, the account, in this order', () => {
  const tm = new Shell();
  tm.say('init');
  const who = (shell: Shell, ...args: string[]) => {
    const { agent, source } = shell.json<{ agent: string; source: string }>('whoami', ...args);
    return [agent, source];
  };
  expect(who(tm)[1]).toBe('account');
  execFileSync('git', ['config', '--global', 'user.name', 'Ann Lee'], { env: { ...process.env, HOME: tm.folder } });
  expect(who(tm)).toEqual(['Ann Lee', 'git']);
  const saved = join(dirname(tm.storePath), 'config', 'agent-id');
  mkdirSync(dirname(saved));
  writeFileSync(saved, 'saved-1\n');
  expect(who(tm)).toEqual(['saved-1', 'config/agent-id']);
  tm.say('add', 'One');
  expect(tm.task('1').createdBy).toBe('saved-1');
  const named = tm.with({ env: { TM_AGENT_ID: 'env-1' } });
  expect(who(named)).toEqual(['env-1', 'TM_AGENT_ID']);
  expect(who(named, '--agent-id', 'given-1')).toEqual(['given-1', '--agent-id']);
  named.say('add', 'Two', '--agent-id', 'given-1');
  expect(tm.task('2').createdBy).toBe('given-1');
  expect(readFileSync(saved, 'utf8')).toBe('saved-1\n');
  expect(tm.run('whoami')).toEqual({
    code: 0,
    stdout: 'saved-1\n',
    stderr: 'From config/agent-id beside the store; not registered\n',
  });
});
