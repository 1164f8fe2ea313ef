import * as z from 'zod';
import { type Diagnosis, diagnose } from '../../store/doctor/diagnose.js';
import { FINDING_CODES, type Finding, SEVERITIES } from '../../store/doctor/finding.js';
import { repair } from '../../store/doctor/repair.js';
import { Store, type StoreOptions } from '../../store/store.js';
import { type Output, schema } from '../input.js';
import type { WorkspaceFiles } from '../ports.js';
import { type ServiceReach, serviceReach } from './services.js';
import { doctorSurroundings, type SurroundingsProbe } from './surroundings.js';

const finding = schema(() =>
  z.object({
    code: z.enum(FINDING_CODES),
    severity: z
      .enum(SEVERITIES)
      .describe('error: the store cannot be changed; warning: it can cost something; note: good to know'),
    what: z.string().describe('What is wrong: which file, where, which value'),
    fix: z.string().optional().describe('What a repair does about it; absent: nothing'),
    advice: z.string().optional().describe('What the person can do'),
  }),
);

/** What surfaces show of a store's health. */
export const doctorReport = schema(() =>
  z.object({
    healthy: z.boolean().describe('True where nothing was found that a person should know'),
    findings: z.array(finding()).describe('What is wrong; after a repair, what is left'),
    fixed: z.array(finding()).optional().describe('What a repair put right'),
    backup: z.string().optional().describe('The folder with the files as they were before the repair'),
    examined: z.object({
      image: z.object({
        path: z.string(),
        bytes: z.number().nullable().describe('null: there is none'),
        head: z.number().nullable().describe('The last transaction in it'),
        schema: z.number().nullable(),
      }),
      journal: z.object({
        path: z.string(),
        bytes: z.number().nullable().describe('null: there is none'),
        base: z.number().nullable().describe('The transaction after which it starts'),
        head: z.number().nullable().describe('The last transaction that is in order'),
        records: z.number().describe('How many transactions are readable in it'),
      }),
      store: z.string().nullable().describe('The name of the store'),
      tasks: z.number().nullable().describe('How many tasks image and journal come to; null: nothing can be read'),
    }),
    surroundings: doctorSurroundings().optional().describe('What the product uses on this machine'),
    services: z
      .array(serviceReach())
      .optional()
      .describe('Whether the model services answer; absent: nobody asked for that, and nothing was sent'),
  }),
);

export type DoctorReport = Output<typeof doctorReport>;

/**
 * Looks at a store and puts it right: also one that cannot be opened, which is why this is no part of `Orchestrator`.
 */
export class Doctor {
  readonly #options: StoreOptions;
  readonly #files: WorkspaceFiles;
  readonly #probe: SurroundingsProbe | undefined;
  readonly #services: (() => Promise<readonly ServiceReach[]>) | undefined;

  /** Without `probe`, nothing is said of the machine; without `services`, no network is used. */
  constructor(
    options: StoreOptions,
    files: WorkspaceFiles,
    probe?: SurroundingsProbe,
    services?: () => Promise<readonly ServiceReach[]>,
  ) {
    this.#options = options;
    this.#files = files;
    this.#probe = probe;
    this.#services = services;
  }

  /** Says what is wrong and what a repair would do. Changes nothing. */
  async diagnose(): Promise<DoctorReport> {
    return this.#report(await diagnose(this.#options));
  }

  /** Repairs what can be repaired, after a backup. Throws as `repair` in store/doctor; nothing was repaired then. */
  async repair(): Promise<DoctorReport> {
    const { after, fixed, backup } = await repair(this.#options);
    return { ...(await this.#report(after)), fixed: [...fixed], ...(backup !== undefined && { backup }) };
  }

  async #report({ findings, examined }: Diagnosis): Promise<DoctorReport> {
    const isReadable = !findings.some((found) => found.severity === 'error');
    const all = [...findings, ...(isReadable ? await this.#missingReferences() : [])];
    const [surroundings, services] = await Promise.all([this.#probe?.look(), this.#services?.()]);
    return {
      healthy: all.length === 0,
      findings: all,
      examined,
      ...(surroundings && { surroundings }),
      ...(services && { services: [...services] }),
    };
  }

  /** Files that tasks refer to and that are gone: the plan is whole, but a link leads nowhere. */
  async #missingReferences(): Promise<Finding[]> {
    const store = await Store.open(this.#options);
    try {
      return store
        .all<{ path: string; tasks: string }>(
          `SELECT file_path AS path, group_concat(DISTINCT 'T-' || number) AS tasks
           FROM file_refs JOIN tasks ON tasks.id = file_refs.task_id GROUP BY file_path ORDER BY file_path`,
        )
        .filter(({ path }) => !this.#files.exists(path))
        .map(({ path, tasks }) => ({
          code: 'REFERENCE_MISSING',
          severity: 'note',
          what: `${tasks.replaceAll(',', ', ')} refer${tasks.includes(',') ? '' : 's'} to ${path}, which is not there.`,
          advice: 'Where it was renamed, remove the reference and add one to the new path.',
        }));
    } finally {
      store.close();
    }
  }
}
