/**
 * The moments at which a process can die while it writes, each between two changes on disk. Tests end the process at
 * each of them, in the code that ships.
 */
export const STEPS = [
  'commit.locked',
  'commit.applied',
  'commit.appended',
  'commit.synced',
  'commit.released',
  'image.created',
  'image.written',
  'image.synced',
  'image.swapping',
  'image.renamed',
  'journal.created',
  'journal.written',
  'journal.synced',
  'journal.renamed',
  'backup.created',
  'backup.written',
  'backup.synced',
  'backup.renamed',
  'migrate.begun',
  'migrate.done',
  'restore.begun',
  'restore.done',
  'rollback.begun',
  'rollback.unjournaled',
  'rollback.done',
] as const;

export type Step = (typeof STEPS)[number];

/** Hears of each step just after it; what it throws is what the step would have thrown. */
export type StepListener = (step: Step) => void;
