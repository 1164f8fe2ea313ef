import { DEPENDENCY_TYPES, type DependencyType } from '../model/dependency.js';
import { OrchestratorError } from '../model/errors.js';
import { parsePlace } from '../model/fileReference.js';
import { parsePriority } from '../model/priority.js';
import { parseStatus, type Status } from '../model/status.js';
import { checkTags, checkTime, type SuccessCriterion } from '../model/task.js';
import type {
  Cell,
  ExternalEdge,
  ExternalEvent,
  ExternalParticipant,
  ExternalPlace,
  LinkType,
} from './externalTask.js';
import { DESCRIPTION_REST, splitDescription, splitTitle } from './longText.js';
import type { Readings } from './readings.js';

/**
 * Reads one task out of a file, field by field. What the model does not admit is a mistake where the file is written for
 * this tool (`strict`); in a file of another tool it is kept among the custom fields, and said.
 */
export class TaskReading {
  readonly where: string;
  readonly #externalId: string;
  readonly #readings: Readings;
  readonly #strict: boolean;
  readonly #columns: Record<string, Cell> = {};
  readonly #birth: Record<string, Cell> = {};
  readonly #custom: Record<string, unknown> = {};
  readonly #dependsOn = new Map<string, ExternalEdge<DependencyType>>();
  readonly #links: ExternalEdge<LinkType>[] = [];
  readonly #places: ExternalPlace[] = [];
  readonly #events: ExternalEvent[] = [];
  readonly #participants: ExternalParticipant[] = [];
  #parent: string | undefined;

  constructor(readings: Readings, externalId: string, where: string, { strict = false } = {}) {
    this.#readings = readings;
    this.#externalId = externalId;
    this.where = where;
    this.#strict = strict;
  }

  /** What the file says of a field that has no place: kept among the custom fields; nothing where it is empty. */
  keep(field: string, value: unknown): void {
    if (isEmpty(value)) return;
    this.#custom[field] = value;
    this.note(field, 'kept as a custom field');
  }

  /** The same without a word: the field is a custom field there too. */
  custom(field: string, value: unknown): void {
    if (!isEmpty(value)) this.#custom[field] = value;
  }

  note(field: string, says: string): void {
    this.#readings.note(field, says, this.where);
  }

  refuse(field: string, message: string): void {
    this.#readings.refuse(this.where, field, message);
  }

