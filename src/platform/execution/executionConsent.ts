import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CodeLanguage } from '../../core/execution/language.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { personalFile } from '../programs/trust.js';

/** What this person decided about running code for the tasks of one store. */
export interface Consent {
  readonly allowed: boolean;
  /** UTC ISO 8601. */
  readonly at: string;
  /** Languages in which a plain call need not be approved. */
  readonly unasked: readonly CodeLanguage[];
}

interface Consents {
  readonly version: 1;
  /** By the real path of the store's folder. */
  readonly stores: Readonly<Record<string, Consent>>;
}

/** Kept outside of any project, so that no project can bring it along. */
export class ExecutionConsent {
  readonly #folder: string;
  readonly #file: string;

  constructor(storeFolder: string, file = personalFile(process.env, 'execution.json')) {
    this.#folder = storeFolder;
    this.#file = file;
  }

  /** Undefined where nothing was decided, or what was cannot be read. */
  read(): Consent | undefined {
    try {
      return this.#records().stores[this.#key()];
    } catch {
      return undefined;
    }
  }

  /** Throws STORE_CORRUPT rather than overwriting a record that it cannot read. */
  decide(consent: Consent): void {
    const records = this.#records();
    const text = JSON.stringify({ ...records, stores: { ...records.stores, [this.#key()]: consent } }, null, 2);
    const temporary = `${this.#file}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      try {
        writeFileSync(temporary, `${text}\n`, { mode: 0o600 });
        renameSync(temporary, this.#file);
      } finally {
        rmSync(temporary, { force: true });
      }
    } catch (error) {
      throw new OrchestratorError('PERMISSION_DENIED', `${this.#file}: ${(error as Error).message}`);
    }
  }

  #key(): string {
    return realpathSync(this.#folder);
  }

  #records(): Consents {
    try {
      const records = JSON.parse(readFileSync(this.#file, 'utf8')) as Consents;
      if (typeof records.stores === 'object' && records.stores !== null) return records;
      throw new Error('it has no “stores”');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, stores: {} };
      throw new OrchestratorError(
        'STORE_CORRUPT',
        `${this.#file} cannot be read (${(error as Error).message}). Mend or remove it; what was allowed is in it.`,
      );
    }
  }
}
