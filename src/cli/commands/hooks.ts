import type { Command } from 'commander';
import type { HookAlert, HookList, HookStatistics, Hooks } from '../../app/automation/hooks.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain, plainLines } from '../../core/model/plainText.js';
import { hooksOf } from '../automation.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { locateStore } from '../session.js';
import { table } from '../terminal/table.js';

/** `tm hooks`: the programs that run when tasks change, whether they may, and how they do. */
export function addHookCommands(program: Command, context: CliContext): void {
  const { output } = context;
  const hooks = withExamples(
    program.command('hooks').description('programs of the project that run when tasks change'),
    ['tm hooks list', 'what there is, and whether it runs'],
    ['tm hooks trust', 'allow the hooks and plugins as they are now'],
    ['tm hooks report post-complete 30', 'how one did in the last 30 days'],
    ['tm hooks run sync-jira T-12', 'run one by hand'],
  );
  const print = (json: boolean | undefined, value: object, text: () => string) =>
    output.data(json ? JSON.stringify(value) : text());
  const own = () => hooksOf(locateStore(context.workingFolder), context);

  withJson(hooks.command('list', { isDefault: true }).description('list the hooks, and whether they run')).action(
    ({ json }: CommonOptions) => {
      const list = own().list();
      if (!json && list.hooks.length === 0) output.message('There are no hooks.');
      else print(json, list, () => list.hooks.map(hookLine).join('\n'));
      if (!json) sayTrust(context, list);
    },
  );

  withJson(hooks.command('trust').description('allow the hooks and plugins as they are now')).action(
    ({ json }: CommonOptions) => {
      const files = own().decide(true);
      print(json, { trusted: files }, () => ['Trusted:', ...files.map((file) => `  ${plain(file)}`)].join('\n'));
    },
  );

  withJson(hooks.command('untrust').description('do not run the hooks and plugins, and do not ask either')).action(
    ({ json }: CommonOptions) => {
      const files = own().decide(false);
      print(json, { untrusted: files }, () => 'Hooks and plugins of this project are not run');
    },
  );

  withJson(hooks.command('report').description('how the hooks and plugins did'))
    .argument('[name]', 'only this one; a plugin is called plugin:FILE')
    .argument('[days]', 'how far back, 7 by itself')
    .action((first: string | undefined, second: string | undefined, { json }: CommonOptions) => {
      const [hook, days] = second === undefined && isNumber(first) ? [undefined, first] : [first, second];
      const report = own().report({ hook, ...(days !== undefined && { days: amount('days', days) }) });
      if (!json && report.hooks.length === 0) output.message(`No hook ran in the last ${report.days} days.`);
      else print(json, report, () => reportText(context, report.hooks));
    });

  withJson(hooks.command('alerts').description('runs that failed or took long'))
    .argument('[severity]', 'warning or critical')
    .argument('[hours]', 'how far back, 24 by itself')
    .action((first: string | undefined, second: string | undefined, { json }: CommonOptions) => {
      const [severity, hours] = second === undefined && isNumber(first) ? [undefined, first] : [first, second];
      if (severity !== undefined && severity !== 'warning' && severity !== 'critical')
        throw new InvalidInputError('severity', `“${severity}” is no severity: give warning or critical.`);
      const alerts = own().alerts({ severity, ...(hours !== undefined && { hours: amount('hours', hours) }) });
      if (!json && alerts.alerts.length === 0) output.message(`No alerts in the last ${alerts.hours} hours.`);
      else print(json, alerts, () => alerts.alerts.map(alertLine).join('\n'));
    });

  withJson(hooks.command('thresholds').description('from what duration on a run is remarked on, and when it is ended'))
    .argument('[warning]', 'milliseconds')
    .argument('[critical]', 'milliseconds')
    .argument('[timeout]', 'the time limit, milliseconds')
    .action((...given: [string?, string?, string?, CommonOptions?, ...unknown[]]) => {
      const [warning, critical, timeout, { json } = {}] = given;
      if (warning === undefined) {
        const set = own().thresholds();
        print(json, set, () => `warning ${set.warning} ms\ncritical ${set.critical} ms\ntime limit ${set.timeout} ms`);
        return;
      }
      if (critical === undefined || timeout === undefined)
        throw new InvalidInputError(
          'thresholds',
          'Give all three: warning, critical, time limit; or none to see them.',
        );
      const set = own().setThresholds({
        warning: wholeNumber('warning', warning),
        critical: wholeNumber('critical', critical),
        timeout: wholeNumber('timeout', timeout),
      });
      print(json, set, () => 'Thresholds updated successfully');
    });

  withJson(hooks.command('cleanup').description('forget old runs'))
    .argument('[days]', 'keep so many, 30 by itself')
    .action((days: string | undefined, { json }: CommonOptions) => {
      const removed = own().cleanUp(amount('days', days ?? '30'));
      print(json, { removed }, () => `Removed ${removed} ${removed === 1 ? 'entry' : 'entries'}`);
    });

  withJson(hooks.command('run').description('run a hook by hand, whatever its name, for a task'))
    .argument('<name>', 'a file in the hooks folder')
    .argument('<task>', 'id, start of an id, 12, #12 or T-12')
    .action(async (name: string, task: string, { json }: CommonOptions) =>
      reading(context, async ({ tasks, location }) => {
        const run = await hooksOf(location, context).run(name, tasks, task);
        if (json) output.data(JSON.stringify(run));
        else if (run.output.trim() !== '') output.data(plainLines(run.output.trim()));
        else output.message(`Hook ${name} ran`);
      }),
    );
}

function hookLine({ name, standard, runs, fault }: ReturnType<Hooks['list']>['hooks'][number]): string {
  const state = fault ?? (runs ? 'runs' : 'not trusted');
  return `${plain(name)} - ${state}${standard ? '' : ' (by hand)'}`;
}

function sayTrust({ output }: CliContext, { trust, changed, hooks, plugins }: HookList): void {
  if (hooks.length + plugins.length === 0 || trust === 'trusted') return;
  if (trust === 'declined') output.message('You declined to run them. “tm hooks trust” allows them.');
  else output.message(`Not trusted: ${changed.map(plain).join(', ')}. Look at them, then “tm hooks trust”.`);
}

function reportText({ output }: CliContext, hooks: readonly HookStatistics[]): string {
  const count = (head: string, cell: (row: HookStatistics) => number) => ({
    head,
    right: true,
    cell: (row: HookStatistics) => String(cell(row)),
  });
  const columns = [
    { head: 'HOOK', cell: (row: HookStatistics) => plain(row.hook), flexible: true },
    count('RUNS', (row) => row.runs),
    count('OK', (row) => row.ok),
    count('REFUSED', (row) => row.refused),
    count('FAILED', (row) => row.failed),
    count('TIMED OUT', (row) => row.timedOut),
    count('AVERAGE MS', (row) => row.average),
    count('P95 MS', (row) => row.p95),
    count('LONGEST MS', (row) => row.longest),
  ];
  return table(columns, hooks, output.terminal ? output.width : 1000, output.style.bold);
}

function alertLine({ severity, run, reason }: HookAlert): string {
  const message = run.message === undefined ? '' : `: ${plain(run.message)}`;
  const task = run.task === undefined ? '' : ` ${run.task}`;
  return `[${severity.toUpperCase()}] ${run.at} ${plain(run.hook)}${task} ${reason}${message}`;
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text);
}

function amount(name: string, text: string): number {
  if (!isNumber(text)) throw new InvalidInputError(name, `${name} ${text}: give a number.`);
  return Number(text);
}
