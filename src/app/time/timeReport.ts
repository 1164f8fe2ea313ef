import { compareText } from '../../core/graph/order.js';
import { taskName } from '../../core/model/taskId.js';
import { hoursBetween, roundedHours } from '../../core/time/hours.js';
import { startOf } from '../../core/time/period.js';
import { readTimeEntries, type TimeEntry } from '../../store/repositories/timeRows.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { type TimeReportInput, type TimeReportView, timeReportInput } from './timeInputs.js';

interface Slice {
  readonly entry: TimeEntry;
  readonly hours: number;
}

/** Hours of everybody within a period, added up. Of an entry that began before, only what lies in the period counts. */
export function timeReport(plan: Plan, input: TimeReportInput = {}): TimeReportView {
  const { period, by } = parseInput(timeReportInput, input);
  const now = plan.now();
  const since = startOf(period, now);
  const entries = readTimeEntries(plan.store, { since });
  const groups = new Map<string, Slice[]>();
  for (const entry of entries) {
    const start = since !== undefined && entry.startedAt < since ? since : entry.startedAt;
    for (const [key, hours] of slices(entry, { by, start, end: entry.endedAt ?? now })) {
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({ entry, hours });
    }
  }
  const rows = [...groups].map(([key, group]) => ({
    key,
    label: key,
    hours: sum(group),
    entries: group.length,
    ...(by === 'task' && ofTask(plan, key)),
  }));
  rows.sort((a, b) => (by === 'day' ? compareText(a.key, b.key) : b.hours - a.hours || compareText(a.key, b.key)));
  return {
    period,
    since: since ?? null,
    by,
    rows,
    hours: roundedHours(rows.reduce((total, row) => total + row.hours, 0)),
    entries: entries.length,
    running: entries.filter((entry) => entry.endedAt === undefined).length,
  };
}

/** The hours of an entry by what they are added up under: by day, they are shared among the days. */
function slices(
  entry: TimeEntry,
  { by, start, end }: { by: TimeReportView['by']; start: string; end: string },
): [string, number][] {
  if (by !== 'day') return [[by === 'task' ? entry.task : entry.agent, hoursBetween(start, end)]];
  const days: [string, number][] = [];
  for (let from = start; from < end; ) {
    const midnight = new Date(Date.parse(`${from.slice(0, 10)}T00:00:00Z`) + 86_400_000).toISOString();
    const to = midnight < end ? midnight : end;
    days.push([from.slice(0, 10), hoursBetween(from, to)]);
    from = to;
  }
  return days;
}

function ofTask({ graph }: Plan, id: string): { label: string; estimatedHours: number | null } {
  const { number, title, estimatedHours } = graph.require(id).task;
  return { label: `${taskName(number)} ${title}`, estimatedHours: estimatedHours ?? null };
}

function sum(slices: readonly Slice[]): number {
  return roundedHours(slices.reduce((total, { hours }) => total + hours, 0));
}
