import type { ExternalTask } from './externalTask.js';

/** Something that could not be taken over as it was, and for how many tasks. */
export interface FidelityNote {
  readonly field: string;
  /** What became of it. */
  readonly says: string;
  readonly count: number;
  /** Where, for the first few. */
  readonly examples: readonly string[];
}

/** A mistake in a file; nothing of a file with mistakes is imported. */
export interface ReadingError {
  /** `row 3`, `line 12`. */
  readonly where: string;
  readonly field: string;
  readonly message: string;
}

const EXAMPLES = 3;

/** What is collected while a file is read: tasks, mistakes, and what could not be taken over as it was. */
export class Readings {
  readonly tasks: ExternalTask[] = [];
  readonly errors: ReadingError[] = [];
  readonly #notes = new Map<string, { field: string; says: string; count: number; examples: string[] }>();
  readonly #seen = new Map<string, string>();

  get notes(): readonly FidelityNote[] {
    return [...this.#notes.values()];
  }

  /** Adds a task; a second one of the same name is a mistake. */
  add(task: ExternalTask): void {
    const before = this.#seen.get(task.externalId);
    if (before !== undefined)
      this.refuse(task.where, 'id', `${task.externalId} stands in ${before} already: an id names one task.`);
    else {
      this.#seen.set(task.externalId, task.where);
      this.tasks.push(task);
    }
  }

  has(externalId: string): boolean {
    return this.#seen.has(externalId);
  }

  refuse(where: string, field: string, message: string): void {
    this.errors.push({ where, field, message });
  }

  /** The same once more, to go on with: work within a transaction can be repeated. */
  copy(): Readings {
    const copy = new Readings();
    copy.tasks.push(...this.tasks);
    copy.take(this.notes);
    return copy;
  }

  /** Takes over notes that were made elsewhere. */
  take(notes: readonly FidelityNote[]): void {
    for (const note of notes) this.#notes.set(`${note.field}\0${note.says}`, { ...note, examples: [...note.examples] });
  }

  note(field: string, says: string, where: string): void {
    const key = `${field}\0${says}`;
    const note = this.#notes.get(key) ?? { field, says, count: 0, examples: [] };
    note.count += 1;
    if (note.examples.length < EXAMPLES) note.examples.push(where);
    this.#notes.set(key, note);
  }
}