  title(value: unknown): void {
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    const title = text.replace(/[\s\0]+/g, ' ').trim();
    if (title === '') {
      if (this.#strict) this.refuse('title', 'Task title cannot be empty.');
      else {
        this.#columns.title = `(without a title: ${this.#externalId})`.slice(0, 500);
        this.note('title', 'was empty: named after its id');
      }
      return;
    }
    const { kept, rest } = splitTitle(title);
    if (rest !== '' && this.#strict) {
      this.refuse('title', `Task title too long: ${[...title].length} characters, at most 500.`);
      return;
    }
    this.#columns.title = kept.trim();
    if (rest !== '') {
      this.#custom.title_full = title;
      this.note('title', 'longer than 500 characters: cut, the whole is in the custom field title_full');
    }
  }

  /** Beyond 5,000 characters the rest goes on in a custom field. */
  description(value: unknown): void {
    const text = plainText(value).replace(/\0/g, '');
    if (text.trim() === '') return;
    const { kept, rest } = splitDescription(text);
    this.#columns.description = kept;
    if (rest === '') return;
    this.#custom[DESCRIPTION_REST] = rest;
    this.note('description', `longer than 5,000 characters: goes on in the custom field ${DESCRIPTION_REST}`);
  }

  /** A field of words that the store has a column for. */
  text(column: string, value: unknown): void {
    const text = plainText(value).replace(/\0/g, '').trim();
    if (text !== '') this.#columns[column] = text;
  }

  /** A word or two, such as an assignee: one line of at most 200 characters. */
  word(column: string, value: unknown): void {
    const text = plainText(value)
      .replace(/[\s\0]+/g, ' ')
      .trim();
    if (text === '') return;
    if (text.length <= 200) this.#columns[column] = text;
    else this.#invalid(column, value, 'is longer than 200 characters');
  }

  /** Also says it of the time at which it took place, if the file has one. */
  status(value: unknown, known: Readonly<Record<string, Status>> = {}): Status {
    const given = plainText(value).trim();
    const name = given.toLowerCase().replace(/[-\s]+/g, '_');
    const status =
      given === ''
        ? 'pending'
        : Object.hasOwn(known, name)
          ? known[name]
          : this.#try('status', value, () => parseStatus(given));
    this.#columns.status = status ?? 'pending';
    return this.#columns.status as Status;
  }

  priority(value: unknown, known: Readonly<Record<string, string>> = {}): void {
    const given = plainText(value).trim();
    const name = given.toLowerCase();
    const priority =
      given === ''
        ? undefined
        : Object.hasOwn(known, name)
          ? known[name]
          : this.#try('priority', value, () => parsePriority(given));
    this.#columns.priority = priority ?? 'medium';
  }

  /** Tags; those that cannot be one become one (spaces to `-`), which is said. */
  tags(values: unknown): void {
    const list = (Array.isArray(values) ? values : plainText(values).split(/[,;]/)).map((tag) => plainText(tag).trim());
    const tags: string[] = [];
    for (const tag of list.filter((one) => one !== '')) {
      const fitting = tag
        .replace(/[\s,:"\p{Cc}]+/gu, '-')
        .replace(/^#/, '')
        .slice(0, 50);
      if (this.#strict && fitting !== tag.replace(/^#/, '')) this.#try('tags', tag, () => checkTags([tag]));
      else if (fitting !== '') {
        if (fitting !== tag.replace(/^#/, '')) this.note('tags', 'tags with spaces, colons or quotes: written with -');
        tags.push(fitting);
      }
    }
    if (tags.length > 0) this.#columns.tags = JSON.stringify([...new Set(tags)]);
  }

  time(column: string, value: unknown, read: (text: string) => string = (text) => checkTime(column, text)): void {
    const text = value instanceof Date ? value.toISOString() : plainText(value).trim();
    if (text === '') return;
    const time = this.#try(column, value, () => read(text));
    if (time !== undefined) this.#put(column, time);
  }

  hours(column: string, value: unknown): void {
    if (isEmpty(value)) return;
    const hours = typeof value === 'number' ? value : Number(plainText(value).trim() || Number.NaN);
    if (Number.isFinite(hours) && hours >= 0 && hours <= 100_000) this.#columns[column] = hours;
    else this.#invalid(column, value, 'is not a number of hours from 0 to 100,000');
  }

  number(column: string, value: unknown, [least, most]: readonly [number, number] = [-1e9, 1e9]): void {
    if (isEmpty(value)) return;
    const number = typeof value === 'number' ? value : Number(plainText(value).trim() || Number.NaN);
    if (Number.isInteger(number) && number >= least && number <= most) this.#put(column, number);
    else this.#invalid(column, value, `is not a whole number from ${least} to ${most}`);
  }

  criteria(criteria: readonly SuccessCriterion[]): void {
    if (criteria.length > 0) this.#columns.success_criteria = JSON.stringify(criteria);
  }

  /** A column as the file has it, once the caller knows that it fits. */
  put(column: string, value: Cell): void {
    if (value !== null) this.#put(column, value);
  }

  parent(externalId: unknown): void {
    const text = plainText(externalId).trim();
    if (text !== '') this.#parent = text;
  }

  get hasParent(): boolean {
    return this.#parent !== undefined;
  }

  dependsOn(externalId: unknown, type: unknown = 'completion', condition?: unknown): void {
    const to = plainText(externalId).trim();
    const known = DEPENDENCY_TYPES.find((candidate) => candidate === type) ?? 'completion';
    const words = plainText(condition);
    if (to !== '') this.#dependsOn.set(to, { to, type: known, ...(words !== '' && { condition: words }) });
  }

  /** For tools that write `blocked` because of dependencies: here it follows from them, and ends with them. */
  blockedFollows(): void {
    if (this.#columns.status !== 'blocked' || this.#dependsOn.size === 0) return;
    this.#columns.status = 'pending';
    this.note('status', 'blocked, with dependencies: pending, as waiting follows from the dependencies here');
  }

  link(externalId: unknown, type: LinkType): void {
    const to = plainText(externalId).trim();
    if (to !== '' && !this.#links.some((link) => link.to === to && link.type === type)) this.#links.push({ to, type });
  }

  /** A place in the code; what is none is kept as words. */
  place(value: unknown, context?: string): void {
    const text = plainText(value).trim();
    if (text === '') return;
    const place = this.#try('file_refs', value, () => parsePlace(text), 'files');
    if (place) this.#places.push({ ...place, ...(context && { context }) });
  }

  event(event: ExternalEvent): void {
    if (event.content.trim() !== '') this.#events.push({ ...event, content: event.content.replace(/\0/g, '') });
  }

  participant(participant: ExternalParticipant): void {
    this.#participants.push(participant);
  }

  /** The task, added to what was read. */
  finish(preferredId?: string): void {
    const { id: _id, ...custom } = this.#custom;
    this.#readings.add({
      externalId: this.#externalId,
      where: this.where,
      ...(preferredId !== undefined && /^[0-9a-f]{8}$/.test(preferredId) && { preferredId }),
      columns: this.#columns,
      birth: this.#birth,
      custom,
      ...(this.#parent !== undefined && { parent: this.#parent }),
      dependsOn: [...this.#dependsOn.values()],
      links: this.#links,
      places: this.#places,
      events: this.#events,
      participants: this.#participants,
    });
  }

  #put(column: string, value: Cell): void {
    (BIRTH.has(column) ? this.#birth : this.#columns)[column] = value;
  }

  #try<T>(field: string, value: unknown, read: () => T, keptAs = field): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
      this.#invalid(field, value, error.message, keptAs);
      return undefined;
    }
  }

  #invalid(field: string, value: unknown, message: string, keptAs = field): void {
    if (this.#strict) {
      this.refuse(
        field,
        message.startsWith('“') || message.includes('“') ? message : `“${plainText(value)}” ${message}.`,
      );
      return;
    }
    const kept = this.#custom[keptAs];
    const words = value instanceof Date ? value.toISOString() : value;
    this.#custom[keptAs] = kept === undefined ? words : [...(Array.isArray(kept) ? kept : [kept]), words];
    this.note(field, `has no meaning here: kept as the custom field ${keptAs}`);
  }
}

/** Columns that say how a task came to be. */
const BIRTH: ReadonlySet<string> = new Set(['number', 'created_at', 'created_by', 'updated_at', 'updated_by']);

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0;
}

/** Words as words, numbers and truths as they are written; lists and objects as JSON. */
export function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
