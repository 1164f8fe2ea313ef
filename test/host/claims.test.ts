import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Person } from './person.js';
import { activated, folder, pause, run, show, tm, tmAs, until } from './support.js';

const MINUTE = 60_000;

describe('claims in a window', () => {
  const key = folder();
  const person = new Person();
  let task: string;

  const lasts = () => {
    const { at, expiresAt } = show(key, task).claim;
    return (Date.parse(expiresAt) - Date.parse(at)) / MINUTE;
  };

  before(async () => {
    await activated();
    tm(key, 'init');
    task = tm(key, 'add', 'Claimed');
    await run('task.reveal', key, task);
    person.sit();
  });
  after(() => person.leave());
  beforeEach(() => {
    person.will({});
    person.told.length = 0;
  });

  it('claim, for as long as the setting says; renew; release', async () => {
    const settings = vscode.workspace.getConfiguration('taskOrchestrator');
    await settings.update('claim.duration', '45m', vscode.ConfigurationTarget.Global);
    await run('claim.claim', key, task);
    assert.equal(show(key, task).state, 'claimed');
    assert.equal(lasts(), 45);
    assert.match(person.statusBar.at(-1) ?? '', /^T-1 is yours until /);
    await settings.update('claim.duration', '2h', vscode.ConfigurationTarget.Global);
    await run('claim.renew', key, task);
    assert.ok(lasts() >= 120);
    await run('claim.release', key, task);
    assert.equal(show(key, task).claim, undefined);
  });

  it('a damaged setting is half an hour', async () => {
    const settings = vscode.workspace.getConfiguration('taskOrchestrator');
    for (const damaged of ['soon', '99d', 7]) {
      await settings.update('claim.duration', damaged, vscode.ConfigurationTarget.Global);
      await run('claim.claim', key, task);
      assert.equal(lasts(), 30);
      await run('claim.release', key, task);
    }
    await settings.update('claim.duration', undefined, vscode.ConfigurationTarget.Global);
  });

  it('starting a task does not claim it', async () => {
    await run('task.start', key, task);
    assert.equal(show(key, task).claim, undefined);
    await run('task.reopen', key, task);
  });

  it("a refusal because of another's claim offers to take it over, and repeats nothing", async () => {
    tmAs('agent-2', key, 'claim', task);
    person.will({ press: 'Take Over…' });
    await run('task.start', key, task);
    await until(
      () => person.told.map(({ text }) => text),
      ([text]) => text !== undefined && /T-1 is claimed by agent-2/.test(text),
    );
    // The box that asks for the reason was left with Escape.
    await pause(300);
    assert.equal(show(key, task).claim.by, 'agent-2');
    person.will({ press: 'Take Over…', type: 'it hangs' });
    await run('task.start', key, task);
    await until(
      () => show(key, task).claim,
      ({ by, version }) => by !== 'agent-2' && version > 1,
    );
    assert.equal(show(key, task).status, 'pending');
    assert.deepEqual(person.told.at(-1)?.buttons, ['Take Over…']);
  });

  it('a claim of the own says so without that button', async () => {
    await run('claim.claim', key, task);
    assert.match(person.told.at(-1)?.text ?? '', /claimed by you already/);
    assert.deepEqual(person.told.at(-1)?.buttons, []);
  });

  it('the loss of a claim is told once, with the reason', async () => {
    tmAs('agent-2', key, 'claim', task, '--take-over', '--reason', 'more urgent');
    await until(
      () => person.told.length,
      (count) => count > 0,
    );
    tmAs('agent-2', key, 'renew', task);
    await pause(500);
    assert.deepEqual(
      person.told.map(({ text }) => text),
      ['Your claim on T-1 was taken over by agent-2: more urgent'],
    );
    tmAs('agent-2', key, 'release', task);
  });

  it('the next ready task is claimed and shown', async () => {
    await run('claim.next');
    const { claim } = show(key, task);
    assert.ok(claim);
    await run('claim.next');
    assert.equal(person.statusBar.at(-1), 'No task is ready');
    await run('claim.release', key, task);
  });
});
