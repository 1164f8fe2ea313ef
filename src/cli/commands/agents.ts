import { type Command, Option } from 'commander';
import {
  AGENT_STATUSES,
  type AgentMetricsView,
  type AgentView,
  METRIC_RANGES,
  type RedistributionView,
} from '../../app/agents/agentInputs.js';
import { Agents } from '../../app/agents/agents.js';
import { Redistribution } from '../../app/agents/redistribution.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { toSecond } from '../../core/model/timeText.js';
import { type CliContext, type CommonOptions, reading, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { actingAs } from '../identity.js';
import { type Column, table } from '../terminal/table.js';
import { textOf } from './collaboration.js';

interface RegisterOptions extends CommonOptions {
  readonly type?: string;
  readonly capabilities?: string;
  readonly status?: (typeof AGENT_STATUSES)[number];
}

interface ListOptions extends CommonOptions {
  readonly status?: (typeof AGENT_STATUSES)[number] | 'unregistered';
  readonly type?: string;
}

interface MetricsOptions extends CommonOptions {
  readonly range?: (typeof METRIC_RANGES)[number];
}

interface MessageOptions extends CommonOptions {
  readonly priority?: string;
}

interface RedistributeOptions extends CommonOptions {
  readonly threshold?: string;
  readonly dryRun?: boolean;
  readonly apply?: boolean;
}

type Add = (parent: Command, name: string, context: CliContext) => void;

/** The commands on agents: `tm agent NAME`, and `tm agent-NAME` as seed 000's tool calls them. */
const COMMANDS: Readonly<Record<string, Add>> = {
  register: addRegister,
  list: addList,
  status: addStatus,
  workload: addWorkload,
  metrics: addMetrics,
  message: addMessage,
  redistribute: addRedistribute,
};

/** `tm agent …`, `tm agent-…`, `tm whoami`. */
export function addAgentCommands(program: Command, context: CliContext): void {
  const group = program.command('agent').description('who works here: registering, load, messages, sharing out work');
  for (const [name, add] of Object.entries(COMMANDS)) {
    add(group, name, context);
    add(program, `agent-${name}`, context);
  }
  addUnregister(group, context);
  addWhoami(program, context);
}

function addRegister(parent: Command, name: string, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(parent.command(name).description('register an agent, or change what is known of it'))
      .argument('<id>', 'the name under which it acts (TM_AGENT_ID)')
      .argument('<name>', 'how people call it')
      .option('--type <type>', 'what it is for, such as backend')
      .option('--capabilities <list>', 'what it can do, with commas: api,database')
      .addOption(new Option('--status <status>', 'inactive: it gets no work').choices([...AGENT_STATUSES]))
      .action(async (id: string, called: string, { type, capabilities, status, json }: RegisterOptions) =>
        writing(context, async ({ plan }) => {
          const agent = await new Agents(plan).register({
            id,
            name: called,
            type,
            capabilities: capabilities?.split(',').filter((word) => word.trim() !== ''),
            status,
          });
          output.data(json ? JSON.stringify({ agent }) : `✅ Agent '${plain(agent.id)}' registered successfully`);
        }),
      ),
    ['tm agent register api-1 "API agent" --type backend --capabilities api,database', 'work is shared out by these'],
  );
}

function addUnregister(parent: Command, context: CliContext): void {
  withExamples(
    parent
      .command('unregister')
      .description('take an agent off the register; what it did and has to do stays')
      .argument('<id>')
      .action(async (id: string) =>
        writing(context, async ({ plan }) => {
          await new Agents(plan).unregister(id);
          context.output.message(`Agent ${plain(id)} is no longer registered`);
        }),
      ),
    ['tm agent unregister api-1', 'it is then known by what it did only'],
  );
}

function addList(parent: Command, name: string, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(parent.command(name).description('list the agents: registered ones, and those known by what they did'))
      .addOption(new Option('--status <status>', 'only these').choices([...AGENT_STATUSES, 'unregistered']))
      .option('--type <type>', 'only of this type')
      .action(async ({ status, type, json }: ListOptions) =>
        reading(context, ({ plan }) => {
          const list = new Agents(plan).list({ status, type });
          if (json) output.data(JSON.stringify(list));
          else if (list.total === 0) output.message('No agents found');
          else printTable(context, LIST, list.agents, [20, 30, 15, 10]);
        }),
      ),
    ['tm agent list --status active', 'who can be given work'],
  );
}

