import { InvalidInputError } from '../../../core/model/errors.js';
import { checkPlace } from '../../../core/model/fileReference.js';
import type { ParsedPrd } from '../../../core/planning/prd/parsedPrd.js';
import { PRD_DEFAULTS, type PrdOptions, parsePrd, prdMessage } from '../../../core/planning/prd/parsePrd.js';
import type { RowReader, Transaction } from '../../../store/transaction.js';
import { parseInput } from '../../input.js';
import type { Plan } from '../../plan.js';
import type { References } from '../../references/references.js';
import { type Applied, applyPrd, readProjects } from './prdApplication.js';
import { type PrdGiven, type PrdInput, type PrdReport, prdInput, TASK_CHANGES } from './prdInputs.js';
import { outlineOf } from './prdOutline.js';
import { wantedTasks } from './prdTasks.js';

/** Planning from product requirements documents. */
export class Prds {
  readonly #plan: Plan;
  readonly #references: References;

  constructor(plan: Plan, references: References) {
    this.#plan = plan;
    this.#references = references;
  }

  /** Reads a document and says what applying it would change. Nothing is written. Throws INVALID_INPUT. */
  preview(input: PrdInput): PrdReport {
    const { given, prd, report } = this.#read(input);
    if (!given.generateTasks) return report;
    const work = (transaction: Transaction) => this.#apply(transaction, given, prd);
    return { ...report, ...summary(this.#plan.rehearse('prd.apply', work)) };
  }

  /** The document's tasks as text, as they are and as they would be. Nothing is written. */
  compare(input: PrdInput): { readonly before: string; readonly after: string } {
    const { given, prd, report } = this.#read(input);
    return this.#plan.rehearse('prd.apply', (transaction) => {
      const before = outlineOf(transaction, report.source);
      this.#apply(transaction, given, prd);
      return { before, after: outlineOf(transaction, report.source) };
    });
  }

  /**
   * Applies a document in one transaction: new items become tasks, edited ones change them; what somebody changed here
   * meanwhile stays, and is reported. Applying the same again changes nothing. Throws INVALID_INPUT, and CONFLICT where
   * the same request was made for something else.
   */
  async apply(input: PrdInput): Promise<PrdReport> {
    const { given, prd, report } = this.#read(input);
    if (!given.generateTasks)
      throw new InvalidInputError(
        'generateTasks',
        'Without tasks there is nothing to apply. Leave --no-tasks out, or look at the preview.',
      );
    if (this.#plan.store.vault.isOn) this.#plan.store.vault.requireKey();
    let seq: number | undefined;
    const answer = await this.#plan.commitOnce('prd.apply', input, (transaction) => {
      const applied = this.#apply(transaction, given, prd);
      if (transaction.changes.length > 0) seq = transaction.seq;
      return JSON.stringify(applied);
    });
    const applied = JSON.parse(answer) as Applied;
    return { ...report, ...summary(applied), applied: true, ...(seq !== undefined && { seq }) };
  }

  #read(input: PrdInput): { given: PrdGiven; prd: ParsedPrd; report: PrdReport } {
    const asked = parseInput(prdInput, input);
    const source = asked.source ?? asked.path;
    if (source === undefined)
      throw new InvalidInputError(
        'source',
        'A text without a file needs a name under which it is known the next time: give --source.',
      );
    if (asked.path !== undefined) checkPlace({ path: asked.path });
    const given = { ...asked, project: asked.project ?? projectOf(this.#plan.store, source) };
    const { content, path, project = PRD_DEFAULTS.project, ...wishes } = given;
    const options: PrdOptions = { ...wishes, project, ...(path !== undefined && { path }) };
    const start = Date.parse(this.#plan.now());
    const prd = parsePrd(content, options);
    const processingTime = Math.max(0, Date.parse(this.#plan.now()) - start);
    requireKnown(given.only, prd);
    const report: PrdReport = {
      prd: { ...prd, statistics: { ...prd.statistics, processingTime } } as unknown as PrdReport['prd'],
      message: content.trim() === '' ? 'No tasks: the document is empty.' : prdMessage(prd, options),
      source: `prd:${source}`,
      applied: false,
      ...summary({ changes: [], notes: [] }),
    };
    return { given, prd, report };
  }

  #apply(transaction: Transaction, given: PrdGiven, prd: ParsedPrd): Applied {
    return applyPrd({
      transaction,
      plan: this.#plan,
      references: this.#references,
      source: `prd:${given.source ?? given.path}`,
      project: given.project ?? PRD_DEFAULTS.project,
      wanted: wantedTasks(prd, given.project),
      options: given,
    });
  }
}

/**
 * The project whose tasks a document made before; undefined where that was none. Throws INVALID_INPUT where there are
 * several to choose from.
 */
function projectOf(reader: RowReader, source: string): string | undefined {
  const projects = readProjects(reader, `prd:${source}`);
  if (projects.length === 0 || projects.includes(PRD_DEFAULTS.project)) return undefined;
  if (projects.length === 1) return projects[0];
  throw new InvalidInputError(
    'project',
    `${source} made tasks in several projects: ${projects.join(', ')}. Say with --project which one is meant.`,
  );
}

function summary({ changes, notes }: Applied): Pick<PrdReport, 'changes' | 'notes' | 'counts'> {
  const counts = Object.fromEntries(
    TASK_CHANGES.map((name) => [
      name,
      changes.filter(
        ({ change, skipped }) => change === name && (!skipped || name === 'removed' || name === 'deletedHere'),
      ).length,
    ]),
  ) as PrdReport['counts'];
  return { changes, notes, counts };
}

/** Throws INVALID_INPUT for an id that is no item of the document; keys of items that are gone are allowed. */
function requireKnown(only: readonly string[] | undefined, prd: ParsedPrd): void {
  if (!only) return;
  const names = new Set([...prd.features, ...prd.requirements].flatMap(({ id, key }) => [id, key]));
  const unknown = only.find((name) => !names.has(name) && !/^[0-9a-f]{16}(?:~\d+)?$/.test(name));
  if (unknown === undefined) return;
  throw new InvalidInputError(
    'only',
    `The document has no item “${unknown}”. It has: ${
      [...prd.features, ...prd.requirements]
        .map(({ id }) => id)
        .slice(0, 20)
        .join(', ') || 'none'
    }.`,
  );
}
