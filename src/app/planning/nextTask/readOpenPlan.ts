import { isLive } from '../../../core/model/claim.js';
import type { Status } from '../../../core/model/status.js';
import type { Hours, LastTask, OpenPlan, OpenTask } from '../../../core/planning/nextTask/plan.js';
import type { Row, Value } from '../../../store/record.js';
import {
  type AnalysedNumbers,
  type NextTaskRow,
  type NextTaskRows,
  readNextTaskRows,
} from '../../../store/repositories/nextTaskRows.js';
import { claimFromRow, priorityOf, readTags } from '../../../store/repositories/taskRows.js';
import type { RowReader } from '../../../store/transaction.js';

const NO_FILES: readonly string[] = [];

/** What the next task of an actor is chosen from, as it is in the store or in an open transaction. */
export function readOpenPlan(reader: RowReader, actor: string, now: string): OpenPlan {
  const rows = readNextTaskRows(reader, actor);
  const files = filesByTask(rows);
  const analyses = analysesByTask(rows.analyses);
  return {
    now,
    tasks: rows.tasks.map((row) => toOpenTask(row, { now, files, analysed: analyses.get(row.id as string) })),
    edges: rows.edges,
    last: rows.last && toLastTask(rows.last, files),
  };
}

type Files = ReadonlyMap<string, readonly string[]>;

function toOpenTask(
  row: NextTaskRow,
  { now, files, analysed }: { now: string; files: Files; analysed: AnalysedNumbers | undefined },
): OpenTask {
  const id = row.id as string;
  return {
    id,
    number: Number(row.number ?? 0),
    status: row.status as Exclude<Status, 'completed'>,
    priority: priorityOf(row.priority),
    type: text(row.type) ?? 'task',
    createdAt: String(row.created_at),
    tags: readTags(row.tags),
    files: files.get(id) ?? NO_FILES,
    language: text(row.code_language),
    project: text(row.project),
    parent: text(row.parent_id),
    due: text(row.deadline),
    notBefore: text(row.not_before),
    claimed: row.claimed_by !== null && isLive(claimFromRow(row), now),
    archived: row.archived_at !== null,
    described: row.described === 1,
    hours: hoursOf(analysed, row.estimated_hours),
    complexity: analysed?.complexity,
    businessValue: typeof row.business_value === 'number' ? Math.max(0, row.business_value) : undefined,
  };
}

/** An analysis of effort, else the estimate that the task was given; another program may have written anything. */
function hoursOf(analysed: AnalysedNumbers | undefined, estimate: Value | undefined): Hours | undefined {
  if (analysed?.p50 !== undefined) {
    const { p50, p80 = p50 } = analysed;
    return { p50, p80: Math.max(p50, p80), source: 'analysis' };
  }
  if (typeof estimate !== 'number' || !Number.isFinite(estimate) || estimate <= 0) return undefined;
  return { p50: estimate, p80: estimate, source: 'estimate' };
}

function toLastTask(row: Row, files: Files): LastTask {
  const id = row.id as string;
  return {
    id,
    number: Number(row.number ?? 0),
    tags: readTags(row.tags),
    files: files.get(id) ?? NO_FILES,
    language: text(row.code_language),
  };
}

function filesByTask({ files }: NextTaskRows): Files {
  const found = new Map<string, string[]>();
  for (const [task, path] of files) {
    const known = found.get(task);
    if (!known) found.set(task, [path]);
    else if (!known.includes(path)) known.push(path);
  }
  return found;
}

/** A task has an analysis of each kind: their numbers together. */
function analysesByTask(analyses: readonly AnalysedNumbers[]): ReadonlyMap<string, AnalysedNumbers> {
  const found = new Map<string, AnalysedNumbers>();
  for (const one of analyses) found.set(one.task, { ...found.get(one.task), ...one });
  return found;
}

function text(value: Value | undefined): string | undefined {
  return (value as string | null | undefined) ?? undefined;
}
