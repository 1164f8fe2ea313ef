import type { Work } from '../../core/agents/workload.js';
import type { RowReader } from '../../store/transaction.js';

/** Ends with the assignee, else with who completed the task. */
export const DONE_BY = `coalesce(assignee, (
  SELECT changed_by FROM audit_log WHERE task_id = tasks.id AND row_table = 'tasks' AND seq IS NOT NULL
    AND json_extract(new_value, '$.status') = 'completed' ORDER BY id DESC LIMIT 1))`;

/** The work of all who have some; the day is that of UTC. */
export function readWork(store: RowReader, now: string): Map<string, Work> {
  const work = new Map<string, Work>();
  const open = store.all<{ agent: string; tasks: number; hours: number }>(
    `SELECT assignee AS agent, count(*) AS tasks, total(estimated_hours) AS hours FROM tasks
     WHERE assignee IS NOT NULL AND status NOT IN ('completed', 'cancelled') AND archived_at IS NULL GROUP BY assignee`,
  );
  for (const { agent, tasks, hours } of open) work.set(agent, { tasks, hours, completedToday: 0 });
  const done = store.all<{ agent: string | null; n: number }>(
    `SELECT ${DONE_BY} AS agent, count(*) AS n FROM tasks WHERE status = 'completed' AND completed_at >= ? GROUP BY 1`,
    [now.slice(0, 10)],
  );
  for (const { agent, n } of done) {
    if (agent === null) continue;
    work.set(agent, { ...(work.get(agent) ?? { tasks: 0, hours: 0 }), completedToday: n });
  }
  return work;
}