function addStatus(parent: Command, name: string, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(parent.command(name).description('show an agent, by default yourself'))
      .argument('[id]')
      .action(async (id: string | undefined, { json }: CommonOptions) =>
        reading(context, ({ plan }) => {
          const agent = new Agents(plan).get(id ?? plan.world.actor());
          output.data(json ? JSON.stringify({ agent }) : statusLines(agent));
        }),
      ),
    ['tm agent status api-1', 'type, capabilities, load, claims'],
  );
}

function addWorkload(parent: Command, name: string, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(parent.command(name).description('show how much each agent has to do')).action(
      async ({ json }: CommonOptions) =>
        reading(context, ({ plan }) => {
          const { agents } = new Agents(plan).list();
          const busy = agents.filter((agent) => agent.status === 'active' || agent.work.tasks > 0);
          const workload = busy.map(({ id, status, work }) => ({ agent: id, status, ...work }));
          if (json) output.data(JSON.stringify({ workload }));
          else if (busy.length === 0) output.message('No active agents found');
          else printTable(context, WORKLOAD, busy, [20, 10, 10, 10]);
        }),
    ),
    ['tm agent workload', 'load = 10 a task + 5 an hour − 5 a task completed today'],
  );
}

function addMetrics(parent: Command, name: string, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(parent.command(name).description('show what an agent achieved'))
      .argument('<id>')
      .addOption(new Option('--range <range>', 'the last 1, 7 or 30 days').choices([...METRIC_RANGES]).default('daily'))
      .action(async (agent: string, { range, json }: MetricsOptions) =>
        reading(context, ({ plan }) => {
          const metrics = new Agents(plan).metrics({ agent, range });
          output.data(json ? JSON.stringify({ metrics }) : metricsLines(metrics));
        }),
      ),
    ['tm agent metrics api-1 --range weekly', 'the last 7 days'],
  );
}

function addMessage(parent: Command, name: string, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(parent.command(name).description('leave a message in the name of an agent'))
      .argument('<from>', 'in whose name')
      .argument('<to>', 'an agent that is known here, or broadcast')
      .argument('<text...>', 'what to say; - reads standard input')
      .option('--priority <priority>', 'critical, high, medium (normal), low or background')
      .action(async (from: string, to: string, words: string[], { priority, json }: MessageOptions) =>
        writing(context, async ({ plan }) => {
          const message = await new Agents(plan).send({ from, to, text: textOf(words), priority });
          output.data(json ? JSON.stringify({ message }) : '✅ Message sent');
        }),
      ),
    ['tm agent message api-1 web-1 "Endpoints are ready" --priority high', 'web-1 finds it in “tm messages”'],
    ['tm agent message api-1 broadcast "Release at noon"', 'everybody does'],
  );
}

function addRedistribute(parent: Command, name: string, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(parent.command(name).description('move work from agents with too much to those with room'))
      .option('--threshold <percent>', 'load above which tasks are moved away', '80')
      .option('--dry-run', 'only say what would be moved')
      .option('--apply', 'do it, as without options')
      .action(async ({ threshold = '80', dryRun, apply, json }: RedistributeOptions) => {
        if (dryRun && apply) throw new InvalidInputError('apply', 'Give --dry-run or --apply, not both.');
        const limit = Number(threshold.replace(/%$/, ''));
        if (threshold.trim() === '' || Number.isNaN(limit))
          throw new InvalidInputError('threshold', `--threshold ${threshold}: give a percentage from 0 to 100.`);
        const report = (view: RedistributionView) => {
          if (json) output.data(JSON.stringify(view));
          else sayMoves(context, view);
        };
        if (dryRun)
          return reading(context, async ({ plan }) =>
            report(await new Redistribution(plan).run({ threshold: limit, dryRun })),
          );
        return writing(context, async ({ plan }) => report(await new Redistribution(plan).run({ threshold: limit })));
      }),
    ['tm agent redistribute --dry-run', 'what would be moved, and the loads then'],
    ['tm agent redistribute --threshold 60', 'do it; “tm undo” takes it back'],
  );
}

function addWhoami(program: Command, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(program.command('whoami').description('print in whose name you act')).action(
      async ({ json }: CommonOptions) =>
        reading(context, (session) => {
          const { name, source } = actingAs(context, session);
          const registered = session.store.get('SELECT 1 FROM agents WHERE id = ?', [name]) !== undefined;
          if (json) output.data(JSON.stringify({ agent: name, source, registered }));
          else {
            output.data(plain(name));
            output.message(`From ${WORDS[source]}; ${registered ? 'registered' : 'not registered'}`);
          }
        }),
    ),
    ['tm whoami', '--agent-id, else TM_AGENT_ID, else config/agent-id, else git’s user.name, else the account'],
  );
}

