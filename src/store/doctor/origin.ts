import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import type { Database } from '../database.js';
import { openImage } from '../image.js';
import { plural } from './finding.js';
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

/** Where the backups of a store lie. */
export const BACKUPS = 'backups';

/**
 * The best start for what the journal holds: the image; where that is none, nothing at all if the journal goes back to
 * the beginning, else the newest backup, with the rows of a damaged image over it. The database is the caller's.
 */
export function chooseOrigin(
  sql: SqlJsStatic,
  { folder, image: { path, name }, fingerprint }: Survey,
  image: ImageState,
  history: History,
): Origin {
  const reaches = (head: number) => !history.header || history.base <= head;
  if (isOpen(image) && image.kind !== 'damaged') {
    const own = { database: image.database, head: image.head, storeId: image.storeId, name };
    if (reaches(image.head)) return own;
    const backup = newestBackup(sql, folder, image.storeId);
    if (!backup || backup.head <= image.head) {
      backup?.database.close();
      return own;
    }
    return backup;
  }
  if (isOpen(image) && reindexed(image.database)) {
    return { database: image.database, head: image.head, storeId: image.storeId, name: `${name} with new indices` };
  }
  const empty = {
    database: openImage(sql, undefined, path),
    head: 0,
    storeId: '',
    name: 'an empty store',
    isEmpty: true,
  };
  const store = history.header?.store ?? (isOpen(image) ? image.storeId : '');
  if (history.header && history.base === 0) {
    // The journal gives every row that this program wrote, and its history; the image those of other programs.
    const rows = isOpen(image) ? copyReadableRows(image.database, empty.database, ['audit_log', 'meta']) : 0;
    return {
      ...empty,
      isEmpty: rows === 0,
      storeId: store,
      name: rows > 0 ? `what is readable in ${name} (${plural(rows, 'row')})` : empty.name,
    };
  }
  const backup = newestBackup(sql, folder, store);
  if (backup) empty.database.close();
  const start = backup ?? { ...empty, storeId: store };
  if (!isOpen(image) || (backup && reaches(backup.head) && backup.head >= image.head)) return start;
  const rows = copyReadableRows(image.database, start.database);
  return {
    ...start,
    isEmpty: false,
    storeId: start.storeId || image.storeId,
    head: Math.max(
      start.head,
      image.head,
      lastAudited(start.database),
      history.header?.image === fingerprint ? history.base : 0,
    ),
    name: `${backup ? `${backup.name} with ` : ''}what is readable in ${name} (${plural(rows, 'row')})`,
  };
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
function newestBackup(sql: SqlJsStatic, folder: string, store: string): Origin | undefined {
  let best: Origin | undefined;
  for (const name of backupNames(join(folder, BACKUPS))) {
    const file = join(folder, BACKUPS, name);
    const image = openImageState(sql, quietlyRead(file), file);
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
