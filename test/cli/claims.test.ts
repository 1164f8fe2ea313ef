import { describe, expect, test } from 'vitest';
import { Shell } from './shell.js';

/** A store with two tasks, and an agent beside the person. */
function start(): { person: Shell; agent: Shell } {
  const person = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  person.say('init');
  person.say('add', 'One', '-p', 'high');
  person.say('add', 'Two', '--tag', 'api');
  return { person, agent: person.with({ env: { TM_AGENT_ID: 'agent-2' } }) };
}

describe('claims', () => {
  test('tm claim prints the id, says until when, and leaves others out', () => {
    const { person, agent } = start();
    const run = agent.run('claim', '--for', '2h');
    expect([run.code, run.stdout.trim()]).toEqual([0, person.task('1').id]);
    expect(run.stderr).toMatch(/^T-1 is yours until .* \(lease 1\)\n$/);
    expect(person.run('claim', 'T-1')).toMatchObject({ code: 4, stdout: '' });
    expect(person.run('claim', 'T-1').stderr).toContain('T-1 is claimed by agent-2');
    expect(person.run('complete', '1').code).toBe(4);
    expect(person.say('claim', '--query', 'tag:api')).toBe(person.task('2').id);
    expect(person.run('claim')).toMatchObject({ code: 3, stderr: 'Error: Nothing is ready to be claimed.\n' });
  });

  test('tm list and tm show name the holder', () => {
    const { person, agent } = start();
    agent.say('claim', '1');
    expect(person.say('show', '1')).toMatch(/^claimed_by: agent-2, .* lease 1/m);
    expect(person.task('1').claim).toMatchObject({ by: 'agent-2', version: 1, expired: false });
    expect(person.list('status:claimed').tasks.map((task) => task.name)).toEqual(['T-1']);
  });

  test('a lost lease is fenced off, by its number too', () => {
    const { person, agent } = start();
    agent.say('claim', '1');
    person.say('claim', '1', '--take-over', '--reason', 'no sign of life');
    const late = agent.run('complete', '1', '--lease', '1');
    expect([late.code, late.stderr]).toEqual([4, expect.stringContaining('Lease 1 on T-1 is no longer yours')]);
    expect(agent.run('update', '1', '--title', 'Mine', '--lease', '1').code).toBe(4);
    expect(agent.run('renew', '1').code).toBe(4);
    expect(agent.run('release', '1', '--lease', '1').code).toBe(4);
    expect(person.task('1')).toMatchObject({ title: 'One', status: 'pending' });
    person.say('renew', '1', '--for', '1d', '--lease', '2');
    person.say('release', '1');
    expect(person.task('1').claim).toBeUndefined();
  });

  test('lengths of time and leases are checked', () => {
    const { person } = start();
    expect(person.run('claim', '1', '--for', 'long')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('30m'),
    });
    expect(person.run('renew', '1', '--lease', 'x').code).toBe(2);
  });

  test('of eight at once one wins', async () => {
    const { person } = start();
    const runs = await Promise.all(
      Array.from({ length: 8 }, (_, at) => person.with({ env: { TM_AGENT_ID: `agent-${at}` } }).start('claim', '1')),
    );
    expect(runs.map((run) => run.code).sort()).toEqual([0, 4, 4, 4, 4, 4, 4, 4]);
  });
});
