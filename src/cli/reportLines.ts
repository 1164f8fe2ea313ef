import type { AssessmentView } from '../app/metrics/assessmentInputs.js';
import { counted } from '../core/model/counted.js';
import { plain } from '../core/model/plainText.js';
import { toMinute } from '../core/model/timeText.js';
import { measureLines } from './measureLines.js';
import { lengthOf, percent } from './numbers.js';

const WIDTH = 80;

/** A part of the report: a heading and lines of a name, a value and what that is reckoned from. */
interface Section {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly value: string; readonly basis?: string }[];
  readonly none: string;
}

function sections(view: AssessmentView): Section[] {
  const { feedback, overdue, stuck, assignees, findings, before, days } = view;
  const average = (value: number | null, n: number) => (value === null ? 'no data' : `${value.toFixed(1)}/5 (n=${n})`);
  return [
    { title: 'Work', lines: measureLines(view.measures), none: '' },
    {
      title: `The ${days} days before`,
      lines: measureLines({ ...view.measures, ...before })
        .filter(({ name }) => name === 'Throughput' || name === 'Cycle time')
        .map(({ name, value }) => ({ name, value })),
      none: '',
    },
    {
      title: 'Feedback',
      lines: [
        { name: 'Quality', value: average(feedback.quality, feedback.qualityScores) },
        { name: 'Timeliness', value: average(feedback.timeliness, feedback.timelinessScores) },
        {
          name: 'Coverage',
          value: percent(feedback.coverage),
          basis: `${feedback.withFeedback} of ${feedback.total} completed tasks`,
        },
      ],
      none: '',
    },
    {
      title: 'Now',
      lines: [
        { name: 'Waiting', value: counted(stuck.waiting, 'task') },
        { name: 'Need a decision', value: counted(stuck.needsDecision, 'task') },
        { name: 'Blocked', value: counted(stuck.blocked, 'task') },
        { name: 'Overdue', value: counted(overdue.length, 'task') },
      ],
      none: '',
    },
    {
      title: 'Overdue',
      lines: overdue.map(({ name, title, hours }) => ({ name, value: `${plain(title)}, late by ${lengthOf(hours)}` })),
      none: 'Nothing is overdue.',
    },
    {
      title: 'People and agents',
      lines: assignees.map((row) => ({
        name: plain(row.assignee ?? '(nobody)'),
        value: `${row.completed} completed, ${row.open} open, cycle time ${lengthOf(row.medianCycleHours)} (n=${row.n})`,
      })),
      none: 'No tasks.',
    },
    {
      title: 'What stands out',
      lines: findings.map(({ finding, evidence, command }) => ({
        name: finding,
        value: evidence,
        basis: `see: ${command}`,
      })),
      none: 'Nothing.',
    },
  ];
}

/** The report as text of 80 columns. */
export function assessmentText(view: AssessmentView): string {
  const rule = '='.repeat(WIDTH);
  const title = `${view.days}-DAY ASSESSMENT REPORT`;
  return [
    rule,
    `${' '.repeat(Math.floor((WIDTH - title.length) / 2))}${title}`,
    rule,
    `From ${toMinute(view.since)} to ${toMinute(view.at)} UTC`,
    ...sections(view).flatMap(({ title, lines, none }) => [
      '',
      title.toUpperCase(),
      '-'.repeat(WIDTH),
      ...lines.flatMap(({ name, value, basis }) => [
        ...wrapped(`${name}: ${value}`, ''),
        ...(basis === undefined ? [] : wrapped(`(${basis})`, '  ')),
      ]),
      ...(lines.length === 0 ? [none] : []),
    ]),
    '',
    rule,
  ].join('\n');
}

/** The text in lines of at most 80 characters, those after the first indented. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = `${indent}  ${word}`;
    } else line = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The report as Markdown. */
export function assessmentMarkdown(view: AssessmentView): string {
  const cell = (text: string) => text.replace(/[\\|<*_`[\]]/g, '\\$&');
  return [
    `# ${view.days}-day assessment`,
    '',
    `From ${view.since} to ${view.at}.`,
    ...sections(view).flatMap(({ title, lines, none }) => [
      '',
      `## ${title}`,
      '',
      ...(lines.length === 0
        ? [none]
        : [
            '| What | Value | Basis |',
            '|---|---|---|',
            ...lines.map(({ name, value, basis = '' }) => `| ${cell(name)} | ${cell(value)} | ${cell(basis)} |`),
          ]),
    ]),
  ].join('\n');
}