const WORDS = {
  '--agent-id': '--agent-id',
  TM_AGENT_ID: 'TM_AGENT_ID',
  'config/agent-id': 'config/agent-id beside the store',
  git: 'git’s user.name',
  account: 'the account’s name',
} as const;

const LIST: readonly Column<AgentView>[] = [
  { head: 'ID', cell: ({ id }) => plain(id) },
  { head: 'Name', cell: ({ name }) => plain(name), flexible: true },
  { head: 'Type', cell: ({ type }) => plain(type ?? '-') },
  { head: 'Status', cell: ({ status }) => status },
];

/** What a terminal has room for beside that. */
const LIST_MORE: readonly Column<AgentView>[] = [
  { head: 'Capabilities', cell: ({ capabilities }) => plain(capabilities.join(', ')), flexible: true },
  { head: 'Last seen', cell: ({ lastSeenAt }) => (lastSeenAt ? toSecond(lastSeenAt) : '') },
];

const WORKLOAD: readonly Column<AgentView>[] = [
  { head: 'Agent', cell: ({ id }) => plain(id), flexible: true },
  { head: 'Tasks', cell: ({ work }) => String(work.tasks) },
  { head: 'Hours', cell: ({ work }) => work.hours.toFixed(1) },
  { head: 'Load', cell: ({ work }) => `${Math.round(work.load)}%` },
];

/** Fitted to the terminal; elsewhere in columns of fixed widths and without cuts, as scripts know them. */
function printTable(
  { output }: CliContext,
  columns: readonly Column<AgentView>[],
  agents: readonly AgentView[],
  widths: readonly number[],
): void {
  if (output.terminal) {
    const shown = columns === LIST ? [...LIST, ...LIST_MORE] : columns;
    output.data(table(shown, agents, output.width, output.style.bold));
    return;
  }
  const row = (texts: readonly string[]) =>
    texts
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join(' ')
      .trimEnd();
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width, 0));
  const lines = agents.map((agent) => row(columns.map((column) => column.cell(agent))));
  output.data([row(columns.map(({ head }) => head)), rule, ...lines].join('\n'));
}

function statusLines({ id, name, type, capabilities, status, lastSeenAt, work, claims }: AgentView): string {
  return [
    `Agent: ${plain(name)} (${plain(id)})`,
    `Type: ${plain(type ?? 'none')}`,
    `Status: ${status}`,
    `Capabilities: ${plain(capabilities.join(', '))}`,
    `Load: ${Math.round(work.load)}%`,
    `Active Tasks: ${work.tasks}`,
    ...(claims.length > 0 ? [`Claims: ${claims.join(', ')}`] : []),
    ...(lastSeenAt === undefined ? [] : [`Last seen: ${lastSeenAt}`]),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

function metricsLines(metrics: AgentMetricsView): string {
  const { agent, range, completed, open, shared, completionRate } = metrics;
  const line = (what: string, { value, n }: { value: number | null; n: number }, unit: string) =>
    `  ${what}: ${value === null ? 'no data' : `${value}${unit} (of ${n} ${n === 1 ? 'task' : 'tasks'})`}`;
  return [
    `Performance Metrics for ${plain(agent)} (${range}):`,
    line('Completion Rate', completionRate, '%'),
    `  Tasks Completed: ${completed}`,
    `  Open Tasks: ${open}`,
    line('Average Time', metrics.averageHours, ' h'),
    line('Actual by Estimate', metrics.estimateRatio, ''),
    line('Quality Score', metrics.quality, '/5'),
    line('Timeliness', metrics.timeliness, '/5'),
    `  Shared Entries: ${shared}`,
  ].join('\n');
}

function sayMoves({ output }: CliContext, { dryRun, moves, loads, overloaded, threshold }: RedistributionView): void {
  for (const { task, name, title, from, to, matches } of moves) {
    const because = matches.length > 0 ? ` (${plain(matches.join(', '))})` : '';
    output.data(`[${task}] ${name} ${plain(title)}: ${plain(from)} → ${plain(to)}${because}`);
  }
  for (const { agent, before, after } of loads)
    output.data(`${plain(agent)}: ${Math.round(before)}% → ${Math.round(after)}%`);
  if (moves.length === 0) output.data('No tasks needed redistribution');
  else if (!dryRun) output.data(`✅ Redistributed ${moves.length} tasks from overloaded agents`);
  if (overloaded.length > 0)
    output.message(
      `Above ${threshold}% all the same: ${plain(overloaded.join(', '))}. Nobody else has room for what can be moved.`,
    );
  if (dryRun && moves.length > 0) output.message('Nothing was changed; without --dry-run it is done.');
}
