import { chmodSync, closeSync, fdatasyncSync, ftruncateSync, openSync, rmSync, type Stats, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../core/model/errors.js';
import type { Engine } from '../engine/engine.js';
import { FileJournal } from '../fileJournal.js';
import { writeDurably } from '../files.js';
import { setMetaValue } from '../image.js';
import { swapImage } from '../otherClients.js';
import { backUp } from './backup.js';
import { orphans } from './checkLeftovers.js';
import { isModeWrong } from './checkSurroundings.js';
import { Examination } from './examine.js';
import type { Finding, FindingCode } from './finding.js';
import { faultsOf, isStructural } from './imageState.js';
import { survey } from './survey.js';

/** These need nothing but the bytes of the journal put right. */
const BYTES_OF_JOURNAL: ReadonlySet<FindingCode> = new Set(['JOURNAL_TORN', 'JOURNAL_REWRITTEN']);
/** These are ended by writing image and journal anew from everything that is readable. */
const REBUILT: ReadonlySet<FindingCode> = new Set([
  'JOURNAL_MISSING',
  'JOURNAL_EMPTY',
  'JOURNAL_CONFLICT',
  'JOURNAL_DAMAGED',
  'JOURNAL_BROKEN_CHAIN',
  'JOURNAL_BEHIND',
  'IMAGE_MISSING',
  'IMAGE_EMPTY',
  'IMAGE_DAMAGED',
  'IMAGE_BEHIND',
  'STORES_DIFFER',
  'HISTORIES_DIFFER',
  'RECORDS_LOST',
  'CHANGES_REFUSED',
]);
/**
 * Repairs everything but rows, after a backup. Returns the backup's folder, and what was found once every file could be
 * read. Only with the lock held. Throws what `backUp` throws, and STORE_CORRUPT where not even what is readable gives a
 * sound store; the files are as they were then.
 */
export function repairFiles(
  engine: Engine,
  path: string,
  now: string,
): { readonly backup: string; readonly findings: readonly Finding[] } {
  const backup = backUpReadable(path, now);
  const examination = new Examination(engine, path, now);
  try {
    // The lock is this repair's own: no checkpoint is under way.
    for (const { name } of orphans({ ...examination.survey, lock: undefined }, Date.parse(now)))
      rmSync(join(examination.survey.folder, name), { force: true });
    const { findings } = examination;
    const has = (codes: ReadonlySet<FindingCode>) => findings.some(({ code, fix }) => fix && codes.has(code));
    if (has(REBUILT)) rebuild(examination, backup);
    else if (has(BYTES_OF_JOURNAL)) restoreJournal(examination);
    return { backup, findings };
  } finally {
    examination.close();
  }
}

/** A file that its owner may not read has to get its rights first; it loses them again where there can be no backup. */
function backUpReadable(path: string, now: string): string {
  const { image, journal } = survey(path);
  const wrong = [image, journal].filter(isModeWrong);
  for (const file of wrong) chmodSync(file.path, (file.stat as Stats).mode | 0o600);
  try {
    return backUp(survey(path), now);
  } catch (error) {
    for (const file of wrong) chmodSync(file.path, (file.stat as Stats).mode);
    throw error;
  }
}

/** Image first: a crash before the journal follows leaves a store that the next repair brings to the same end. */
function rebuild({ survey, composition, history }: Examination, backup: string): void {
  if (!composition) return;
  const { database, head, origin } = composition;
  const store = origin.storeId || history.header?.store || crypto.randomUUID();
  setMetaValue(database, 'last_seq', head);
  setMetaValue(database, 'store_id', store);
  // The new journal starts a chain of its own.
  setMetaValue(database, 'last_chain', undefined);
  const fault = faultsOf(database).find(isStructural);
  if (fault !== undefined) {
    throw new StoreError(
      'STORE_CORRUPT',
      `What is readable of the store does not give a sound database (${fault}). Nothing was repaired; a copy of the files is in ${backup}.`,
    );
  }
  const { path } = survey.image;
  let written = '';
  const around = (rename: () => void) => {
    written = swapImage(path, survey.fingerprint, rename);
  };
  writeDurably(path, database.export(), { what: 'image', around });
  FileJournal.create(survey.journal.path, { store, base: head, chain: '', image: written }).close();
}

/** Gives back the lines as they were written, up to the last whole one. */
function restoreJournal({ survey: { journal }, scan }: Examination): void {
  const { bytes, torn, byteOrderMark, carriageReturns } = scan;
  const kept = torn && !torn.whole ? bytes.subarray(0, torn.from) : bytes;
  const feed = Buffer.from(torn?.whole ? '\n' : '');
  if (byteOrderMark || carriageReturns > 0) {
    writeDurably(journal.path, Buffer.concat([kept, feed]), { what: 'journal' });
    return;
  }
  const file = openSync(journal.path, 'r+');
  try {
    ftruncateSync(file, kept.length);
    writeSync(file, feed, 0, feed.length, kept.length);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}
