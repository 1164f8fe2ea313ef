import type { Task } from '../../core/model/task.js';
import { roundedHours } from '../../core/time/hours.js';
import { readTimeEntries } from '../../store/repositories/timeRows.js';
import type { RowReader } from '../../store/transaction.js';
import { isTracked, trackedHours } from './clocks.js';
import type { ActualHours } from './timeInputs.js';

/** How long a task took, where that is known from, and how it compares with the estimate. */
export function actualHours(store: RowReader, task: Task): ActualHours {
  const tracked = trackedHours(store, task.id);
  const hours = task.actualHours ?? tracked ?? null;
  const estimate = task.estimatedHours ?? null;
  return {
    hours,
    basis: hours === null ? 'none' : isTracked(task.actualHours, tracked) ? 'tracked' : 'by_hand',
    trackedHours: tracked ?? 0,
    entries: readTimeEntries(store, { task: task.id, running: false }).length,
    estimatedHours: estimate,
    ratio: hours === null || !estimate ? null : roundedHours(hours / estimate),
  };
}
