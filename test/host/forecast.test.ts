import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Person } from './person.js';
import { activated, folder, run, show, tm, until } from './support.js';

describe('estimates and forecasts in a window', () => {
  const key = folder();
  const person = new Person();
  let first: string;
  let second: string;

  before(async () => {
    await activated();
    tm(key, 'init');
    for (const hours of ['2', '3', '4']) tm(key, 'complete', tm(key, 'add', 'Done'), '--actual-hours', hours);
    first = tm(key, 'add', 'First', '--milestone', 'Beta');
    second = tm(key, 'add', 'Second | last', '--depends-on', first, '--due', '2040-01-02');
    await run('task.reveal', key, second);
    person.sit();
  });
  after(() => person.leave());
  beforeEach(() => {
    person.will({});
    person.told.length = 0;
  });

  const forecast = () =>
    vscode.window.visibleTextEditors.map(({ document }) => document).find(({ uri }) => uri.scheme === 'task-forecast');
  /** The forecast that is in front, when it is the one of that title. */
  const shown = async (title: string) => {
    const document = await until(forecast, (found) => found?.uri.path === `/${title}.md`);
    return document?.getText() ?? '';
  };

  it('estimate effort tells the hours and how much is known, and keeps them with the task', async () => {
    await run('task.estimateEffort', key, first);
    assert.match(
      person.told[0]?.text ?? '',
      /^T-4 likely takes 2\.94 h, and with a probability of 80 % at most [\d.]+ h\. Learnt from 3 finished tasks\.$/,
    );
    assert.deepEqual(person.told[0]?.buttons, ['Set as Estimate']);
    assert.equal(show(key, first).estimatedHours, undefined);
    assert.equal(JSON.parse(tm(key, 'estimate', first, '--json')).stored, 'unchanged');
  });

  it('sets them where the person says so, and offers undo', async () => {
    person.will({ press: 'Set as Estimate' });
    await run('task.estimateEffort', key, first);
    assert.equal(show(key, first).estimatedHours, 3);
    assert.equal(person.item, '$(discard) T-4 estimated at 3 h · Undo');
    await person.click();
    assert.equal(show(key, first).estimatedHours, undefined);
  });

  it('a forecast of the plan is a page with dates, tasks and what it was reckoned from', async () => {
    person.will({ pick: 'The whole plan', type: '2' });
    await run('forecast.show');
    assert.ok(person.offered.some((row) => row.includes('Beta · milestone')));
    const text = await shown('Forecast of the plan');
    assert.match(text, /^# Forecast of the plan\n\nOpen tasks: 2 · worked on at once: 2 · runs: 1000\n/);
    assert.match(text, /\| half of the runs \| \*\*\d{4}-\d\d-\d\d \d\d:\d\d\*\* \| \d+\.\d h \|/);
    assert.match(text, /\| T-5 Second \\\| last \| .* \| 2040-01-02 \| 100 % \|/);
    assert.match(text, /- Hours of the tasks \(1\): estimates of “tm estimate”\n/);
    assert.match(text, /- Working hours: mon-fri 09:00-17:00 /);
    assert.equal(forecast()?.languageId, 'markdown');
  });

  it('of a milestone, and of the task that the menu was opened on', async () => {
    person.will({ pick: 'Beta', type: '1' });
    await run('forecast.show');
    assert.match(await shown('Forecast of Beta'), /\nOpen tasks: 1 · worked on at once: 1 ·/);
    person.will({ type: '1' });
    await run('forecast.show', key, second);
    assert.match(await shown('Forecast of T-5'), /^# Forecast of T-5\n\nOpen tasks: 2 ·/);
  });

  it('Escape, and a number that is none, show nothing', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await run('forecast.show');
    person.will({ pick: 'The whole plan' });
    await run('forecast.show');
    person.will({ pick: 'The whole plan', type: 'many' });
    await run('forecast.show');
    assert.equal(forecast(), undefined);
  });

  it('a page that is opened again is told anew', async () => {
    const query = JSON.stringify({ folder: key, task: first, workers: 3 });
    const uri = vscode.Uri.from({ scheme: 'task-forecast', path: '/Again.md', query });
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(), /\nOpen tasks: 1 · worked on at once: 3 ·/);
  });
});
