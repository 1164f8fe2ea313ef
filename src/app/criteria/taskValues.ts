import { normaliseCriteria } from '../../core/criteria/criteria.js';
import type { Values } from '../../core/criteria/evaluate.js';
import { dueMoment } from '../../core/model/due.js';
import type { Task } from '../../core/model/task.js';
import { hoursBetween, roundedHours } from '../../core/time/hours.js';
import { readProgress, readSubtaskCounts } from '../../store/repositories/progressRows.js';
import { readTimeEntries } from '../../store/repositories/timeRows.js';
import type { RowReader } from '../../store/transaction.js';
import { trackedHours } from '../time/clocks.js';

/**
 * What a task's criteria can speak of. A name whose value nobody knows is not in it, so that a criterion about it is
 * not decided by chance. `docs/criteria-and-time.md` lists the names.
 */
export function taskValues(store: RowReader, task: Task, now: string): Values {
  const subtasks = readSubtaskCounts(store, task.id);
  const criteria = normaliseCriteria(task.criteria);
  const due = dueMoment(task.due);
  const actual = spentHours(store, task, now);
  const estimate = task.estimatedHours;
  const values: Record<string, unknown> = {
    task_id: task.id,
    title: task.title,
    status: task.status,
    priority: task.priority,
    type: task.type,
    tags: [...task.tags],
    assignee: task.assignee,
    progress: progressOf(store, task, subtasks),
    actual_hours: actual,
    estimated_hours: estimate,
    hours_over: actual !== undefined && estimate !== undefined ? roundedHours(actual - estimate) : undefined,
    on_time: due === undefined ? undefined : (task.completedAt ?? now) <= due,
    days_open: Math.floor(hoursBetween(task.createdAt, task.completedAt ?? now) / 24),
    subtasks_total: subtasks.total,
    subtasks_done: subtasks.done,
    criteria_total: criteria.length,
    criteria_done: criteria.filter((criterion) => criterion.done).length,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** 0 to 100: of a completed task 100, else the last percentage that `tm progress` was told, else the share of its subtasks. */
function progressOf(store: RowReader, task: Task, subtasks: { total: number; done: number }): number | undefined {
  if (task.status === 'completed') return 100;
  const told = readProgress(store, task.id);
  if (told) return told.percent;
  return subtasks.total === 0 ? undefined : Math.round((100 * subtasks.done) / subtasks.total);
}

/** Hours set by hand, else the tracked ones, running clocks until now included. */
function spentHours(store: RowReader, task: Task, now: string): number | undefined {
  const tracked = trackedHours(store, task.id);
  const running = readTimeEntries(store, { task: task.id, running: true });
  if (task.actualHours !== undefined && task.actualHours !== tracked) return task.actualHours;
  if (tracked === undefined && running.length === 0) return task.actualHours;
  return roundedHours(running.reduce((sum, entry) => sum + hoursBetween(entry.startedAt, now), tracked ?? 0));
}
