import { ResourceNotFoundError, type Server, type ServerContext } from '@modelcontextprotocol/server';
import { GraphPictures } from '../app/graph/graphPictures.js';
import { Overview } from '../app/overview/overview.js';
import type { Plan } from '../app/plan.js';
import { cutToFit } from '../app/tools/fit.js';
import { toRow, toShape } from '../app/tools/taskShape.js';
import type { Workbench } from '../app/tools/tool.js';
import { OrchestratorError } from '../core/model/errors.js';
import { taskName } from '../core/model/taskId.js';
import type { Host } from './host.js';

export const SUMMARY = 'plan://summary';
export const READY = 'tasks://ready';
const JSON_TYPE = 'application/json';
const MERMAID_TYPE = 'text/vnd.mermaid';

/** Tasks that the list of resources names: those in progress, then the ready ones. */
const LISTED = 20;
/** Ready tasks, and tasks of each kind in the summary. */
const READY_SHOWN = 20;
const SUMMARY_SHOWN = 5;
/** Tasks of a picture: a small reply has room for so many. */
const DRAWN = 40;

const FIXED = [
  { uri: SUMMARY, name: 'summary', title: 'The plan at a glance', mimeType: JSON_TYPE },
  { uri: READY, name: 'ready', title: 'Ready tasks, the most urgent first', mimeType: JSON_TYPE },
];

const TEMPLATES = [
  {
    uriTemplate: 'task://{id}',
    name: 'task',
    title: 'A task',
    description: 'By its number, key, or T-12.',
    mimeType: JSON_TYPE,
  },
  {
    uriTemplate: 'graph://focus/{id}',
    name: 'graph',
    title: 'The dependencies around a task',
    description: 'A Mermaid flowchart.',
    mimeType: MERMAID_TYPE,
  },
];

/** Registers listing and reading of what the plan has to show. */
export function serveResources(server: Server, host: Host, actorOf: (context: ServerContext) => string): void {
  server.setRequestHandler('resources/list', async () => {
    const tasks = await host.plan().then(
      ({ bench }) => listedTasks(bench),
      () => [],
    );
    return { resources: [...FIXED, ...tasks] };
  });
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: TEMPLATES }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    const plan = await host.plan();
    const read = async () => readResource(plan.bench, uri);
    const { text, mimeType } = await plan.run({ actor: actorOf(context), notes: [] }, read);
    return { contents: [{ uri, mimeType, text }] };
  });
}

/** What is at hand now, as the list of resources names it. */
export function listedTasks({ plan }: Pick<Workbench, 'plan'>) {
  const atWork = plan.graph.tasks().filter(({ status, archivedAt }) => status === 'in_progress' && !archivedAt);
  const ready = plan.graph.ready(plan.now(), LISTED);
  return [...atWork, ...ready].slice(0, LISTED).map(({ number, title }) => ({
    uri: `task://${number}`,
    name: taskName(number),
    title: `${taskName(number)} ${title}`,
    mimeType: JSON_TYPE,
  }));
}

/** Throws ResourceNotFoundError. */
function readResource(bench: Workbench, uri: string): { readonly text: string; readonly mimeType: string } {
  const json = (value: Record<string, unknown>) => ({ text: JSON.stringify(cutToFit(value)), mimeType: JSON_TYPE });
  if (uri === SUMMARY) return json(summaryOf(bench));
  if (uri === READY) return json(readyOf(bench));
  const [, kind, given = ''] = /^(task|graph):\/\/(?:focus\/)?([^/]+)$/.exec(uri) ?? [];
  try {
    const name = addressIn(given);
    if (kind === 'task' && uri === `task://${given}`) return json({ task: toShape(bench, bench.tasks.get(name)) });
    if (kind === 'graph' && uri === `graph://focus/${given}`)
      return { text: pictureOf(bench.plan, name), mimeType: MERMAID_TYPE };
  } catch (error) {
    if (!(error instanceof OrchestratorError || error instanceof URIError)) throw error;
    throw new ResourceNotFoundError(uri, error.message);
  }
  throw new ResourceNotFoundError(uri);
}

/** A number is a task's number, never the start of an id. */
function addressIn(given: string): string {
  const name = decodeURIComponent(given);
  return /^\d{1,7}$/.test(name) ? `#${name}` : name;
}

function pictureOf(plan: Plan, name: string): string {
  return new GraphPictures(plan).picture({ focus: name, showDone: true, maxNodes: DRAWN }).mermaid;
}

function readyOf(bench: Workbench): Record<string, unknown> {
  const { graph } = bench.plan;
  const now = bench.plan.now();
  const rows = graph.ready(now, READY_SHOWN).map((task) => toRow(bench, task, graph));
  const total = graph.readyCount(now);
  return { tasks: rows, total, truncated: rows.length < total };
}

function summaryOf(bench: Workbench): Record<string, unknown> {
  const { plan, tasks } = bench;
  const { graph } = plan;
  const found = new Overview(plan, tasks).read({ limit: SUMMARY_SHOWN });
  const rows = (list: { readonly tasks: readonly { readonly id: string }[]; readonly total: number }) => ({
    tasks: list.tasks.map(({ id }) => toRow(bench, graph.require(id).task, graph)),
    total: list.total,
  });
  const { inProgress, ready, overdue, actor, needsDecision, ...counts } = found;
  return {
    ...counts,
    needs_decision: needsDecision,
    you_are: actor,
    in_progress: rows(inProgress),
    ready: rows(ready),
    overdue: rows(overdue),
    head: plan.store.head,
  };
}
