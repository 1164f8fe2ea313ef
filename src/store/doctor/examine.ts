import type { Engine } from '../engine/engine.js';
import { checkComposition, checkJournal } from './checkJournal.js';
import { checkLeftovers } from './checkLeftovers.js';
import { checkSurroundings } from './checkSurroundings.js';
import { checkImage, checkTogether } from './checkTogether.js';
import { type Composition, compose } from './compose.js';
import type { Finding, FindingCode } from './finding.js';
import { type History, readHistory } from './history.js';
import { type ImageState, isOpen, openImageState } from './imageState.js';
import { type JournalScan, scanJournal } from './journalScan.js';
import { chooseOrigin } from './origin.js';
import { rowFaults } from './rowFaults.js';
import { type Survey, survey } from './survey.js';

/** What was looked at, for the report. */
export interface Examined {
  readonly image: {
    readonly path: string;
    readonly bytes: number | null;
    readonly head: number | null;
    readonly schema: number | null;
  };
  readonly journal: {
    readonly path: string;
    readonly bytes: number | null;
    readonly base: number | null;
    readonly head: number | null;
    readonly records: number;
  };
  readonly store: string | null;
  readonly tasks: number | null;
}

/** With these the two files are not this program's to write. */
const HANDS_OFF: ReadonlySet<FindingCode> = new Set(['IMAGE_FOREIGN', 'SCHEMA_TOO_NEW', 'IMAGE_BEING_WRITTEN']);
/** What may be put right all the same. */
const BESIDE: ReadonlySet<FindingCode> = new Set(['LOCK_LEFT', 'TEMPORARY_LEFT', 'FILE_MODE']);

/** Everything that is known of a store's files, and what they come to when put together. */
export class Examination {
  readonly survey: Survey;
  readonly scan: JournalScan;
  readonly history: History;
  readonly image: ImageState;
  /** Undefined where nothing can be put together: nothing is there, or it is another program's. */
  readonly composition: Composition | undefined;
  readonly findings: readonly Finding[];

  /** Reads the store at `path`; changes nothing. `now` is UTC ISO 8601. */
  constructor(engine: Engine, path: string, now: string) {
    this.survey = survey(path);
    const { image, journal } = this.survey;
    this.image = openImageState(engine, image.bytes, path);
    this.scan = scanJournal(journal.bytes ?? Buffer.alloc(0));
    this.history = readHistory(this.scan, isOpen(this.image) ? this.image.head : undefined);
    const usable = this.#usableHistory();
    const isUnread = (image.stat && !image.bytes) || (journal.stat && !journal.bytes);
    const origin =
      this.image.kind === 'foreign' || this.image.kind === 'newer' || isUnread
        ? undefined
        : chooseOrigin(engine, this.survey, this.image, usable);
    const isNothing = origin?.isEmpty === true && this.scan.lines.length === 0;
    if (isNothing) origin.database.close();
    this.composition = origin && !isNothing ? compose(origin, usable) : undefined;
    this.findings = this.#check(usable, now);
  }

  get examined(): Examined {
    const { survey, image, history, scan, composition } = this;
    const sizeOf = (file: Survey['image']) => file.stat?.size ?? null;
    return {
      image: {
        path: survey.image.path,
        bytes: sizeOf(survey.image),
        head: isOpen(image) ? image.head : null,
        schema: isOpen(image) ? image.schema : null,
      },
      journal: {
        path: survey.journal.path,
        bytes: sizeOf(survey.journal),
        base: history.header ? history.base : null,
        head: history.header ? history.head : null,
        records: scan.lines.filter((line) => line.entry).length,
      },
      store: (isOpen(image) && image.storeId) || history.header?.store || null,
      tasks: composition?.database.get<{ n: number }>('SELECT count(*) AS n FROM tasks')?.n ?? null,
    };
  }

  close(): void {
    const databases = new Set([isOpen(this.image) && this.image.database, this.composition?.database]);
    for (const database of databases) if (database) database.close();
  }

  /** Another store's transactions are not this one's. */
  #usableHistory(): History {
    const { image, history } = this;
    const store = isOpen(image) ? image.storeId : '';
    if (store === '' || !history.header || history.header.store === store) return history;
    return { ...history, base: 0, chained: [], loose: [], head: 0, checksumOf: () => undefined, lostAtEnd: 0 };
  }

  #check(usable: History, now: string): Finding[] {
    const { survey, image, scan, history, composition } = this;
    const findings = [
      ...checkSurroundings(survey),
      ...checkImage(survey, image, composition),
      ...checkJournal(survey, scan, history, image, composition?.origin),
      ...checkTogether(survey, image, history, composition),
      ...(composition ? checkComposition(survey, usable, composition) : []),
      ...checkLeftovers(survey, Date.parse(now)),
      ...(composition ? rowFaults(composition.database, now).map((fault) => fault.finding) : []),
    ];
    const obstacle = findings.find(({ code }) => HANDS_OFF.has(code));
    if (!obstacle && composition) return findings;
    const advice = obstacle
      ? `Nothing is repaired here before the end of ${obstacle.code}.`
      : 'Nothing is readable from which it could be repaired.';
    return findings.map((finding) => {
      if (!finding.fix || BESIDE.has(finding.code)) return finding;
      const { fix: _fix, ...rest } = finding;
      return { ...rest, advice };
    });
  }
}
