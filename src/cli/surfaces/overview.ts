import { Overview, type OverviewView } from '../../app/overview/overview.js';
import type { TaskListView, TaskSummaryView } from '../../app/tasks/taskView.js';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, reading } from '../context.js';
import { listLine } from '../format.js';
import type { Output } from '../terminal/output.js';
import { ageOf } from './age.js';

/** `tm` alone: what is in progress, what is ready, and what else there is to know. */
export async function showOverview(context: CliContext, json: boolean): Promise<void> {
  await reading(context, async ({ plan, tasks }) => {
    const { output } = context;
    const view = new Overview(plan, tasks).read();
    if (json) output.data(JSON.stringify(view));
    else if (output.terminal) await output.page(await pictured(view, plan.now(), output));
    else output.data(lines(view));
  });
}

/** The form for scripts: a line a task, as `tm list` has it. */
function lines(view: OverviewView): string {
  return [
    ...part('In progress', view.inProgress),
    ...part('Ready', view.ready),
    ...part('Overdue', view.overdue),
    counts(view).join(', '),
  ].join('\n');
}

function part(title: string, list: TaskListView): string[] {
  if (list.total === 0) return [];
  return [`${title}: ${list.total}`, ...list.tasks.map((task) => `  ${listLine(task)}`), ...rest(list), ''];
}

function rest({ tasks, total }: TaskListView): string[] {
  return tasks.length < total ? [`  … ${total - tasks.length} more`] : [];
}

function counts(view: OverviewView): string[] {
  const count = (n: number, words: string) => (n > 0 ? [`${n} ${words}`] : []);
  const found = [
    ...count(view.waiting, view.waiting === 1 ? 'waits for others' : 'wait for others'),
    ...count(view.blocked, 'blocked'),
    ...count(view.scheduled, 'scheduled for later'),
    ...count(view.needsDecision, view.needsDecision === 1 ? 'needs a decision' : 'need a decision'),
    ...count(view.completed, 'completed'),
    ...count(view.unread, view.unread === 1 ? 'unread notification' : 'unread notifications'),
  ];
  return found.length > 0 ? found : ['No tasks yet: “tm add TITLE” makes one'];
}

async function pictured(view: OverviewView, now: string, output: Output): Promise<string> {
  const { table } = await import('../terminal/table.js');
  const { style, width } = output;
  const section = (title: string, list: TaskListView, note: (task: TaskSummaryView) => string): string[] => {
    if (list.total === 0) return [];
    const rows = table<TaskSummaryView>(
      [
        { head: '', cell: ({ name }) => `  ${name}`, paint: (text) => style.cyan(text) },
        { head: '', cell: ({ title }) => plain(title), flexible: true },
        {
          head: '',
          cell: ({ priority }) => (priority === 'medium' ? '' : priority),
          paint: (text, { priority }) => (priority === 'critical' ? style.red(text) : style.yellow(text)),
        },
        { head: '', cell: (task) => plain(note(task)), paint: (text) => style.dim(text), flexible: true },
      ],
      list.tasks,
      width,
    );
    return [style.bold(`${title} ${style.dim(`(${list.total})`)}`), rows, ...rest(list).map(style.dim), ''];
  };
  const who = ({ claim, assignee, startedAt }: TaskSummaryView) => {
    const by = claim && !claim.expired ? claim.by : assignee;
    const since = (claim && !claim.expired ? claim.at : startedAt) || undefined;
    return [by ?? '', since ? `for ${ageOf(since, now)}` : ''].filter((word) => word !== '').join(', ');
  };
  const due = ({ due }: TaskSummaryView) => (due ? `due ${ageOf(due, now)} ago` : '');
  const empty = view.ready.total === 0 && view.open > 0 ? [style.yellow('Nothing is ready to be started.'), ''] : [];
  return [
    ...section('In progress', view.inProgress, who),
    ...section('Ready', view.ready, ({ assignee }) => (assignee ? `@${assignee}` : '')),
    ...empty,
    ...section('Overdue', view.overdue, due),
    style.dim(counts(view).join(' · ')),
  ].join('\n');
}
