import { InvalidInputError } from '../../core/model/errors.js';
import { countTasks } from '../../store/repositories/exportRows.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import type { Tasks } from '../tasks/tasks.js';
import {
  type Exporting,
  exportCsv,
  exportJson,
  exportJsonLines,
  exportMarkdown,
  exportTsv,
  type Piece,
} from './exporter.js';
import { type ExportFormat, type ExportInput, type ExportView, exportInput } from './exportInputs.js';
import { exportLossless, exportLosslessLines } from './lossless.js';

const WRITERS: Readonly<Record<ExportFormat, (exporting: Exporting) => Generator<Piece>>> = {
  json: exportJson,
  jsonl: exportJsonLines,
  csv: exportCsv,
  tsv: exportTsv,
  markdown: exportMarkdown,
};

/** Where an export goes, piece by piece. */
export interface Sink {
  /** Whole lines, the last one without its line feed. */
  write(text: string): void;
  /** How many tasks are written, of how many. */
  progress?(done: number, total: number): void;
}

/** Writing tasks out for others. */
export class Exports {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  /** Writes the tasks that a filter admits; only a page of them is in memory at a time. Throws INVALID_INPUT. */
  write(input: ExportInput, sink: Sink): ExportView {
    const { format, query, lossless } = parseInput(exportInput, input);
    if (lossless && format !== 'json' && format !== 'jsonl') {
      throw new InvalidInputError('lossless', `--lossless is written as json or jsonl, not as ${format}.`);
    }
    const { store } = this.#plan;
    // Without the key the words in their places would be exported as if they were the tasks'.
    if (store.vault.isOn) store.vault.requireKey();
    const ids = query.trim() === '' ? undefined : this.#tasks.select(query).map((task) => task.id);
    const total = ids?.length ?? countTasks(store);
    const whole = format === 'jsonl' ? exportLosslessLines : exportLossless;
    let done = 0;
    for (const piece of (lossless ? whole : WRITERS[format])({ store, ...(ids && { ids }), now: this.#plan.now() })) {
      sink.write(piece.text);
      done += piece.tasks;
      sink.progress?.(done, total);
    }
    return { format, tasks: done, lossless };
  }
}
