import { type MovableTask, type Move, redistribute, type Worker } from '../../core/agents/redistribution.js';
import { loadOf } from '../../core/agents/workload.js';
import type { Priority } from '../../core/model/priority.js';
import { taskName } from '../../core/model/taskId.js';
import type { RowReader } from '../../store/transaction.js';
import { parseInput } from '../input.js';
import { notify } from '../notifications/notify.js';
import type { Plan } from '../plan.js';
import { changeTask } from '../tasks/changeTask.js';
import { type RedistributeInput, type RedistributionView, redistributeInput } from './agentInputs.js';
import { readCapabilities } from './agents.js';
import { readWork } from './workRows.js';

type TaskRow = {
  id: string;
  number: number;
  title: string;
  assignee: string;
  priority: string | null;
  type: string;
  tags: string | null;
  hours: number | null;
  description: string | null;
};

/** Moves work from those who have too much to those who have room. */
export class Redistribution {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /**
   * Reassigns tasks that nobody has begun and nobody holds until no load is above the threshold, as far as registered
   * active agents have room; all in one transaction, and both sides are told. With `dryRun` nothing is written.
   */
  async run(input: RedistributeInput = {}): Promise<RedistributionView> {
    const { threshold, dryRun = false } = parseInput(redistributeInput, input);
    const { store, world } = this.#plan;
    if (dryRun) return planned(store, this.#plan.now(), threshold).view(true);
    return this.#plan.commit('agent.redistribute', (transaction) => {
      const { moves, view } = planned(transaction, transaction.at, threshold);
      const answer = view(false);
      for (const { task, to } of moves) changeTask(transaction, task, { assignee: to });
      for (const { task, name, title, from, to } of answer.moves) {
        const leave = (target: string, message: string) =>
          notify(transaction, world.ids, { type: 'reassigned', task, target, sender: transaction.actor, message });
        leave(to, `${name} “${title}” was moved to you from ${from}, who has too much to do.`);
        leave(from, `${name} “${title}” was moved from you to ${to}.`);
      }
      return answer;
    });
  }
}

function planned(store: RowReader, now: string, threshold: number) {
  const workers = readWorkers(store, now);
  const rows = readMovable(store, now);
  const moves = redistribute(workers, rows.map(toMovable), threshold);
  const after = afterMoves(workers, rows, moves);
  const view = (dryRun: boolean): RedistributionView => ({
    dryRun,
    threshold,
    moves: moves.map(({ task, matches, ...move }) => {
      const row = rows.find((one) => one.id === task);
      return { task, name: taskName(row?.number ?? 0), title: row?.title ?? '', ...move, matches: [...matches] };
    }),
    loads: workers
      .map((worker) => ({ agent: worker.id, before: loadOf(worker), after: loadOf(after.get(worker.id) ?? worker) }))
      .filter((load) => load.before !== load.after),
    overloaded: [...after.values()].filter((worker) => loadOf(worker) > threshold).map((worker) => worker.id),
  });
  return { moves, view };
}

function readWorkers(store: RowReader, now: string): Worker[] {
  const work = readWork(store, now);
  const registered = store.all<{ id: string; type: string; capabilities: string; status: string }>(
    'SELECT id, type, capabilities, status FROM agents ORDER BY id',
  );
  const known = registered.map(({ id, type, capabilities, status }) => ({
    id,
    capabilities: [type, ...readCapabilities(capabilities)],
    accepts: status !== 'inactive',
    ...(work.get(id) ?? { tasks: 0, hours: 0, completedToday: 0 }),
  }));
  const ids = new Set(registered.map(({ id }) => id));
  const others = [...work].filter(([id]) => !ids.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...known, ...others.map(([id, own]) => ({ id, capabilities: [], accepts: false, ...own }))];
}

/** Assigned tasks that nobody has begun and nobody holds. */
function readMovable(store: RowReader, now: string): TaskRow[] {
  return store.all<TaskRow>(
    `SELECT id, number, title, assignee, priority, type, tags, estimated_hours AS hours, description FROM tasks
     WHERE assignee IS NOT NULL AND status IN ('pending', 'blocked') AND started_at IS NULL AND archived_at IS NULL
       AND (claimed_by IS NULL OR coalesce(claim_expires_at, '') <= ?) ORDER BY number`,
    [now],
  );
}

function toMovable({ id, number, assignee, priority, hours, type, tags, description }: TaskRow): MovableTask {
  const specialists = [...(description ?? '').matchAll(/\bspecialist:\s*([\w-]+)/gi)].map(([, name = '']) => name);
  return {
    id,
    number,
    assignee,
    priority: (priority ?? 'medium') as Priority,
    hours: hours ?? 0,
    wants: [type, ...(tags === null ? [] : readCapabilities(tags)), ...specialists],
  };
}

function afterMoves(workers: readonly Worker[], rows: readonly TaskRow[], moves: readonly Move[]): Map<string, Worker> {
  const state = new Map(workers.map((worker) => [worker.id, worker]));
  const change = (id: string, by: 1 | -1, hours: number) => {
    const worker = state.get(id);
    if (worker) state.set(id, { ...worker, tasks: worker.tasks + by, hours: worker.hours + by * hours });
  };
  for (const { task, from, to } of moves) {
    const hours = rows.find((row) => row.id === task)?.hours ?? 0;
    change(from, -1, hours);
    change(to, 1, hours);
  }
  return state;
}
