import type { HookRun } from '../../core/hooks/statistics.js';
import type { StoreFolder } from '../ports.js';

const FILE = 'logs/hooks.jsonl';
/** Beyond this the older half goes (characters). */
const LARGEST = 512 * 1024;

/** What the hooks and plugins did, one JSON object a line beside the store. */
export class HookLog {
  readonly #folder: StoreFolder;

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** Throws PERMISSION_DENIED where the file cannot be written. */
  add(run: HookRun): void {
    this.#folder.append(FILE, `${JSON.stringify(run)}\n`);
    const text = this.#folder.read(FILE) ?? '';
    if (text.length <= LARGEST) return;
    const half = text.slice(-LARGEST / 2);
    this.#folder.write(FILE, half.slice(half.indexOf('\n') + 1));
  }

  /** The runs from a moment on, the oldest first; a line that its writer did not finish is passed over. */
  since(moment: string): HookRun[] {
    const lines = (this.#folder.read(FILE) ?? '').split('\n');
    return lines.flatMap((line) => {
      const run = readRun(line);
      return run && run.at >= moment ? [run] : [];
    });
  }

  /** Keeps only the runs from a moment on; returns how many went. */
  keepSince(moment: string): number {
    const text = this.#folder.read(FILE);
    if (text === undefined) return 0;
    const before = text.split('\n').filter((line) => line !== '').length;
    const kept = this.since(moment);
    if (kept.length < before) this.#folder.write(FILE, kept.map((run) => `${JSON.stringify(run)}\n`).join(''));
    return before - kept.length;
  }
}

function readRun(line: string): HookRun | undefined {
  try {
    const run = JSON.parse(line) as Partial<HookRun> | null;
    const isRun = typeof run?.at === 'string' && typeof run.hook === 'string' && typeof run.milliseconds === 'number';
    return isRun ? (run as HookRun) : undefined;
  } catch {
    return undefined;
  }
}
