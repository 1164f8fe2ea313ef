import { compareText } from '../graph/order.js';
import { PRIORITY_RANK, type Priority } from '../model/priority.js';
import type { TaskId } from '../model/taskId.js';
import { loadOf, pressure, type Work } from './workload.js';

/** Somebody whose tasks may be moved, or who may get some. */
export interface Worker extends Work {
  readonly id: string;
  readonly capabilities: readonly string[];
  /** False for whom nothing is to be given: inactive, or not registered. */
  readonly accepts: boolean;
}

/** A task that nobody has begun and nobody holds. */
export interface MovableTask {
  readonly id: TaskId;
  readonly number: number;
  readonly assignee: string;
  readonly priority: Priority;
  /** Estimate; 0 without one. */
  readonly hours: number;
  /** What it asks of whoever does it: its type, its tags, a `specialist:` in its description. */
  readonly wants: readonly string[];
}

export interface Move {
  readonly task: TaskId;
  readonly from: string;
  readonly to: string;
  /** The capabilities that the task asks for and the new one has. */
  readonly matches: readonly string[];
}

/**
 * Which tasks to move so that no load is above `threshold` (percent), as far as others have room below it. Of all moves
 * the best comes first: the one that gains most matching capabilities, then the least urgent and newest task, then the
 * least loaded agent. The same input gives the same moves.
 */
export function redistribute(workers: readonly Worker[], tasks: readonly MovableTask[], threshold: number): Move[] {
  const state = new Map(workers.map((worker) => [worker.id, { ...worker }]));
  const left = new Set(tasks);
  const moves: Move[] = [];
  for (;;) {
    const sources = [...state.values()]
      .filter((worker) => loadOf(worker) > threshold)
      .sort((a, b) => pressure(b) - pressure(a) || compareText(a.id, b.id));
    const move = first(sources, (source) => bestMove(source, state, left, threshold));
    if (!move) return moves;
    const { task, target, source, matches } = move;
    left.delete(task);
    state.set(source.id, { ...source, tasks: source.tasks - 1, hours: source.hours - task.hours });
    state.set(target.id, { ...target, tasks: target.tasks + 1, hours: target.hours + task.hours });
    moves.push({ task: task.id, from: source.id, to: target.id, matches });
  }
}

interface Candidate {
  readonly task: MovableTask;
  readonly source: Worker;
  readonly target: Worker;
  readonly matches: readonly string[];
  /** Matching capabilities won, or lost. */
  readonly gain: number;
}

function bestMove(
  source: Worker,
  state: ReadonlyMap<string, Worker>,
  tasks: ReadonlySet<MovableTask>,
  threshold: number,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const task of tasks) {
    if (task.assignee !== source.id) continue;
    const own = matching(source, task).length;
    for (const target of state.values()) {
      const after = { ...target, tasks: target.tasks + 1, hours: target.hours + task.hours };
      if (!target.accepts || target.id === source.id || loadOf(after) > threshold) continue;
      const matches = matching(target, task);
      const candidate = { task, source, target, matches, gain: matches.length - own };
      if (!best || compare(candidate, best) < 0) best = candidate;
    }
  }
  return best;
}

function compare(a: Candidate, b: Candidate): number {
  return (
    b.gain - a.gain ||
    PRIORITY_RANK[a.task.priority] - PRIORITY_RANK[b.task.priority] ||
    b.task.number - a.task.number ||
    pressure(a.target) - pressure(b.target) ||
    compareText(a.target.id, b.target.id)
  );
}

function matching({ capabilities }: Worker, { wants }: MovableTask): string[] {
  const known = new Set(capabilities.map((capability) => capability.toLowerCase()));
  return [...new Set(wants.map((want) => want.toLowerCase()))].filter((want) => known.has(want));
}

function first<T, R>(list: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
