import type { EventType, EventView, ParticipantView } from './collaborationInputs.js';

/** What a context file is written from. */
export interface FileContent {
  readonly task: string;
  readonly name: string;
  readonly title: string;
  readonly created: string;
  readonly participants: readonly ParticipantView[];
  /** In their order. */
  readonly events: readonly EventView[];
  /** Whose notes; absent for the shared context. */
  readonly notesOf?: string;
}

/** What somebody did to a file. */
export interface FileEdits {
  /** Entries that are new, in their order. */
  readonly added: readonly { readonly type: EventType; readonly text: string }[];
  /** What was changed that cannot be, in words. */
  readonly refused: readonly string[];
}

/** How a context file is written, and how what was done to it is read. */
export interface FileFormat {
  /** The lines above the body; `line` is the header's. */
  heading(content: FileContent, line: string): string;
  body(content: FileContent): string;
  /** The part of the content that is no event, as it stands in the body. */
  head(content: FileContent): string;
  /**
   * What a body says that the events do not. `expected` are the events that were in it when it was written. Throws an
   * Error that says where a body cannot be read.
   */
  edits(body: string, content: FileContent, expected: readonly EventView[]): FileEdits & { readonly head: string };
}

/** Tells what became of the events that a file held, and keeps what is new. */
export class EditCollector {
  readonly added: { type: EventType; text: string }[] = [];
  readonly refused: string[] = [];
  readonly #known: ReadonlyMap<string, EventView>;
  readonly #missing: Map<string, EventView>;

  constructor(content: FileContent, expected: readonly EventView[]) {
    this.#known = new Map(content.events.map((event) => [event.id, event]));
    this.#missing = new Map(expected.map((event) => [event.id, event]));
  }

  /** An entry that carries an id: as it is in the store, or not. */
  meet(id: string, isSame: (event: EventView) => boolean): void {
    const event = this.#known.get(id);
    this.#missing.delete(id);
    if (!event) this.refused.push(`there is no entry ${id}`);
    else if (!isSame(event)) this.refused.push(`entry ${id} was changed`);
  }

  finish(): void {
    for (const id of this.#missing.keys()) this.refused.push(`entry ${id} was removed`);
  }
}

/** The text as editors leave it alone: without line ends' variants and blanks at ends. */
export function settled(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
