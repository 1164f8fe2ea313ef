import type { RowReader } from '../../store/transaction.js';

/** Everybody that the store knows of: who registered, acted, takes part, or has a task. In alphabetical order. */
export function knownAgents(store: RowReader): string[] {
  const rows = store.all<{ id: string }>(
    `SELECT id FROM agents
     UNION SELECT changed_by FROM audit_log
     UNION SELECT agent_id FROM participants
     UNION SELECT agent_id FROM collaboration_events
     UNION SELECT assignee FROM tasks WHERE assignee IS NOT NULL
     UNION SELECT claimed_by FROM tasks WHERE claimed_by IS NOT NULL
     ORDER BY 1`,
  );
  return rows.map(({ id }) => id).filter((id) => id !== '');
}
