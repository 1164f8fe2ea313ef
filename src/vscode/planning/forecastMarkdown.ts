import * as vscode from 'vscode';
import type { ForecastView } from '../../app/planning/forecast/forecastInputs.js';
import { WorkCalendar } from '../../core/time/workCalendar.js';
import { namedTask, readableMarkdown } from './markdownText.js';

/** So many tasks are listed: more is for “tm forecast --verbose”. */
const SHOWN = 100;
const BAR = 30;

/** A forecast as a page: the dates first, then what they hang on, then each task, then what it was reckoned from. */
export function forecastMarkdown(view: ForecastView): string {
  const { t } = vscode.l10n;
  const calendar = new WorkCalendar(view.basis.working_hours);
  const date = (iso: string | null) => (iso === null ? t('in a century') : calendar.text(Date.parse(iso)));
  const { basis } = view;
  const { days, hours, time_zone } = basis.working_hours;
  return `${[
    `# ${heading(view)}`,
    '',
    t('Open tasks: {0} · worked on at once: {1} · runs: {2}', view.tasks, basis.workers, basis.runs),
    ...quantiles(view, date),
    ...spread(view),
    ...bottlenecks(view),
    ...tasks(view, date),
    ...leftOut(view),
    '',
    `## ${t('Basis')}`,
    '',
    ...basis.sources.map(({ tasks, says }) => `- ${t('Hours of the tasks ({0}): {1}', tasks, says)}`),
    `- ${t('Working hours: {0}', `${days} ${hours} (${time_zone})`)}`,
    `- ${basis.says}`,
    `- ${t('Seed {0}: the same forecast until something changes', basis.seed)}`,
  ].join('\n')}\n`;
}

function heading({ target, hours, held }: ForecastView): string {
  const { t } = vscode.l10n;
  const what = target.name === null ? t('the plan') : readableMarkdown(target.name);
  if (hours) return t('Forecast of {0}', what);
  return held.length > 0 ? t('{0} cannot be done before somebody decides', what) : t('Nothing of {0} is open', what);
}

function quantiles({ hours, dates, criticalPath }: ForecastView, date: (iso: string | null) => string): string[] {
  const { t } = vscode.l10n;
  if (!hours || !dates || !criticalPath) return [];
  const row = (says: string, at: 'p50' | 'p80' | 'p95') =>
    `| ${says} | **${date(dates[at])}** | ${hours[at].toFixed(1)} h |`;
  return [
    '',
    `| ${t('Done in')} | ${t('by')} | ${t('working time from now')} |`,
    '|---|---|---:|',
    row(t('half of the runs'), 'p50'),
    row('80 %', 'p80'),
    row('95 %', 'p95'),
    '',
    t(
      'The longest chain of dependencies takes {0} h, {1} of that time.',
      criticalPath.hours.toFixed(1),
      percent(criticalPath.share),
    ),
  ];
}

function spread({ histogram }: ForecastView): string[] {
  if (histogram.length < 2) return [];
  const most = Math.max(...histogram.map(({ runs }) => runs));
  const width = Math.max(...histogram.map(({ to }) => to.toFixed(1).length));
  return [
    '',
    `## ${vscode.l10n.t('How the runs ended, in hours of work')}`,
    '',
    '```text',
    ...histogram.map(({ from, to, runs }) => {
      const bar = '█'.repeat(Math.round((BAR * runs) / most));
      return `${from.toFixed(1).padStart(width)} – ${to.toFixed(1).padStart(width)}  ${bar} ${runs}`;
    }),
    '```',
  ];
}

function bottlenecks({ bottlenecks }: ForecastView): string[] {
  const { t } = vscode.l10n;
  if (bottlenecks.length === 0) return [];
  return [
    '',
    `## ${t('What it hangs on')}`,
    '',
    `| ${t('Task')} | ${t('on the longest chain')} | ${t('adds')} |`,
    '|---|---:|---:|',
    ...bottlenecks.map((task) => `| ${namedTask(task)} | ${percent(task.criticality)} | ${task.hours.toFixed(1)} h |`),
  ];
}

function tasks({ entries }: ForecastView, date: (iso: string | null) => string): string[] {
  const { t } = vscode.l10n;
  if (entries.length === 0) return [];
  const more = entries.length - SHOWN;
  return [
    '',
    `## ${t('When each task is likely done')}`,
    '',
    `| ${t('Task')} | ${t('half of the runs')} | 80 % | ${t('due')} | ${t('in time')} |`,
    '|---|---|---|---|---:|',
    ...entries.slice(0, SHOWN).map(({ dates, due, onTime, ...task }) => {
      const inTime = onTime == null ? '' : percent(onTime);
      return `| ${namedTask(task)} | ${date(dates.p50)} | ${date(dates.p80)} | ${due?.slice(0, 10) ?? ''} | ${inTime} |`;
    }),
    ...(more > 0 ? ['', t('{0} more are told by “tm forecast --verbose”.', more)] : []),
  ];
}

function leftOut({ held, blocked }: ForecastView): string[] {
  const { t } = vscode.l10n;
  const why = {
    needs_decision: t('a dependency was cancelled'),
    waits_for_decision: t('waits for one that needs a decision'),
    cycle: t('in a cycle of dependencies, or behind one'),
  };
  return [
    ...(held.length > 0
      ? [
          '',
          `## ${t('Left out, as nobody can tell when')}`,
          '',
          ...held.map((task) => `- ${namedTask(task)}: ${why[task.why]}`),
        ]
      : []),
    ...(blocked.length > 0
      ? ['', t('Blocked by somebody, counted as if released now: {0}', blocked.map(({ name }) => name).join(', '))]
      : []),
  ];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
