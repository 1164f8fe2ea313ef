import * as z from 'zod';
import { type Located, makeAnchor, relocate } from '../../core/anchor/anchor.js';
import { NotFoundError } from '../../core/model/errors.js';
import { type CodePlace, type FileReference, formatPlace } from '../../core/model/fileReference.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import {
  readAllReferences,
  readReference,
  readReferences,
  readReferencesTo,
} from '../../store/repositories/referenceRows.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import { type Input, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { codePlace, taskAddress } from '../tasks/taskInputs.js';
import type { FileReferenceView } from '../tasks/taskView.js';

export const addReferenceInput = schema(() =>
  z.object({
    task: taskAddress(),
    place: codePlace(),
    context: z.string().trim().max(1000).optional().describe('Why this place matters'),
  }),
);

export const removeReferenceInput = schema(() =>
  z.object({
    task: taskAddress(),
    reference: z
      .string()
      .describe('The reference: its id, its place as path:line, or its path if the task has one only'),
  }),
);

export type AddReferenceInput = Input<typeof addReferenceInput>;
export type RemoveReferenceInput = Input<typeof removeReferenceInput>;

/** Where a reference stands in a file as it is now. */
export type LocatedReference = FileReference & Omit<FileReferenceView, 'id' | 'path' | 'context'>;

/** A reference's new place, as an editor that followed the edits knows it. */
export interface ReferenceMove {
  readonly reference: string;
  readonly line: number;
  readonly endLine: number;
}

/** The places in the code that tasks refer to. */
export class References {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** A task's references, each with where it is now. */
  of(task: TaskId): FileReferenceView[] {
    return readReferences(this.#plan.store, task).map((reference) => this.#view(reference));
  }

  /** The same for many tasks, read at once. */
  ofAll(): (task: TaskId) => FileReferenceView[] {
    const all = readAllReferences(this.#plan.store);
    return (task) => (all.get(task) ?? []).map((reference) => this.#view(reference));
  }

  #view(reference: FileReference): FileReferenceView {
    const { task: _task, anchor: _anchor, ...view } = this.locate(reference);
    return view;
  }

  /** How many references a task has. */
  count(task: TaskId): number {
    const row = this.#plan.store.get<{ n: number }>('SELECT count(*) AS n FROM file_refs WHERE task_id = ?', [task]);
    return row?.n ?? 0;
  }

  /** Throws NOT_FOUND. */
  get(id: string): FileReference {
    const reference = readReference(this.#plan.store, id);
    if (!reference) throw new NotFoundError(`Reference ${id} not found; it may have been removed.`, { reference: id });
    return reference;
  }

  /** Where a reference is now; `text` is the file's content if the caller has a newer one than the disk. */
  locate(reference: FileReference, text = this.#plan.world.files.readLines(reference.path)): LocatedReference {
    if (reference.line === undefined) {
      const missing = text === undefined && !this.#plan.world.files.exists(reference.path);
      return { ...reference, state: missing ? 'lost' : 'exact', missing };
    }
    if (!text) return { ...reference, state: 'lost', missing: true };
    const range = { line: reference.line, endLine: reference.endLine ?? reference.line };
    return place(reference, relocate(text, reference.anchor, range));
  }

  /** Every reference to one file, with where it is in `text`. */
  inFile(path: string, text: readonly string[]): LocatedReference[] {
    return readReferencesTo(this.#plan.store, path).map((reference) => this.locate(reference, text));
  }

  /** Adds a reference; one that is there already stays as it is. Throws INVALID_INPUT, NOT_FOUND. */
  async add(input: AddReferenceInput): Promise<FileReference> {
    const given = parseInput(addReferenceInput, input);
    const id = await this.#plan.commit('reference.add', (transaction) => {
      const task = resolveTask(transaction, given.task);
      return this.insert(transaction, task, given.place, given.context);
    });
    return this.get(id);
  }

  /**
   * Removes a reference named by its id, its place or its path. Returns the transaction too, for undoing just that.
   * Throws NOT_FOUND where that is none, or a path several.
   */
  async remove(input: RemoveReferenceInput): Promise<FileReference & { readonly seq: number }> {
    const given = parseInput(removeReferenceInput, input);
    return this.#plan.commit('reference.remove', (transaction) => {
      const task = resolveTask(transaction, given.task);
      const reference = findReference(readReferences(transaction, task), given.reference);
      if (!reference) {
        const { number } = this.#plan.graph.require(task).task;
        throw new NotFoundError(
          `${taskName(number)} has no reference “${given.reference}”. Name it by its id or as path:line.`,
        );
      }
      transaction.delete('file_refs', [reference.id]);
      return { ...reference, seq: transaction.seq };
    });
  }

