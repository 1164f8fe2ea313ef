import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Shell } from './shell.js';

const SECRET = 'plugh-xyzzy';

/** Two views of one store: with a key, and without one. */
function start(): { sighted: Shell; blind: Shell } {
  const blind = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  blind.say('init');
  blind.say('add', 'One', '-d', `before ${SECRET}`);
  const key = blind.say('encryption', 'new-key');
  return { blind, sighted: blind.with({ env: { TM_ENCRYPTION_KEY: key } }) };
}

/** Everything beside the store, as it lies on disk. */
function files({ folder }: Shell): string {
  const store = join(folder, '.task-orchestrator');
  const names = readdirSync(store, { recursive: true, encoding: 'utf8' }).map((name) => join(store, name));
  return names
    .filter((name) => statSync(name).isFile())
    .map((name) => readFileSync(name, 'latin1'))
    .join('\n');
}

describe('tm encryption', () => {
  test('enable hides texts from all who have no key, and says what stays readable', () => {
    const { sighted, blind } = start();
    expect(blind.say('encryption', 'status')).toBe('Encryption: off');
    const refused = blind.run('encryption', 'enable');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('There is no key: set TM_ENCRYPTION_KEY'),
    ]);
    const run = sighted.run('encryption', 'enable');
    expect([run.code, run.stdout]).toEqual([0, '']);
    expect(run.stderr).toContain('Encrypted: texts of 1 tasks, 0 notes and messages');
    expect(run.stderr).toContain('Still readable: titles');
    expect(run.stderr).toContain('exports and commits of the store');
    sighted.say('add', 'Two', '-d', `after ${SECRET}`);
    sighted.say('update', '1', '-d', `changed ${SECRET}`);
    sighted.say('complete', '2', '--summary', `summary ${SECRET}`);
    sighted.say('backup');
    sighted.say('delete', '2');
    expect(files(sighted)).not.toContain(SECRET);
    expect(sighted.say('show', '1')).toContain(`description: changed ${SECRET}`);
    expect(sighted.list(SECRET).tasks.map((task) => task.name)).toEqual(['T-1']);
    expect(sighted.say('log')).toContain(`changed ${SECRET}`);
    expect(blind.say('show', '1')).toContain('description: (encrypted; set TM_ENCRYPTION_KEY)');
    expect(blind.say('log')).not.toContain('enc:v1');
    expect(blind.list(SECRET).total).toBe(0);
    expect(blind.say('encryption', 'status')).toContain('Key: none; set TM_ENCRYPTION_KEY');
    expect(blind.run('update', '1', '-d', 'mine')).toMatchObject({ code: 1, stdout: '' });
    blind.say('update', '1', '--title', 'Uno');
    expect(sighted.task('1')).toMatchObject({ title: 'Uno', description: `changed ${SECRET}` });
  });

  test('rotate takes another key, disable none, and a wrong one is told', () => {
    const { sighted, blind } = start();
    sighted.say('encryption', 'enable');
    const next = 'a passphrase of several words';
    expect(sighted.run('encryption', 'rotate').stderr).toContain('TM_ENCRYPTION_KEY_NEW');
    const rotated = sighted.with({ env: { TM_ENCRYPTION_KEY_NEW: next } }).run('encryption', 'rotate');
    expect([rotated.code, rotated.stderr]).toEqual([0, expect.stringContaining('Encrypted with the new key')]);
    expect(sighted.say('show', '1')).toContain('(encrypted; TM_ENCRYPTION_KEY is not its key)');
    expect(sighted.say('encryption', 'status')).toContain('Key: wrong');
    expect(sighted.run('update', '1', '-d', 'mine').stderr).toContain('TM_ENCRYPTION_KEY is not the key of this store');
    const holder = blind.with({ env: { TM_ENCRYPTION_KEY: next } });
    expect(holder.task('1').description).toBe(`before ${SECRET}`);
    expect(holder.json('encryption', 'status')).toMatchObject({
      encrypted: true,
      key: 'right',
      derivation: 'scrypt',
      damaged: [],
    });
    expect(blind.run('encryption', 'disable').code).toBe(1);
    holder.say('encryption', 'disable');
    expect(blind.task('1').description).toBe(`before ${SECRET}`);
    expect(blind.run('encryption', 'disable').code).toBe(3);
  });

  test('a key that is easily guessed is refused', () => {
    const { blind } = start();
    const run = blind.with({ env: { TM_ENCRYPTION_KEY: 'short' } }).run('encryption', 'enable');
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('12 characters or more')]);
    expect(blind.say('encryption', 'status')).toBe('Encryption: off');
  });

  test('names the backups made before, and deletes them on request', () => {
    const { sighted } = start();
    sighted.say('backup');
    expect(sighted.run('encryption', 'enable').stderr).toMatch(
      /1 backups made before are as they were: \S+-backup\.db/,
    );
    expect(files(sighted)).toContain(SECRET);
    expect(sighted.run('encryption', 'enable', '--delete-backups').stderr).toContain('Deleted 1 backups');
    expect(files(sighted)).not.toContain(SECRET);
  });
});
