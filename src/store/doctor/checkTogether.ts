import { statSync } from 'node:fs';
import { counted } from '../../core/model/counted.js';
import { isBeingWritten } from '../otherClients.js';
import { SCHEMA_VERSION } from '../schema.js';
import type { Composition } from './compose.js';
import type { Finding } from './finding.js';
import type { History } from './history.js';
import { type ImageState, isOpen } from './imageState.js';
import type { Survey } from './survey.js';

/** The image by itself: there, a sound database, of this program and version. */
export function checkImage(
  { image: { name, path, stat, bytes } }: Survey,
  image: ImageState,
  composition: Composition | undefined,
): Finding[] {
  const fix = composition && `Write it anew from ${composition.origin.name} and the journal.`;
  const advice =
    'There is no journal and no backup to make it from: restore it from elsewhere, or remove the folder and run “tm init”.';
  const remedy = fix ? { fix } : { advice };
  const findings: Finding[] = [];
  if (isBeingWritten(path)) {
    findings.push({
      code: 'IMAGE_BEING_WRITTEN',
      severity: 'error',
      what: `Another program is writing to ${name}, or died while it did: there is a ${statSync(`${path}-wal`, { throwIfNoEntry: false }) ? `${name}-wal` : `${name}-journal`} in use beside it.`,
      advice: `If no program is running, open ${name} once with sqlite3, which completes what was begun; then run “tm doctor” again.`,
    });
  }
  switch (image.kind) {
    case 'missing':
      if (!stat) findings.push({ code: 'IMAGE_MISSING', severity: 'error', what: `${name} is missing.`, ...remedy });
      break;
    case 'empty':
      findings.push({ code: 'IMAGE_EMPTY', severity: 'error', what: `${name} is empty (0 bytes).`, ...remedy });
      break;
    case 'unreadable':
      findings.push({
        code: 'IMAGE_DAMAGED',
        severity: 'error',
        what: `${name} (${bytes?.length} bytes) is not a readable SQLite database: ${image.why}.`,
        ...remedy,
      });
      break;
    case 'foreign':
      findings.push({
        code: 'IMAGE_FOREIGN',
        severity: 'error',
        what: `${name} is a database of another program: it has no tables of a task store.`,
        advice: `Move it to where it belongs, or let TM_DB_PATH point elsewhere; then run “tm doctor” again.`,
      });
      break;
    case 'damaged':
      findings.push({
        code: 'IMAGE_DAMAGED',
        severity: 'error',
        what: `${name} is damaged: ${image.faults[0]}${image.faults.length > 1 ? ` (and ${image.faults.length - 1} more)` : ''}.`,
        ...remedy,
      });
      break;
    default:
      findings.push(...checkSchema(name, image.schema), ...image.faults.map((fault) => invalidRow(name, fault)));
  }
  return findings;
}

/** Image and journal: of one store, one history, and the one going on where the other ends. */
export function checkTogether(
  { image: { name }, journal }: Survey,
  image: ImageState,
  history: History,
  composition: Composition | undefined,
): Finding[] {
  const { header } = history;
  if (!isOpen(image) || image.kind === 'damaged' || !header) return [];
  if (image.storeId !== '' && header.store !== image.storeId) {
    return [
      {
        code: 'STORES_DIFFER',
        severity: 'error',
        what: `${name} and ${journal.name} are of two stores (${image.storeId} and ${header.store}).`,
        fix: `Keep ${name} and start a new journal for it; the other store’s journal goes to the backup.`,
      },
    ];
  }
  if (header.base > image.head) {
    const { head, name: from } = composition?.origin ?? { head: image.head, name };
    return [
      {
        code: 'IMAGE_BEHIND',
        severity: 'error',
        what: `${name} holds transactions up to ${image.head}, but ${journal.name} starts after ${header.base}: ${name} is older than its journal.`,
        fix:
          head >= header.base
            ? `Write it anew from ${from} (up to ${head}) and the journal.`
            : `Write it anew from ${from} (up to ${head}) and what the journal holds; what came between is lost.`,
      },
    ];
  }
  const forked = composition?.renewed.filter((renewed) => renewed.line === undefined).length ?? 0;
  if (forked > 0) {
    return [
      {
        code: 'HISTORIES_DIFFER',
        severity: 'error',
        what: `${name} and ${journal.name} are of one store but of two histories: ${counted(forked, 'transaction')} of the journal ${forked === 1 ? 'is' : 'are'} not in ${name}, which has others of the same number.`,
        fix: `Keep what ${name} holds, and apply the journal’s own transactions again after it.`,
      },
    ];
  }
  const last = history.checksumOf(image.head);
  if (image.chain !== undefined && last !== undefined && last !== image.chain) {
    return [
      {
        code: 'HISTORIES_DIFFER',
        severity: 'error',
        what: `${name} and ${journal.name} are of one store but of two histories: transaction ${image.head} is not the same in both.`,
        fix: `Keep what ${name} holds, and apply the journal’s own transactions again after it.`,
      },
    ];
  }
  if (history.head < image.head && history.loose.length === 0 && history.lostAtEnd === 0) {
    return [
      {
        code: 'JOURNAL_BEHIND',
        severity: 'error',
        what: `${journal.name} ends at transaction ${history.head}, but ${name} holds ${image.head}: the journal is older than the database file.`,
        fix: `Start a new journal after what ${name} holds; every readable transaction is in it.`,
      },
    ];
  }
  return [];
}

function checkSchema(name: string, schema: number): Finding[] {
  if (schema > SCHEMA_VERSION) {
    return [
      {
        code: 'SCHEMA_TOO_NEW',
        severity: 'error',
        what: `${name} was written by a newer version of this program (schema ${schema}; this one knows ${SCHEMA_VERSION}).`,
        advice: 'Update; until then the store can be read but not changed.',
      },
    ];
  }
  if (schema === SCHEMA_VERSION) return [];
  return [
    {
      code: 'SCHEMA_OLD',
      severity: 'note',
      what: `${name} is of an older version of this program (schema ${schema}; this one writes ${SCHEMA_VERSION}).`,
      advice: '“tm migrate” says what would change, “tm migrate --apply” does it, after a backup.',
    },
  ];
}

function invalidRow(name: string, fault: string): Finding {
  return {
    code: 'ROW_INVALID',
    severity: 'warning',
    what: `${name} has a value that its column does not admit, written by another program: ${fault}.`,
    advice: 'Correct it with the command that changes that field.',
  };
}
