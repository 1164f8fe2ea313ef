import { describe, expect, test } from 'vitest';
import { startVsCode } from './harness.js';

describe('changing a task from its context menu', () => {
  const vscode = startVsCode();

  test('everything that the model can do', async () => {
    const workspace = await vscode.workspace();
    await workspace.tm('init');
    await workspace.tm('add', 'Write it');
    await workspace.tm('add', 'Read it');
    const { quickInput, sidebar } = await vscode.open(workspace);
    const tree = sidebar.view('Tasks');
    const shown = async () => JSON.parse(await workspace.tm('show', '1', '--json')).task;
    await sidebar.open();

    /** Chooses an entry of T-1's menu and answers what it asks. */
    const choose = async (entry: RegExp, answer: (() => Promise<void>) | string) => {
      await tree.choose(/^T-1,/, entry);
      await quickInput.input.waitFor();
      if (typeof answer === 'string') await quickInput.answer(answer);
      else await answer();
      await quickInput.waitUntilClosed();
    };

    await choose(/^Rename/, 'Write it well');
    await expect.poll(shown).toMatchObject({ title: 'Write it well' });
    await choose(/^Set Priority/, () => quickInput.pick('Critical'));
    await expect.poll(shown).toMatchObject({ priority: 'critical' });
    await choose(/^Assign/, 'agent-7');
    await expect.poll(shown).toMatchObject({ assignee: 'agent-7' });
    await choose(/^Set Tags/, 'docs, api');
    await expect.poll(shown).toMatchObject({ tags: ['docs', 'api'] });

    await choose(/^Set Due Date/, async () => {
      await quickInput.type('2026-02-30');
      await quickInput.message.getByText('is not a date').waitFor();
      await quickInput.answer('2031-05-01');
    });
    await expect.poll(shown).toMatchObject({ due: '2031-05-01T00:00:00.000Z' });
    await choose(/^Set Start Date/, '2031-04-01');
    await expect.poll(shown).toMatchObject({ state: 'scheduled' });
    await choose(/^Set Start Date/, '');
    await expect.poll(shown).toMatchObject({ state: 'ready' });
    await choose(/^Set Estimate/, '2.5');
    await expect.poll(shown).toMatchObject({ estimatedHours: 2.5 });

    await choose(/^Block Task/, 'No paper');
    await tree.find(/^T-1, Write it well, Blocked, No paper/);
    await tree.choose(/^T-1,/, /^Reopen/);
    await tree.find(/^T-1, Write it well, Ready/);

    await choose(/^Add Dependency/, async () => {
      await quickInput.pick('T-2');
      await quickInput.accept();
    });
    await tree.find(/^T-1, Write it well, Waiting, waits for T-2/);
    await choose(/^Remove Dependency/, () => quickInput.pick('T-2'));
    await tree.find(/^T-1, Write it well, Ready/);
    await choose(/^Make Subtask Of/, () => quickInput.pick('T-2'));
    const parent = JSON.parse(await workspace.tm('show', '2', '--json')).task;
    await expect.poll(shown).toMatchObject({ parent: parent.id });
    await choose(/^Add Subtask/, async () => {
      await quickInput.answer('A part of it');
      await quickInput.waitForStep(/T-3/);
      await quickInput.cancel();
    });
    await tree.find(/^T-3, A part of it/);
    await choose(/^Cancel Task/, 'Nobody reads');
    await tree.find(/^Cancelled, 1 task/);
    expect(await shown()).toMatchObject({ status: 'cancelled', statusReason: 'Nobody reads' });
  });
});
