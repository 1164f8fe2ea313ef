import { InvalidInputError } from '../../core/model/errors.js';
import type { TaskSummary } from '../../core/model/task.js';
import { checksum } from '../../store/checksum.js';
import { howManyFit } from './fit.js';
import { type TaskRow, toRow } from './taskShape.js';
import type { Workbench } from './tool.js';

/** Tasks of one reply where nobody says how many. */
export const PAGE = 20;
export const LARGEST_PAGE = 200;

/** A part of a list, and how to get the next one. */
export interface Page {
  readonly tasks: TaskRow[];
  readonly total: number;
  readonly truncated: boolean;
  readonly next_cursor?: string;
}

interface Asked {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** What tells this list from others: a cursor of another one is refused. */
  readonly question: unknown;
  /** What else the reply holds, for its size. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/**
 * As many tasks as were asked for, or as fit into a small reply where nobody said how many. Throws INVALID_INPUT for a
 * cursor that is none, or that belongs to another question.
 */
export function pageOf(bench: Pick<Workbench, 'plan'>, found: readonly TaskSummary[], asked: Asked): Page {
  const { limit, cursor, question, beside = {} } = asked;
  const mark = checksum(new TextEncoder().encode(JSON.stringify(question)));
  const start = cursor === undefined ? 0 : startOf(cursor, mark, found);
  const { graph } = bench.plan;
  const rows = found.slice(start, start + (limit ?? PAGE)).map((task) => toRow(bench, task, graph));
  const page = (count: number): Page => {
    const last = found[start + count - 1];
    const truncated = start + count < found.length;
    const next = truncated && last ? { next_cursor: `${mark}.${start + count}.${last.id}` } : {};
    return { tasks: rows.slice(0, count), total: found.length, truncated: count < found.length, ...next };
  };
  const count = limit === undefined ? howManyFit(rows.length, (n) => ({ ...beside, ...page(n) })) : rows.length;
  return page(count);
}

/** Behind the last task of the page before, wherever that is now; where it is gone, what stands in its place. */
function startOf(cursor: string, mark: string, found: readonly TaskSummary[]): number {
  const [given, position, last] = cursor.split('.');
  if (given !== mark || !/^\d{1,9}$/.test(position ?? '') || last === undefined)
    throw new InvalidInputError(
      'cursor',
      'The cursor is of another question. Ask the same again with the cursor of its last answer, or leave it out to begin anew.',
    );
  const at = found.findIndex((task) => task.id === last);
  return at === -1 ? Math.min(Math.max(0, Number(position) - 1), found.length) : at + 1;
}
