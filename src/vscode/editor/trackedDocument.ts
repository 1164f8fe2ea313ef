import type * as vscode from 'vscode';
import type { LocatedReference, ReferenceMove } from '../../app/references/references.js';
import { shift } from '../../core/anchor/shift.js';
import type { PlanFolder } from '../workspace/planFolder.js';

/** A reference to lines of an open document, where they are at this moment. */
export interface LiveReference {
  readonly stored: LocatedReference;
  /** From 1. */
  line: number;
  endLine: number;
}

/** The references to one open document. They move with its edits, and are found by their anchors when it is opened. */
export class TrackedDocument {
  readonly document: vscode.TextDocument;
  readonly folder: PlanFolder;
  readonly path: string;
  #references: LiveReference[] = [];

  constructor(document: vscode.TextDocument, folder: PlanFolder, path: string) {
    this.document = document;
    this.folder = folder;
    this.path = path;
    this.locate();
  }

  get references(): readonly LiveReference[] {
    return this.#references;
  }

  /** Finds every reference anew in the document's present text. */
  locate(): void {
    const found = this.folder.plan?.references.inFile(this.path, linesOf(this.document)) ?? [];
    const known = new Map(this.#references.map((reference) => [reference.stored.id, reference]));
    this.#references = found.flatMap((stored): LiveReference[] => {
      if (stored.line === undefined || stored.missing) return [];
      const live = known.get(stored.id);
      // Unsaved edits have moved the lines: what the edits say is surer than what the anchor finds.
      if (live && this.document.isDirty) return [{ stored, line: live.line, endLine: live.endLine }];
      return [{ stored, line: stored.line, endLine: stored.endLine ?? stored.line }];
    });
  }

  /** Moves the references along with an edit. */
  follow(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    // VS Code gives the changes of one edit from the bottom up, so each is still right where it says.
    for (const change of [...changes].sort((a, b) => b.range.start.compareTo(a.range.start))) {
      const edit = {
        startLine: change.range.start.line + 1,
        startColumn: change.range.start.character,
        endLine: change.range.end.line + 1,
        insertedBreaks: change.text.split(/\r\n|\n|\r/).length - 1,
      };
      for (const reference of this.#references) Object.assign(reference, shift(reference, edit));
    }
  }

  /** Keeps in the store where the references of the saved document are. Those that were not found again stay as they are. */
  async save(): Promise<void> {
    const { plan } = this.folder;
    if (!plan) return;
    const text = linesOf(this.document);
    const moves: ReferenceMove[] = this.#references
      .filter(({ stored }) => stored.state !== 'changed')
      .map(({ stored, line, endLine }) => ({ reference: stored.id, line, endLine: Math.min(endLine, text.length) }));
    await plan.references.follow(moves, text);
  }
}

function linesOf(document: vscode.TextDocument): readonly string[] {
  return Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line).text);
}
