import type { Engine } from '../engine/engine.js';
import { diskState } from '../loadState.js';
import type { StoreOptions } from '../store.js';
import { Examination, type Examined } from './examine.js';
import type { Finding } from './finding.js';

/** Between two looks at a store that is being written, ms, and how many. */
const PAUSE = 50;
const LOOKS = 20;

/** What a store's files are like. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly examined: Examined;
  /** What lay on disk; see `diskState`. */
  readonly state: string;
}

/** Looks at a store without changing anything; one that another process is just writing to is looked at again. */
export async function diagnose(options: StoreOptions): Promise<Diagnosis> {
  const engine = await options.engine();
  for (let look = 1; ; look += 1) {
    const diagnosis = diagnoseNow(engine, options);
    const { findings, state } = diagnosis;
    // What was found halfway through another process's write is no finding.
    const isBusy = findings.some(({ code }) => code === 'LOCK_HELD') || state !== diskState(options.path);
    if (findings.length === 0 || !isBusy || look === LOOKS) return diagnosis;
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

function diagnoseNow(engine: Engine, { path, now }: StoreOptions): Diagnosis {
  const examination = new Examination(engine, path, now());
  try {
    const { findings, examined, survey } = examination;
    return { findings, examined, state: survey.state };
  } finally {
    examination.close();
  }
}
