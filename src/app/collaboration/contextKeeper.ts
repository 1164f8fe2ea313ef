import { type TaskId, taskName } from '../../core/model/taskId.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import type { Plan } from '../plan.js';
import { Collaboration } from './collaboration.js';
import { checkText, type EventType } from './collaborationInputs.js';
import { type ContextFile, fingerprint } from './contextPaths.js';
import { isoTime, readNotes, readParticipants, readShared } from './eventRows.js';
import type { FileContent, FileEdits, FileFormat } from './fileFormat.js';
import { bodyFingerprint, headerLine, type ReadFile, readHeader } from './fileHeader.js';
import { keepBeside } from './keepBeside.js';
import { privateNotesFile } from './privateNotesFile.js';
import { sharedContextFile } from './sharedContextFile.js';

/** What was done about the files, for whoever acts. */
export interface KeptFiles {
  readonly messages: readonly string[];
}

/**
 * Keeps files beside the store in step with it: takes over what somebody entered in them, in the actor's name, and writes
 * those anew that are behind. Nothing that was written by hand is lost: what cannot be taken over is kept beside, in a
 * file that ends in `.edited`.
 */
export class ContextKeeper {
  readonly #plan: Plan;
  readonly #messages: string[] = [];
  /** Edited files whose edits are in the store by now, as they were then. */
  readonly #taken = new Map<string, string>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /**
   * `create`: also those that are not there; a file of somebody else's making in their place is kept beside. Without
   * `takeOver`, those that somebody edited are left as they are.
   */
  async keep(files: readonly ContextFile[], { create = false, takeOver = true } = {}): Promise<KeptFiles> {
    // Files beside an encrypted store would be readable copies of what is encrypted: those that are there stay as they are.
    if (this.#plan.store.vault.isOn)
      return {
        messages: create ? ['This store is encrypted: no readable files of contexts and notes are written.'] : [],
      };
    const behind = files.filter((file) => this.#needsWork(file, create) && (takeOver || !this.#read(file)?.isEdited));
    if (behind.length === 0) return { messages: [] };
    if (behind.some((file) => this.#read(file)?.isEdited)) {
      await this.#plan.commit('collaboration.edit', (transaction) => {
        this.#messages.length = 0;
        this.#taken.clear();
        for (const file of behind) this.#takeOver(transaction, file);
      });
    }
    // In the order of the commits, so that of several writers the last one leaves the newest state.
    await this.#plan.commit('collaboration.files', (transaction) => {
      for (const file of behind) this.#write(transaction, file, create);
    });
    return { messages: this.#messages };
  }

  /** What is in a file that the store does not have yet; asked by those who only read. */
  isEdited(file: ContextFile): boolean {
    return this.#read(file)?.isEdited ?? false;
  }

  #needsWork(file: ContextFile, create: boolean): boolean {
    const text = this.#plan.world.folder.read(file.path);
    if (text === undefined) return create;
    const read = readHeader(text);
    if (!read) return create;
    const content = contentOf(this.#plan.store, file);
    return content !== undefined && (read.isEdited || read.header.state !== stateOf(content));
  }

  #read(file: ContextFile): ReadFile | undefined {
    const text = this.#plan.world.folder.read(file.path);
    return text === undefined ? undefined : readHeader(text);
  }

  /** Enters what is new in an edited file. */
  #takeOver(transaction: Transaction, file: ContextFile): void {
    const read = this.#read(file);
    const content = contentOf(transaction, file);
    if (!read?.isEdited || !content) return;
    const edits = this.#edits(read, file, content);
    if (!edits) return;
    const refused = [...edits.refused];
    const taken = edits.added.filter(({ type, text }, at) => {
      try {
        return this.#enter(
          transaction,
          { task: file.task, type, text: checkText(text) },
          `${fingerprint(read.text)}.${at}`,
        );
      } catch (error) {
        refused.push((error as Error).message);
        return false;
      }
    }).length;
    if (taken > 0)
      this.#messages.push(
        `${file.path}: ${taken === 1 ? 'one new entry' : `${taken} new entries`} taken over in the name of ${transaction.actor}.`,
      );
    if (refused.length > 0) {
      const kept = keepBeside(this.#plan.world.folder, file.path, read.text);
      this.#messages.push(`${file.path}: ${refused.join('; ')}. Your version is kept as ${kept}.`);
    }
    this.#taken.set(file.path, read.text);
  }

  /** False where this entry of this very text was entered already: by somebody who did not come to write the file anew. */
  #enter(transaction: Transaction, event: { task: TaskId; type: EventType; text: string }, name: string): boolean {
    const request = `file:${name}`;
    const isThere = transaction.get('SELECT 1 FROM collaboration_events WHERE task_id = ? AND request_id = ?', [
      event.task,
      `${event.type}:${request}`,
    ]);
    if (!isThere) new Collaboration(this.#plan).enter(transaction, event, request);
    return !isThere;
  }

  #edits(read: ReadFile, file: ContextFile, content: FileContent): FileEdits | undefined {
    const format = formatOf(file);
    const last = content.events.findIndex((event) => event.id === read.header.event);
    try {
      const { head, ...edits } = format.edits(read.body, content, content.events.slice(0, last + 1));
      if (fingerprint(head) === read.header.head) return edits;
      return { ...edits, refused: [...edits.refused, 'what stands above the entries was changed'] };
    } catch (error) {
      this.#messages.push(
        `${file.path} cannot be read and stays as it is: ${(error as Error).message}. Mend it, or remove it.`,
      );
      return undefined;
    }
  }

  #write(transaction: Transaction, file: ContextFile, create: boolean): void {
    const { folder } = this.#plan.world;
    const content = contentOf(transaction, file);
    if (!content) return;
    const text = folder.read(file.path);
    const read = text === undefined ? undefined : readHeader(text);
    // Edited since it was looked at, or not to be read: the next time.
    if (read?.isEdited && this.#taken.get(file.path) !== text) return;
    if (text === undefined && !create) return;
    if (text !== undefined && !read) {
      if (!create) return;
      const kept = keepBeside(folder, file.path, text);
      this.#messages.push(`${file.path} was not written by tm. It is kept as ${kept}.`);
    }
    if (read && !read.isEdited && read.header.state === stateOf(content)) return;
    folder.write(file.path, textOf(file, content));
  }
}

function formatOf({ notesOf }: ContextFile): FileFormat {
  return notesOf === undefined ? sharedContextFile : privateNotesFile;
}

/** What a file is to hold; undefined where its task is gone. */
function contentOf(store: RowReader, { task, notesOf }: ContextFile): FileContent | undefined {
  const row = store.get<{ number: number; title: string; created: string }>(
    'SELECT number, title, created_at AS created FROM tasks WHERE id = ?',
    [task],
  );
  if (!row) return undefined;
  const content = { task, name: taskName(row.number), title: row.title, created: isoTime(row.created) };
  return notesOf === undefined
    ? { ...content, participants: readParticipants(store, task), events: readShared(store, task) }
    : { ...content, participants: [], events: readNotes(store, task, notesOf), notesOf };
}

function stateOf(content: FileContent): string {
  return fingerprint(JSON.stringify(content));
}

function textOf(file: ContextFile, content: FileContent): string {
  const format = formatOf(file);
  const body = format.body(content);
  const header = {
    event: content.events.at(-1)?.id ?? '',
    body: bodyFingerprint(body),
    state: stateOf(content),
    head: fingerprint(format.head(content)),
  };
  return `${format.heading(content, headerLine(header))}\n\n${body}`;
}
