import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import type { Readings } from '../../core/transfer/readings.js';
import type { EngineLoader } from '../../store/engine/engine.js';
import { readForeignDatabase } from '../../store/foreignDatabase.js';
import type { Transaction } from '../../store/transaction.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { detectFormat } from './formats/detect.js';
import { GLOBAL_IDS, IMPORT_FORMATS, type ImportFormat } from './formats/formats.js';
import { importTasks } from './importer.js';
import { type ImportInput, type ImportOptions, type ImportReport, importInput } from './importInputs.js';
import { type ImportSource, isDatabase, onlyFile, textOf } from './importSource.js';
import { importLossless, type LosslessRows, readLossless, refuseMistakes } from './lossless.js';

/** A file's content, read: tasks, or the rows of a lossless export. */
type Content =
  | { readonly format: ImportFormat; readonly tasks: Readings }
  | { readonly format: 'tm'; readonly rows: LosslessRows };

/** Taking tasks over from files, of this tool and of others. */
export class Imports {
  readonly #plan: Plan;
  readonly #engine: EngineLoader;

  /** `engine` starts SQLite, for files that are databases. */
  constructor(plan: Plan, engine: EngineLoader) {
    this.#plan = plan;
    this.#engine = engine;
  }

  /**
   * Imports a file or folder in one transaction: all of it, or nothing where there is a mistake in it. What was imported
   * before from the same source is brought up to date; importing the same twice changes nothing. Throws INVALID_INPUT
   * with all mistakes, STORE_CORRUPT, SCHEMA_TOO_NEW, CONFLICT.
   */
  async import(
    source: ImportSource,
    input: ImportInput,
    onProgress?: (done: number, total: number) => void,
  ): Promise<ImportReport> {
    const options = parseInput(importInput, input);
    const content = await this.#read(source, options);
    const name =
      options.source ?? (GLOBAL_IDS.has(content.format) ? content.format : `${content.format}:${source.name}`);
    if ('tasks' in content) refuseMistakes(content.tasks, source.name);
    const { store, world } = this.#plan;
    if (store.vault.isOn) store.vault.requireKey();
    const work = (transaction: Transaction): ImportReport => {
      const head = { format: content.format, source: name, dryRun: options.dryRun };
      let report: ImportReport;
      if ('rows' in content)
        report = { ...head, ...withNotes(importLossless(transaction, content.rows, options.prefer)) };
      else {
        const readings = content.tasks.copy();
        const done = importTasks({ transaction, readings, source: name, ids: world.ids, options, onProgress });
        report = { ...head, read: readings.tasks.length, ...done, notes: copies(readings.notes) };
      }
      if (options.strict) requireWhole(report);
      return report;
    };
    return options.dryRun ? this.#plan.rehearse('import', work) : this.#plan.commit('import', work);
  }

  async #read(source: ImportSource, options: ImportOptions): Promise<Content> {
    if (source.files.length === 0)
      throw new InvalidInputError('file', `${source.name} holds nothing that can be imported. ${KNOWN}`);
    const detected = options.format === 'auto' ? detectFormat(source) : options.format;
    if (detected === undefined)
      throw new InvalidInputError(
        'format',
        `${source.name}: its content does not say what it is. Give --format: ${NAMES}.`,
      );
    const format = detected === 'database' ? await this.#databaseFormat(source) : detected;
    if (format !== 'csv' && options.map.length > 0)
      throw new InvalidInputError('map', `--map is about the columns of a CSV file; ${source.name} is ${format}.`);
    switch (format) {
      case 'csv': {
        const { readColumnMap, readCsv } = await import('./formats/csv.js');
        return { format, tasks: readCsv(onlyFile(source), readColumnMap(options.map)) };
      }
      case 'json':
        return { format, tasks: (await import('./formats/json.js')).readJsonFile(onlyFile(source)) };
      case 'jsonl':
        return { format, tasks: (await import('./formats/json.js')).readJsonLines(onlyFile(source)) };
      case 'markdown':
        return {
          format,
          tasks: (await import('./formats/markdown.js')).readMarkdown(onlyFile(source), options.headings),
        };
      case 'beads':
        return { format, tasks: (await import('./formats/beads.js')).readBeads(onlyFile(source)) };
      case 'taskmaster':
        return { format, tasks: (await import('./formats/taskMaster.js')).readTaskMaster(onlyFile(source)) };
      case 'taskwarrior':
        return { format, tasks: (await import('./formats/taskwarrior.js')).readTaskwarrior(onlyFile(source)) };
      case 'backlog':
        return { format, tasks: (await import('./formats/backlog.js')).readBacklog(source) };
      case 'seed002':
        return { format, tasks: await this.#readDatabase(source, format) };
      case 'tm': {
        const file = onlyFile(source);
        if (isDatabase(file)) return { format, tasks: await this.#readDatabase(source, format) };
        if (/"format"\s*:\s*"task-orchestrator"/.test(textOf(file).slice(0, 1000)))
          return { format, rows: readLossless(file) };
        const { readJsonFile, readJsonLines } = await import('./formats/json.js');
        const list = textOf(file).trimStart().startsWith('[');
        return { format, tasks: list ? readJsonFile(file) : readJsonLines(file) };
      }
    }
  }

  async #databaseFormat(source: ImportSource): Promise<ImportFormat> {
    return readForeignDatabase(onlyFile(source), this.#opening(), (kind) => (kind === 'seed002' ? 'seed002' : 'tm'));
  }

  async #readDatabase(source: ImportSource, format: 'tm' | 'seed002'): Promise<Readings> {
    const { readSeed002 } = await import('./formats/seed002.js');
    const { readOwnDatabase } = await import('./formats/ownDatabase.js');
    return readForeignDatabase(onlyFile(source), this.#opening(), (kind, rows, notes) => {
      if ((kind === 'seed002') !== (format === 'seed002'))
        throw new InvalidInputError('format', `${source.name} is not a database of that kind: leave --format out.`);
      return kind === 'seed002' ? readSeed002(rows) : readOwnDatabase(rows, notes);
    });
  }

  #opening() {
    return { engine: this.#engine, now: () => this.#plan.now() };
  }
}

const NAMES = IMPORT_FORMATS.join(', ');
const KNOWN = `Known are: ${NAMES}.`;

function copies(notes: Readings['notes']): ImportReport['notes'] {
  return notes.map((note) => ({ ...note, examples: [...note.examples] }));
}

function withNotes<T extends { readonly notes: Readings['notes'] }>(
  report: T,
): Omit<T, 'notes'> & Pick<ImportReport, 'notes'> {
  return { ...report, notes: copies(report.notes) };
}

/** Throws CONFLICT where something was not taken over as it is. */
function requireWhole({ notes, conflicts }: ImportReport): void {
  const lines = [
    ...notes.map(({ field, says, count, examples }) => `  ${field}: ${says} (${count}: ${examples.join(', ')})`),
    ...conflicts.map(({ task, field }) => `  ${task}: ${field} was changed here and in the file`),
  ];
  if (lines.length === 0) return;
  throw new OrchestratorError(
    'CONFLICT',
    `Not everything can be taken over as it is; nothing was imported.\n${lines.join('\n')}`,
    {
      notes,
      conflicts,
    },
  );
}
