import * as z from 'zod';
import { type Migrated, migrateStore, rollBackMigration } from '../../store/maintenance.js';
import { pendingMigrations } from '../../store/migrations.js';
import { OLD_STORE_STEP } from '../../store/oldTool/oldStore.js';
import type { StoreOptions } from '../../store/store.js';
import { type Output, schema } from '../input.js';
import type { StoreFolder } from '../ports.js';

const step = schema(() => z.object({ version: z.number(), description: z.string() }));

/** What was done or would be, and where the store stands. */
export const appliedMigration = schema(() =>
  z.object({
    applied: z.array(step()).describe('Migrations that the store had behind it'),
    steps: z.array(step()).describe('Those that are pending, or were applied now'),
    done: z.boolean().describe('False where it was only said'),
    backup: z.string().optional().describe('Path of the backup that was made first'),
    setAside: z.string().optional().describe('Folder with the files of tm 2.x whose content is in the store now'),
    unread: z.array(z.object({ path: z.string(), reason: z.string() })).optional(),
    compared: z
      .array(
        z.object({
          what: z.string(),
          there: z.number().describe('Rows in the store of tm 2.x'),
          here: z.number().describe('Of those, found again in the new one'),
          missing: z.array(z.string()),
        }),
      )
      .optional(),
    notes: z
      .array(z.object({ field: z.string(), says: z.string(), count: z.number(), examples: z.array(z.string()) }))
      .optional()
      .describe('What is not as it was'),
  }),
);

export const rolledBack = schema(() =>
  z.object({
    restored: z.string().describe('Path of the backup that is the store now'),
    backup: z.string().optional().describe('Path of the backup of what was there before'),
  }),
);

export type AppliedMigration = Output<typeof appliedMigration>;
export type RolledBack = Output<typeof rolledBack>;

/** Folder within `backups/` for the files of tm 2.x, by the name of the backup that belongs to it. */
const filesOf = (backup: string) => `backups/${(backup.split(/[\\/]/).at(-1) ?? '').replace(/\.db$/, '')}-files`;

/** Bringing a store up to date, and back. */
export class Migrations {
  readonly #options: StoreOptions;
  readonly #folder: StoreFolder;

  constructor(options: StoreOptions, folder: StoreFolder) {
    this.#options = options;
    this.#folder = folder;
  }

  /** What would be done; nothing is written. */
  async status(): Promise<AppliedMigration> {
    const { files, ...migrated } = await this.#migrate(true);
    return { ...viewOf(migrated), done: false, ...(files.unread.length > 0 && { unread: [...files.unread] }) };
  }

  /** Brings the store up to date, after a backup. Files of tm 2.x whose content came over are set aside. */
  async apply(): Promise<AppliedMigration> {
    const { files, ...migrated } = await this.#migrate(false);
    const { backup } = migrated;
    const moved =
      backup !== undefined && files.read.length > 0 ? this.#setAside(filesOf(backup), files.read) : undefined;
    return {
      ...viewOf(migrated),
      done: migrated.steps.length > 0,
      ...(backup !== undefined && { backup }),
      ...(moved !== undefined && { setAside: moved }),
      ...(files.unread.length > 0 && { unread: [...files.unread] }),
    };
  }

  /** Takes the last migration back. Undefined where there is none to be taken back. */
  async rollBack(): Promise<RolledBack | undefined> {
    const done = await rollBackMigration(this.#options);
    if (!done) return undefined;
    const aside = filesOf(done.from);
    for (const folder of ['contexts', 'notes']) {
      for (const name of this.#folder.list(`${aside}/${folder}`))
        this.#folder.write(`${folder}/${name}`, this.#folder.read(`${aside}/${folder}/${name}`) ?? '');
    }
    return { restored: done.from, ...(done.backup !== undefined && { backup: done.backup }) };
  }

  async #migrate(dryRun: boolean) {
    const none = { events: [], read: [], unread: [] };
    const first = await migrateStore(this.#options, { dryRun: true });
    const files = first.from === 0 ? (await import('../transfer/oldFiles.js')).readOldFiles(this.#folder) : none;
    const whole = !dryRun || files.events.length > 0;
    const migrated = whole ? await migrateStore(this.#options, { dryRun, oldEvents: files.events }) : first;
    return { ...migrated, files };
  }

  /** Copies the files, then removes them: a crash in between leaves both. */
  #setAside(target: string, paths: readonly string[]): string {
    for (const path of paths) this.#folder.write(`${target}/${path}`, this.#folder.read(path) ?? '');
    for (const path of paths) this.#folder.remove(path);
    return target;
  }
}

function viewOf({ steps, from, conversion }: Migrated): Omit<AppliedMigration, 'done'> {
  const pending = new Set(steps.map(({ version }) => version));
  const all = [OLD_STORE_STEP, ...pendingMigrations(0)].map(({ version, description }) => ({ version, description }));
  return {
    applied: from === 0 ? [] : all.filter(({ version }) => !pending.has(version)),
    steps: steps.map(({ version, description }) => ({ version, description })),
    ...(conversion && {
      compared: conversion.compared.map((one) => ({ ...one, missing: [...one.missing] })),
      notes: conversion.notes.map((note) => ({ ...note, examples: [...note.examples] })),
    }),
  };
}
