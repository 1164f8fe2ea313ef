import type { ExecutionList, ExecutionSummary, ExecutionView } from '../../app/execution/executionInputs.js';
import type { RunProposal } from '../../app/execution/executions.js';
import { revealed } from '../../core/execution/reveal.js';
import { counted } from '../../core/model/counted.js';
import { plain, plainLines } from '../../core/model/plainText.js';
import { toMinute } from '../../core/model/timeText.js';
import type { Output } from '../terminal/output.js';
import { table } from '../terminal/table.js';

/** What somebody reads before they approve code, all of it. */
export function proposalText({ task, request, confinement, runtime }: RunProposal): string {
  const { language, working_directory, timeout, memory, packages, environment, code } = request;
  const { sandbox, reason, network, files } = confinement;
  const reach = {
    memory: 'It reaches no file and no network: a copy of the store in memory.',
    workspace: `Sandbox: ${sandbox}. It can write the workspace and nothing else; the network is ${network}.`,
    user: `No sandbox (${plain(reason ?? '')}): it can do what you can do, the network is open.`,
  };
  return [
    `${plain(task.name)} ${plain(task.title)}`,
    `${language}, by ${plain(runtime)}, in ${plain(working_directory)}, at most ${timeout} s and ${memory} MiB`,
    ...(packages.length > 0 ? [`With packages, installed for this run alone: ${packages.map(plain).join(', ')}`] : []),
    ...(environment.length > 0 ? [`It gets these variables: ${environment.map(plain).join(', ')}`] : []),
    reach[files],
    '',
    ...plainLines(revealed(code).replace(/\n$/, ''))
      .split('\n')
      .map((line) => `  │ ${line}`),
    '',
  ].join('\n');
}

/** `exit 0`, `SIGKILL`, `time limit`: how a run ended, in two words. */
export function endOf(run: ExecutionSummary): string {
  if (run.abandoned) return 'no end known';
  if (run.status === 'running') return 'running';
  if (run.stopped_by !== null) return STOPS[run.stopped_by];
  if (run.signal !== null) return run.signal;
  return run.exit_code === null ? 'not started' : `exit ${run.exit_code}`;
}

const STOPS = {
  time: 'time limit',
  memory: 'memory limit',
  processes: 'process limit',
  output: 'output limit',
  person: 'cancelled',
} as const;

export function seconds(milliseconds: number | null): string {
  return milliseconds === null ? '' : `${(milliseconds / 1000).toFixed(1)} s`;
}

export function runTable({ executions }: ExecutionList, { style, width }: Output): string {
  return table(
    [
      { head: 'Run', cell: (run) => run.id },
      { head: 'Started', cell: (run) => toMinute(run.timestamp) },
      { head: 'Language', cell: (run) => run.language },
      { head: 'End', cell: endOf },
      { head: 'Took', cell: (run) => seconds(run.execution_time), right: true },
      { head: 'Sandbox', cell: (run) => run.sandbox },
      { head: 'By', cell: (run) => plain(run.executed_by), flexible: true },
    ],
    executions,
    width,
    style.bold,
  );
}

export function runText(run: ExecutionView): string {
  const cut = run.truncated ? ' (cut)' : '';
  const part = (name: string, text: string | null) =>
    text === null || text === '' ? [] : ['', `${name}:`, plainLines(text.replace(/\n$/, ''))];
  return [
    `Run ${run.id} of ${run.task.name} ${plain(run.task.title)}`,
    [run.language, endOf(run), seconds(run.execution_time)].filter((word) => word !== '').join(' · '),
    `Started ${toMinute(run.timestamp)} by ${plain(run.executed_by)} in ${plain(run.working_directory)}; sandbox: ${run.sandbox}`,
    ...(run.packages.length > 0
      ? [`${counted(run.packages.length, 'package')}: ${run.packages.map(plain).join(', ')}`]
      : []),
    ...part('Code', run.code),
    ...part(`Output${cut}`, run.output),
    ...part(`Error${cut}`, run.error),
  ].join('\n');
}
