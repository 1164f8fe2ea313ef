import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../core/model/counted.js';
import { BACKUPS } from '../backups.js';
import type { Database } from '../database.js';
import type { Engine } from '../engine/engine.js';
import { openImage } from '../image.js';
import type { History } from './history.js';
import { faultsOf, type ImageState, isOpen, isStructural, openImageState } from './imageState.js';
import { copyReadableRows } from './readableRows.js';
import type { Survey } from './survey.js';

/** The rows that a journal's records are applied to. */
export interface Origin {
  readonly database: Database;
  /** Last sequence in it. */
  readonly head: number;
  readonly storeId: string;
  /** In words: `tasks.db`, `the backup …`. */
  readonly name: string;
  /** True where nothing is in it. */
  readonly isEmpty?: boolean;
}

/**
 * The best start for what the journal holds: the image; where that is none, nothing at all if the journal is whole from
 * the beginning, else the newest backup, with the rows of a damaged image over it. The database is the caller's.
 */
export function chooseOrigin(engine: Engine, survey: Survey, image: ImageState, history: History): Origin {
  const { name } = survey.image;
  if (!isOpen(image)) return withoutImage(engine, survey, '', history);
  const own = { database: image.database, head: image.head, storeId: image.storeId, name };
  if (image.kind !== 'damaged') return reaches(history, image.head) ? own : newerOf(own, engine, survey);
  if (reindexed(image.database)) return { ...own, name: `${name} with new indices` };
  const start = withoutImage(engine, survey, image.storeId, history);
  if (!start.isEmpty && reaches(history, start.head) && start.head >= image.head) return start;
  // A whole journal gives every row that this program wrote, and its history; the image those of other programs.
  const isWhole = isWholeFromStart(history);
  const rows = copyReadableRows(image.database, start.database, isWhole ? ['audit_log', 'meta'] : []);
  const isThisImage = history.header?.image === survey.fingerprint;
  const known = [start.head, image.head, lastAudited(start.database), isThisImage ? history.base : 0];
  return {
    database: start.database,
    isEmpty: start.isEmpty === true && rows === 0,
    storeId: start.storeId,
    head: isWhole ? 0 : Math.max(...known),
    name: `${start.isEmpty ? '' : `${start.name} with `}what is readable in ${name} (${counted(rows, 'row')})`,
  };
}

/** True where the journal goes on from a state that holds everything up to `head`. */
function reaches({ header, base }: History, head: number): boolean {
  return !header || base <= head;
}

function isWholeFromStart({ header, base, loose, lostAtEnd }: History): boolean {
  return header !== undefined && base === 0 && loose.length === 0 && lostAtEnd === 0;
}

function withoutImage(engine: Engine, { folder, image }: Survey, storeId: string, history: History): Origin {
  const store = history.header?.store ?? storeId;
  const backup = isWholeFromStart(history) ? undefined : newestBackup(engine, folder, store);
  if (backup) return backup;
  const database = openImage(engine, undefined, image.path);
  return { database, head: 0, storeId: store, name: 'an empty store', isEmpty: true };
}

/** An image that is too old for its journal, or a backup that is newer. */
function newerOf(own: Origin, engine: Engine, { folder }: Survey): Origin {
  const backup = newestBackup(engine, folder, own.storeId);
  if (backup && backup.head > own.head) return backup;
  backup?.database.close();
  return own;
}

/** What the audit log tells of a damaged image's last sequence. */
function lastAudited(database: Database): number {
  return database.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM audit_log')?.seq ?? 0;
}

/** Damaged indices can be made anew from their tables. */
function reindexed(database: Database): boolean {
  try {
    database.exec('REINDEX');
    return !faultsOf(database).some(isStructural);
  } catch {
    return false;
  }
}

/** The sound backup of a store (any, where `store` is empty) that holds the most. */
function newestBackup(engine: Engine, folder: string, store: string): Origin | undefined {
  let best: Origin | undefined;
  for (const name of backupNames(join(folder, BACKUPS))) {
    const file = join(folder, BACKUPS, name);
    const image = openImageState(engine, quietlyRead(file), file);
    if (!isOpen(image)) continue;
    if (image.kind !== 'sound' || (store !== '' && image.storeId !== store) || (best && best.head >= image.head)) {
      image.database.close();
      continue;
    }
    best?.database.close();
    best = { database: image.database, head: image.head, storeId: image.storeId, name: `the backup ${name}` };
  }
  return best;
}

/** `*.db` there, and in the folders that a repair leaves there. */
function backupNames(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.db'))
      .sort();
  } catch {
    return [];
  }
}

function quietlyRead(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
