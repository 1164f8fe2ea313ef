import { contentHash } from '../../core/transfer/contentHash.js';
import type { Row, Value } from '../../store/record.js';

/**
 * What a task was last imported with: a hash for each field, and its edges. A field whose value here differs from it was
 * changed here; one whose value in the file differs from it was changed there.
 */
export interface Imported {
  readonly fields: Readonly<Record<string, string>>;
  readonly edges: readonly string[];
}

/** Columns that change together: a task is not left half completed. */
const STATUS = ['status', 'status_reason', 'started_at', 'completed_at'] as const;
const CUSTOM = 'custom.';

/** The fields of columns and custom fields, as texts that are equal where the values are. */
export function fieldsOf(
  columns: Readonly<Row>,
  custom: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  if (columns.status !== undefined)
    fields.set('status', JSON.stringify(STATUS.map((column) => columns[column] ?? null)));
  for (const [column, value] of Object.entries(columns)) {
    if (!STATUS.includes(column as 'status') && value !== null) fields.set(column, JSON.stringify(value));
  }
  for (const [key, value] of Object.entries(custom)) fields.set(CUSTOM + key, JSON.stringify(value));
  return fields;
}

export function hashesOf(fields: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...fields].map(([field, text]) => [field, contentHash(text)]));
}

export interface Merge {
  /** Columns to be set. */
  readonly columns: Row;
  /** Custom fields to be set; undefined takes one away. */
  readonly custom: ReadonlyMap<string, unknown>;
  /** Fields that were changed here and there to different values. */
  readonly conflicts: readonly string[];
}

interface Sides {
  /** What is imported now. */
  readonly theirs: ReadonlyMap<string, string>;
  /** What is here. */
  readonly ours: ReadonlyMap<string, string>;
  /** What was imported last; undefined where that is not known: then whatever differs is a conflict. */
  readonly base: Readonly<Record<string, string>> | undefined;
  readonly prefer: 'here' | 'file';
}

/** Takes over what was changed in the file and not here. */
export function mergeFields({ theirs, ours, base, prefer }: Sides): Merge {
  const columns: Record<string, Value> = {};
  const custom = new Map<string, unknown>();
  const conflicts: string[] = [];
  for (const field of new Set([...theirs.keys(), ...Object.keys(base ?? {})])) {
    const there = theirs.get(field);
    const here = ours.get(field);
    if (there === here) continue;
    const before = base?.[field];
    const changedThere = hashOf(there) !== before;
    const changedHere = hashOf(here) !== before;
    if (base && !changedThere) continue;
    if (!base || changedHere) {
      conflicts.push(field);
      if (prefer === 'here') continue;
    }
    const value: unknown = there === undefined ? undefined : JSON.parse(there);
    if (field.startsWith(CUSTOM)) custom.set(field.slice(CUSTOM.length), value);
    else if (field === 'status') {
      for (const [at, column] of STATUS.entries()) columns[column] = (value as Value[] | undefined)?.[at] ?? null;
    } else columns[field] = (value ?? null) as Value;
  }
  return { columns, custom, conflicts };
}

function hashOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : contentHash(text);
}
