import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Finding } from './finding.js';
import type { FoundFile, Survey } from './survey.js';

/** Bytes that a checkpoint needs beside the image itself. */
const SPARE = 256 * 1024;

/** Names that the folders of synchronising programs have. */
const SYNCED_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^dropbox( \(.*\))?$/i, 'Dropbox'],
  [/^onedrive( ?-.*)?$/i, 'OneDrive'],
  [/^(icloud ?drive|com~apple~clouddocs|mobile documents)$/i, 'iCloud Drive'],
  [/^(google ?drive(-.*)?|my drive|drivefs)$/i, 'Google Drive'],
  [/^cloudstorage$/i, 'a cloud storage'],
  [/^nextcloud$/i, 'Nextcloud'],
  [/^owncloud$/i, 'ownCloud'],
  [/^syncthing$/i, 'Syncthing'],
];

/** What such programs leave in the folder that they synchronise. */
const SYNCED_MARKS: readonly (readonly [string, string])[] = [
  ['.dropbox.cache', 'Dropbox'],
  ['.stfolder', 'Syncthing'],
  ['.nextcloudsync.log', 'Nextcloud'],
  ['.owncloudsync.log', 'ownCloud'],
  ['.tmp.drivedownload', 'Google Drive'],
  ['.tmp.driveupload', 'Google Drive'],
];

/** Everything around the files: rights, space, and who else moves them about. */
export function checkSurroundings(survey: Survey): Finding[] {
  return [
    ...checkFolder(survey.folder),
    ...[survey.image, survey.journal].flatMap(checkMode),
    ...checkSpace(survey),
    ...checkSynced(survey.folder),
  ];
}

/** True where a repair can give the owner the right to read and write a file. */
export function isModeWrong({ stat }: FoundFile): boolean {
  return (
    process.platform !== 'win32' &&
    stat !== undefined &&
    (stat.mode & 0o600) !== 0o600 &&
    stat.uid === process.getuid?.()
  );
}

function checkFolder(folder: string): Finding[] {
  const refusal = refusedAccess(folder);
  if (refusal === undefined) return [];
  const why = refusal === 'EROFS' ? 'is on a file system that is mounted read-only' : `cannot be written (${refusal})`;
  return [
    {
      code: 'NO_ACCESS',
      severity: 'error',
      what: `${folder} ${why}: nothing can be changed in the store.`,
      advice:
        refusal === 'EROFS'
          ? 'Copy the project to a disk that can be written, or mount this one so.'
          : `Give yourself the right to write there, as its owner or an administrator: chmod u+rwx “${folder}”.`,
    },
  ];
}

function checkMode(file: FoundFile): Finding[] {
  if (!file.stat) return [];
  const refusal = refusedAccess(file.path);
  if (isModeWrong(file)) {
    return [
      {
        code: 'FILE_MODE',
        severity: refusal === undefined ? 'warning' : 'error',
        what: `${file.name} may not be read and written by its owner (mode ${(file.stat.mode & 0o777).toString(8)}).`,
        fix: 'Give its owner that right.',
      },
    ];
  }
  if (refusal === undefined || refusal === 'EROFS') return [];
  return [
    {
      code: 'NO_ACCESS',
      severity: 'error',
      what: `${file.name} cannot be read and written (${refusal}); it belongs to the user of number ${file.stat.uid}.`,
      advice: `Its owner or an administrator can give you that right, or the file: chown ${process.getuid?.() ?? 'YOU'} “${file.path}”.`,
    },
  ];
}

function refusedAccess(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

function checkSpace({ folder, image, journal }: Survey): Finding[] {
  const needed = (image.stat?.size ?? 0) + (journal.stat?.size ?? 0) + SPARE;
  try {
    const { bavail, bsize, blocks } = statfsSync(folder);
    if (blocks === 0 || bavail * bsize >= needed) return [];
    return [
      {
        code: 'DISK_FULL',
        severity: 'error',
        what: `The disk of ${folder} is full: ${kilobytes(bavail * bsize)} are free, and writing the store out needs ${kilobytes(needed)}.`,
        advice: `Free at least ${kilobytes(needed)} there. What is committed is safe until then.`,
      },
    ];
  } catch {
    // A file system that does not tell: the write will.
    return [];
  }
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KB`;
}

function checkSynced(folder: string): Finding[] {
  const program = syncedBy(folder);
  if (!program) return [];
  return [
    {
      code: 'SYNCED_FOLDER',
      severity: 'warning',
      what: `${folder} is in a folder that ${program} synchronises: it can put an older file in the place of a newer one, or make two of one.`,
      advice: 'Exclude the folder from it, or work on the project elsewhere and share it by git.',
    },
  ];
}

function syncedBy(folder: string): string | undefined {
  const named = folder.split(sep).flatMap((part) => SYNCED_NAMES.find(([pattern]) => pattern.test(part))?.[1] ?? []);
  if (named[0]) return named[0];
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    // In a home folder `.dropbox` is a folder with settings; where files are synchronised it is a file.
    if (statSync(join(at, '.dropbox'), { throwIfNoEntry: false })?.isFile()) return 'Dropbox';
    const mark = SYNCED_MARKS.find(([name]) => statSync(join(at, name), { throwIfNoEntry: false }) !== undefined);
    if (mark) return mark[1];
  }
  return undefined;
}
