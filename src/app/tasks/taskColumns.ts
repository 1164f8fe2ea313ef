import type { Status } from '../../core/model/status.js';
import type { Task } from '../../core/model/task.js';
import { isClosed } from '../../core/model/workState.js';
import type { Row, Value } from '../../store/record.js';
import { NO_CLAIM } from '../claims/lease.js';
import type { Output } from '../input.js';
import type { createTaskInput, updateTaskInput } from './taskInputs.js';

type Fields = Partial<Output<typeof createTaskInput>> | Partial<Output<typeof updateTaskInput>>;

/** The columns that the given fields of a task are kept in; fields that are undefined are left alone. */
export function fieldColumns(given: Fields): Row {
  const columns: Record<string, Value | undefined> = {
    title: given.title,
    description: given.description,
    priority: given.priority,
    type: given.type,
    assignee: given.assignee,
    tags: given.tags && JSON.stringify(given.tags),
    deadline: given.due,
    not_before: given.notBefore,
    estimated_hours: given.estimatedHours,
    actual_hours: 'actualHours' in given ? given.actualHours : undefined,
    project: given.project,
    milestone: given.milestone,
    business_value: given.businessValue,
    code_language: given.codeLanguage,
    execution_environment: given.executionEnvironment,
    context: given.context,
    impact_notes: given.impactNotes,
    success_criteria: given.criteria && (given.criteria.length > 0 ? JSON.stringify(given.criteria) : null),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Row;
}

/** The column of the project's own fields, with those given set, and those that are null removed. */
export function customColumn(before: Readonly<Record<string, unknown>>, given: Readonly<Record<string, unknown>>): Row {
  const fields = Object.entries({ ...before, ...given }).filter(([, value]) => value !== null);
  return { custom: fields.length > 0 ? JSON.stringify(Object.fromEntries(fields)) : null };
}

/** The columns that a change of status sets. */
export function statusColumns(
  task: Task,
  given: { readonly status: Status; readonly reason?: string | undefined; readonly summary?: string | undefined },
  at: string,
): Row {
  const { status, reason, summary } = given;
  const reasoned = status === 'blocked' || status === 'cancelled';
  return {
    status,
    status_reason: reasoned ? (reason ?? null) : null,
    completed_at: status === 'completed' ? at : null,
    ...(status === 'in_progress' && { started_at: at }),
    ...(status === 'pending' && { started_at: null }),
    ...(status === 'completed' && summary && { completion_summary: summary }),
    ...(!isClosed(status) && { archived_at: null }),
    ...(isClosed(status) && task.claim && NO_CLAIM),
  };
}
