import type { RowReader } from '../../store/transaction.js';
import { isoTime } from '../collaboration/eventRows.js';
import type { AgentMetricsView } from './agentInputs.js';
import { DONE_BY } from './workRows.js';

const DAY = 86_400_000;
const DAYS = { daily: 1, weekly: 7, monthly: 30 } as const;
const HOUR = 3_600_000;

type DoneRow = {
  status: string;
  started: string | null;
  completed: string | null;
  estimate: number | null;
  actual: number | null;
  quality: number | null;
  timeliness: number | null;
};

/** What an agent achieved from so many days ago until `now`. Each number says of how many tasks it was made. */
export function readMetrics(
  store: RowReader,
  { agent, range, now }: { agent: string; range: keyof typeof DAYS; now: string },
): AgentMetricsView {
  const since = new Date(Date.parse(now) - DAYS[range] * DAY).toISOString();
  const closed = store.all<DoneRow>(
    `SELECT status, started_at AS started, completed_at AS completed, estimated_hours AS estimate, actual_hours AS actual,
       feedback_quality AS quality, feedback_timeliness AS timeliness
     FROM tasks WHERE ((status = 'completed' AND completed_at >= ?2 AND ${DONE_BY} = ?1)
       OR (status = 'cancelled' AND updated_at >= ?2 AND assignee = ?1))`,
    [agent, since],
  );
  const done = closed.filter((task) => task.status === 'completed');
  const open =
    store.get<{ n: number }>(
      "SELECT count(*) AS n FROM tasks WHERE assignee = ? AND status NOT IN ('completed', 'cancelled')",
      [agent],
    )?.n ?? 0;
  const shared =
    store.get<{ n: number }>(
      "SELECT count(*) AS n FROM collaboration_events WHERE agent_id = ? AND event_type != 'note' AND created_at >= ?",
      [agent, since],
    )?.n ?? 0;
  const all = closed.length + open;
  return {
    agent,
    range,
    since,
    completed: done.length,
    open,
    completionRate: { value: all === 0 ? null : round((100 * done.length) / all), n: all },
    averageHours: average(done.map((task) => hoursBetween(task.started, task.completed))),
    estimateRatio: average(
      done.map(({ estimate, actual }) =>
        estimate !== null && estimate > 0 && actual !== null ? actual / estimate : null,
      ),
    ),
    quality: average(done.map((task) => task.quality)),
    timeliness: average(done.map((task) => task.timeliness)),
    shared,
  };
}

function average(values: readonly (number | null)[]): { value: number | null; n: number } {
  const known = values.filter((value) => value !== null);
  const sum = known.reduce((total, value) => total + value, 0);
  return { value: known.length === 0 ? null : round(sum / known.length), n: known.length };
}

function hoursBetween(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(isoTime(to)) - Date.parse(isoTime(from))) / HOUR;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
