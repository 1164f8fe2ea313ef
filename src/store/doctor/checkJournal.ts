import { counted } from '../../core/model/counted.js';
import { type Composition, ROW_GONE } from './compose.js';
import { type Finding, ranges } from './finding.js';
import type { History } from './history.js';
import { type ImageState, isOpen } from './imageState.js';
import type { DamagedPart, JournalScan } from './journalScan.js';
import type { Origin } from './origin.js';
import type { Survey } from './survey.js';

/** How many records a sentence lists. */
const LISTED = 5;
/** Of the journal's first line. */
const NEWEST_FORMAT = 2;

/** The journal by itself: there, whole, as it was written, each record after the one before it. */
export function checkJournal(
  survey: Survey,
  scan: JournalScan,
  history: History,
  image: ImageState,
  origin: Origin | undefined,
): Finding[] {
  const { name, bytes, stat } = survey.journal;
  if (!bytes && stat) return [];
  if (!bytes || bytes.length === 0) return [missing(survey, image, origin)];
  const format = Number(history.header?.format ?? NEWEST_FORMAT);
  if (format > NEWEST_FORMAT) {
    return [
      {
        code: 'SCHEMA_TOO_NEW',
        severity: 'error',
        what: `${name} is of form ${format}, that of a newer version of this program (this one knows form ${NEWEST_FORMAT}).`,
        advice: 'Update; nothing is repaired until then.',
      },
    ];
  }
  const findings: Finding[] = [];
  if (scan.byteOrderMark || scan.carriageReturns > 0) {
    const added = [
      ...(scan.byteOrderMark ? ['a byte order mark'] : []),
      ...(scan.carriageReturns > 0 ? [counted(scan.carriageReturns, 'carriage return')] : []),
    ].join(' and ');
    findings.push({
      code: 'JOURNAL_REWRITTEN',
      severity: 'error',
      what: `${name} was saved by an editor or converted by git, which put ${added} into it.`,
      fix: 'Take them out again, which gives back what was written.',
    });
  }
  if (scan.torn && scan.lines.length > 0) findings.push(torn(name, scan));
  const conflicts = scan.damage.filter((part) => part.kind === 'conflict');
  if (conflicts.length > 0) {
    findings.push({
      code: 'JOURNAL_CONFLICT',
      severity: 'error',
      what: `${name} has git conflict markers in the lines ${ranges(conflicts.map((part) => part.line))}.`,
      fix: `Keep both sides: the first as it is, the other’s transactions applied again after it.`,
    });
  }
  for (const part of scan.damage) if (part.kind !== 'conflict') findings.push(damaged(name, part));
  if (!history.header && scan.damage.length === 0) {
    findings.push({
      code: 'JOURNAL_DAMAGED',
      severity: 'error',
      what: `${name} has no first line that says which store it belongs to.`,
      fix: 'Write it anew with the records that are readable.',
    });
  }
  return findings;
}

/** What the records of the journal come to, once put together with the image. */
export function checkComposition(
  { journal: { name } }: Survey,
  history: History,
  { missing, refused, renewed, origin }: Composition,
): Finding[] {
  const findings: Finding[] = [];
  if (history.loose.length > 0) {
    const list = history.loose
      .slice(0, LISTED)
      .map(({ record, line }) => `${record.seq} (${record.action} by ${record.actor} at ${record.at}, line ${line})`);
    const more = history.loose.length > LISTED ? ` and ${history.loose.length - LISTED} more` : '';
    const again = renewed.map(({ seq }) => seq);
    findings.push({
      code: 'JOURNAL_BROKEN_CHAIN',
      severity: 'error',
      what: `In ${name} the chain ends at transaction ${history.head}; behind or beside it ${history.loose.length === 1 ? 'is' : 'are'} ${list.join(', ')}${more}.`,
      fix:
        again.length > 0
          ? `Apply what the store does not have yet again, in the same name and with the same time, as ${again.length === 1 ? 'transaction' : 'transactions'} ${ranges(again)}.`
          : 'Leave out what the store has already.',
    });
  }
  if (missing.length > 0) {
    findings.push({
      code: 'RECORDS_LOST',
      severity: 'error',
      what: `Nothing readable is left of ${missing.length === 1 ? 'transaction' : `${missing.length} transactions:`} ${ranges(missing)}.`,
      fix: `Go on without ${missing.length === 1 ? 'it' : 'them'}, from ${origin.name} and everything that is readable; ${missing.length === 1 ? 'its number is' : 'their numbers are'} not used again.`,
    });
  }
  // A row that another SQLite client removed is not missed, unless there is more that is missing.
  const isComplete = missing.length === 0 && renewed.length === 0;
  for (const { record, change, why } of refused) {
    if (isComplete && why === ROW_GONE) continue;
    findings.push({
      code: 'CHANGES_REFUSED',
      severity: why === ROW_GONE ? 'warning' : 'error',
      what: `A change of transaction ${record.seq} (${record.action} by ${record.actor} at ${record.at}) to ${change.table} ${change.key.join('/')} cannot be made: ${why}.`,
      fix: `Leave it out; it stays readable in the backup.`,
    });
  }
  return findings;
}

function missing({ journal, image }: Survey, state: ImageState, origin: Origin | undefined): Finding {
  const isEmpty = journal.bytes !== undefined;
  const since = isOpen(state)
    ? `transaction ${state.head}, which ${image.name} ends with (written ${image.stat?.mtime.toISOString()}),`
    : 'the last checkpoint';
  return {
    code: isEmpty ? 'JOURNAL_EMPTY' : 'JOURNAL_MISSING',
    severity: isEmpty ? 'error' : 'warning',
    what: `${journal.name} is ${isEmpty ? 'empty (0 bytes)' : 'missing'}: what was committed after ${since} may be lost.`,
    ...(origin
      ? { fix: `Start a new journal after what ${origin.name} holds.` }
      : { advice: 'There is no database file and no backup to go on from either.' }),
  };
}

function torn(name: string, { torn, bytes }: JournalScan): Finding {
  const from = torn?.from ?? 0;
  const place = `${name} ends in the middle of a line: from byte ${from} on, ${counted(bytes.length - from, 'byte')}`;
  return torn?.whole
    ? {
        code: 'JOURNAL_TORN',
        severity: 'warning',
        what: `${place}; the record is whole, only the line feed is missing.`,
        fix: 'Add the line feed.',
      }
    : {
        code: 'JOURNAL_TORN',
        severity: 'warning',
        what: `${place} of a transaction that its writer did not finish, and that nobody was told was done.`,
        fix: 'Cut it off, as the next change does too.',
      };
}

function damaged(name: string, { from, to, line, kind }: DamagedPart): Finding {
  const place = `${name} is damaged at bytes ${from}–${to} (line ${line})`;
  return {
    code: 'JOURNAL_DAMAGED',
    severity: 'error',
    what:
      kind === 'frame' ? `${place}, but the record there is readable.` : `${place}: nothing whole is readable there.`,
    fix: 'Keep every readable record before and behind it, and write both files anew.',
  };
}
