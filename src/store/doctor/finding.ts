/** What can be wrong with a store; `docs/doctor.md` explains each. */
export const FINDING_CODES = [
  'JOURNAL_MISSING',
  'JOURNAL_EMPTY',
  'JOURNAL_TORN',
  'JOURNAL_REWRITTEN',
  'JOURNAL_CONFLICT',
  'JOURNAL_DAMAGED',
  'JOURNAL_BROKEN_CHAIN',
  'JOURNAL_BEHIND',
  'IMAGE_MISSING',
  'IMAGE_EMPTY',
  'IMAGE_DAMAGED',
  'IMAGE_FOREIGN',
  'IMAGE_BEHIND',
  'IMAGE_BEING_WRITTEN',
  'STORES_DIFFER',
  'HISTORIES_DIFFER',
  'RECORDS_LOST',
  'CHANGES_REFUSED',
  'SCHEMA_TOO_NEW',
  'SCHEMA_OLD',
  'LOCK_LEFT',
  'LOCK_HELD',
  'TEMPORARY_LEFT',
  'FILE_MODE',
  'NO_ACCESS',
  'DISK_FULL',
  'SYNCED_FOLDER',
  'ROW_INVALID',
  'ROW_DANGLING',
  'CYCLE',
  'LEASE_EXPIRED',
  'REFERENCE_MISSING',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** An error keeps the store from being written; a warning can cost something; a note is good to know. */
export const SEVERITIES = ['error', 'warning', 'note'] as const;

export interface Finding {
  readonly code: FindingCode;
  readonly severity: (typeof SEVERITIES)[number];
  /** One or two sentences: which file, where, which value. */
  readonly what: string;
  /** What a repair does about it, in one sentence; undefined where it does nothing. */
  readonly fix?: string;
  /** Where a repair does nothing, what the person can do. */
  readonly advice?: string;
}

/** `3, 5–9`. */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
}
