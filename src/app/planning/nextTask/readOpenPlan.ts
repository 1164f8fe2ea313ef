import { rounded } from '../../../core/metrics/statistics.js';
import { isLive } from '../../../core/model/claim.js';
import { type ExpectedHours, expectedHours } from '../../../core/planning/effort/expected.js';
import type { LastTask, OpenPlan, OpenTask, TaskDetails } from '../../../core/planning/nextTask/plan.js';
import type { Value } from '../../../store/record.js';
import {
  type AnalysedNumbers,
  type DetailRow,
  type OpenRows,
  readAnalysedNumbers,
  readDetails,
  readFiles,
  readLastTask,
  readOpenRows,
} from '../../../store/repositories/nextTaskRows.js';
import { claimFromRow, readTags } from '../../../store/repositories/taskRows.js';
import type { RowReader } from '../../../store/transaction.js';

const NO_FILES: readonly string[] = [];

/** What the next task of an actor is chosen from, as it is in the store or in an open transaction. */
export function readOpenPlan(reader: RowReader, actor: string, now: string): OpenPlan {
  const read = readOpenRows(reader);
  const analyses = analysesByTask(readAnalysedNumbers(reader));
  fillIn(read, analyses);
  return {
    now,
    tasks: read.tasks,
    edges: read.edges,
    detailsOf: (ids) => {
      const files = filesOf(reader, ids);
      const rows = readDetails(reader, ids);
      return new Map(rows.map((row) => [row.id as string, toDetails(row, { now, files, analyses })]));
    },
    last: lastTask(reader, actor),
  };
}

type Files = ReadonlyMap<string, readonly string[]>;

/** Fills in what few tasks have; the others stay as they were read. */
function fillIn({ tasks, places, rare }: OpenRows, analyses: ReadonlyMap<string, AnalysedNumbers>): void {
  for (const [place, { archived, parent, deadline, estimatedHours, businessValue }] of rare)
    tasks[place] = {
      ...(tasks[place] as OpenTask),
      archived: archived !== null,
      parent: text(parent),
      due: text(deadline),
      hours: hoursOf(undefined, estimatedHours),
      businessValue: typeof businessValue === 'number' ? Math.max(0, businessValue) : undefined,
    };
  for (const [id, analysed] of analyses) {
    const place = places.get(id);
    if (place === undefined) continue;
    const hours = hoursOf(analysed, rare.get(place)?.estimatedHours ?? null);
    if (hours) tasks[place] = { ...(tasks[place] as OpenTask), hours };
  }
}

function toDetails(
  row: DetailRow,
  {
    now,
    files,
    analyses,
  }: { readonly now: string; readonly files: Files; readonly analyses: ReadonlyMap<string, AnalysedNumbers> },
): TaskDetails {
  const id = row.id as string;
  return {
    number: Number(row.number ?? 0),
    type: text(row.type) ?? 'task',
    createdAt: String(row.created_at),
    project: text(row.project),
    notBefore: text(row.not_before),
    claimed: isLive(claimFromRow(row), now),
    described: row.described === 1,
    complexity: scoreOf(analyses.get(id)),
    tags: readTags(row.tags),
    files: files.get(id) ?? NO_FILES,
    language: text(row.code_language),
  };
}

/** To hundredths of an hour, as people read them. */
function hoursOf(analysed: AnalysedNumbers | undefined, estimate: Value): ExpectedHours | undefined {
  const hours = expectedHours(analysed ?? {}, estimate);
  return hours && { ...hours, p80: rounded(hours.p80, 2) };
}

function scoreOf(analysed: AnalysedNumbers | undefined): number | undefined {
  const score = analysed?.score;
  return typeof score === 'number' && Number.isFinite(score) && score > 0 ? score : undefined;
}

function lastTask(reader: RowReader, actor: string): LastTask | undefined {
  const row = readLastTask(reader, actor);
  if (!row) return undefined;
  const id = row.id as string;
  return {
    id,
    number: Number(row.number ?? 0),
    tags: readTags(row.tags),
    files: filesOf(reader, [id]).get(id) ?? NO_FILES,
    language: text(row.code_language),
  };
}

function filesOf(reader: RowReader, ids: readonly string[]): Files {
  const found = new Map<string, string[]>();
  for (const [task, path] of readFiles(reader, new Set(ids))) {
    const known = found.get(task);
    if (!known) found.set(task, [path]);
    else if (!known.includes(path)) known.push(path);
  }
  return found;
}

/** A task has an analysis of each kind: their numbers together. */
function analysesByTask(analyses: readonly AnalysedNumbers[]): ReadonlyMap<string, AnalysedNumbers> {
  const found = new Map<string, AnalysedNumbers>();
  for (const { task, p50, p80, n, score } of analyses) {
    const known = found.get(task);
    found.set(task, {
      task,
      p50: p50 ?? known?.p50,
      p80: p80 ?? known?.p80,
      n: n ?? known?.n,
      score: score ?? known?.score,
    });
  }
  return found;
}

function text(value: Value | undefined): string | undefined {
  return (value as string | null | undefined) ?? undefined;
}