  /** Points a reference at another place. */
  async relink(id: string, to: Input<typeof codePlace>): Promise<FileReference> {
    const target = parseInput(codePlace, to);
    await this.#plan.commit('reference.relink', (transaction) => {
      const reference = readReference(transaction, id);
      if (!reference)
        throw new NotFoundError(`Reference ${id} not found; it may have been removed.`, { reference: id });
      transaction.update('file_refs', [id], placeColumns(target, this.#anchorOf(target)));
    });
    return this.get(id);
  }

  /** Follows a file, or a folder with everything in it, to another path; nothing happens where no task refers to it. */
  async rename(from: string, to: string): Promise<void> {
    const inFolder = `${from}/`;
    const rows = (reader: RowReader) =>
      reader.all<{ uid: string; path: string }>(
        'SELECT uid, file_path AS path FROM file_refs WHERE file_path = ? OR substr(file_path, 1, ?) = ?',
        [from, inFolder.length, inFolder],
      );
    if (rows(this.#plan.store).length === 0) return;
    await this.#plan.commit('reference.rename', (transaction) => {
      for (const { uid, path } of rows(transaction)) {
        transaction.update('file_refs', [uid], { file_path: to + path.slice(from.length) });
      }
    });
  }

  /** Keeps where the references of a saved file have gone, with new anchors. Those that are gone meanwhile are left out. */
  async follow(moves: readonly ReferenceMove[], text: readonly string[]): Promise<void> {
    if (moves.length === 0) return;
    await this.#plan.commit('reference.follow', (transaction) => {
      for (const { reference: id, line, endLine } of moves) {
        const reference = readReference(transaction, id);
        if (!reference) continue;
        const target = {
          path: reference.path,
          line,
          ...(reference.endLine !== undefined || endLine > line ? { endLine } : {}),
        };
        transaction.update('file_refs', [id], placeColumns(target, makeAnchor(text, { line, endLine })));
      }
    });
  }

  /** Adds a reference within a transaction; the id of the one that is there already if there is one. */
  insert(transaction: Transaction, task: TaskId, target: CodePlace, context?: string): string {
    const existing = readReferences(transaction, task).find((other) => formatPlace(other) === formatPlace(target));
    if (existing) return existing.id;
    let id = this.#plan.world.ids.next();
    while (readReference(transaction, id)) id = this.#plan.world.ids.next();
    transaction.insert('file_refs', {
      uid: id,
      task_id: task,
      ...withoutNull(placeColumns(target, this.#anchorOf(target))),
      ...(context && { context }),
    });
    return id;
  }

  /**
   * Points a reference at another place within a transaction; one that stands there and recognises its lines is left as it
   * is, as is one that is gone. True where it was moved.
   */
  move(transaction: Transaction, id: string, target: CodePlace): boolean {
    const reference = readReference(transaction, id);
    if (!reference) return false;
    const moved = formatPlace(reference) !== formatPlace(target);
    if (!moved && this.locate(reference).state === 'exact') return false;
    transaction.update('file_refs', [id], placeColumns(target, this.#anchorOf(target)));
    return moved;
  }

  /** Undefined where the lines do not exist (yet). */
  #anchorOf({ path, line, endLine }: CodePlace): string | undefined {
    if (line === undefined) return undefined;
    const text = this.#plan.world.files.readLines(path);
    if (!text || line > text.length) return undefined;
    return makeAnchor(text, { line, endLine: Math.min(endLine ?? line, text.length) });
  }
}

function place(reference: FileReference, located: Located): LocatedReference {
  const { state, line, endLine } = located;
  if (state === 'lost') return { ...reference, state, missing: true };
  return {
    ...reference,
    state,
    missing: false,
    line,
    ...(reference.endLine !== undefined || endLine > line ? { endLine } : {}),
  };
}

function placeColumns({ path, line, endLine }: CodePlace, anchor: string | undefined) {
  return { file_path: path, line_start: line ?? null, line_end: endLine ?? null, anchor: anchor ?? null };
}

function withoutNull<T extends Record<string, string | number | null>>(row: T): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(row).filter((entry): entry is [string, string | number] => entry[1] !== null),
  );
}

function findReference(references: readonly FileReference[], name: string): FileReference | undefined {
  const exact = references.find(
    (reference) => reference.id === name || formatPlace(reference) === name.replace(/:(\d+):(\d+)$/, ':$1-$2'),
  );
  if (exact) return exact;
  const byPath = references.filter((reference) => reference.path === name);
  return byPath.length === 1 ? byPath[0] : undefined;
}
