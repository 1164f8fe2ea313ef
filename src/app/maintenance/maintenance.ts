import * as z from 'zod';
import { type Backup, findBackup, listBackups } from '../../store/backups.js';
import { backUpStore, migrateStore, restoreStore } from '../../store/maintenance.js';
import type { StoreOptions } from '../../store/store.js';
import { type Output, schema } from '../input.js';

export const backupView = schema(() =>
  z.object({
    path: z.string(),
    name: z.string(),
    size: z.number().describe('Bytes'),
    at: z.string(),
  }),
);

export const migrationView = schema(() =>
  z.object({
    applied: z.boolean(),
    steps: z.array(z.object({ version: z.number(), description: z.string() })),
    backup: z.string().optional().describe('Path of the backup that was made first'),
  }),
);

export const restoreView = schema(() =>
  z.object({
    restored: z.string().describe('Path of the backup that was put back'),
    backup: z.string().optional().describe('Path of the backup of what was there before'),
  }),
);

export type BackupView = Output<typeof backupView>;
export type MigrationView = Output<typeof migrationView>;
export type RestoreView = Output<typeof restoreView>;

/** What is done to a store as a whole, also to one that cannot be opened. Windows that have it open follow. */
export class Maintenance {
  readonly #options: StoreOptions;
  readonly #actor: () => string;

  constructor(options: StoreOptions, actor: () => string) {
    this.#options = options;
    this.#actor = actor;
  }

  /** Writes everything to a SQLite file of its own beside the store. Throws NOT_FOUND where there is no store. */
  async backUp(): Promise<BackupView> {
    const { backup } = await backUpStore(this.#options);
    return this.backups().find((one) => one.path === backup) as Backup;
  }

  /** The backups, the newest first. */
  backups(): BackupView[] {
    return listBackups(this.#options.path);
  }

  /**
   * Puts a backup in the place of everything, after a backup of what is there. `name` is a path, a file name in
   * `backups/`, or `latest`. Throws NOT_FOUND, STORE_CORRUPT if it is not a sound task store, SCHEMA_TOO_NEW.
   */
  async restore(name: string, workingFolder: string): Promise<RestoreView> {
    const file = findBackup(this.#options.path, name, workingFolder);
    const { backup } = await restoreStore(this.#options, file, this.#actor());
    return { restored: file, ...(backup !== undefined && { backup }) };
  }

  /** Brings a store of an older schema up to date, after a backup; with `dryRun` it only says what would be done. */
  async migrate({ dryRun = false } = {}): Promise<MigrationView> {
    const { backup, steps } = await migrateStore(this.#options, { dryRun });
    return {
      applied: !dryRun && steps.length > 0,
      steps: steps.map(({ version, description }) => ({ version, description })),
      ...(backup !== undefined && { backup }),
    };
  }
}
