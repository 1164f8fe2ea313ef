import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { Disposable } from '../lifecycle.js';
import type { PlanFolders } from '../workspace/planFolders.js';

/** What a document is about, as its address says. */
interface About {
  readonly folder: string;
}

/**
 * What was found out about a plan, as Markdown that can be read only: `SCHEME:/TITLE.md?SUBJECT`. A document that a window
 * opens again is made anew from its address.
 */
export abstract class ResultDocuments<Subject extends About>
  extends Disposable
  implements vscode.TextDocumentContentProvider
{
  protected readonly folders: PlanFolders;
  readonly #scheme: string;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  /** What was shown last, whether it is kept or not. */
  readonly #shown = new Map<string, string>();

  readonly onDidChange = this.#changed.event;

  constructor(folders: PlanFolders, scheme: string) {
    super();
    this.folders = folders;
    this.#scheme = scheme;
    this.register(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
  }

  /** Undefined where the address is of no such document. */
  protected abstract subject(given: Partial<Subject>): Subject | undefined;

  protected abstract text(plan: Orchestrator, subject: Subject): Promise<string>;

  /** What stands in a document that is about nothing. */
  protected abstract nothing(): string;

  protected async show(title: string, subject: Subject, text: string): Promise<void> {
    // A slash would be a folder.
    const path = `/${title.replaceAll('/', '∕')}.md`;
    const uri = vscode.Uri.from({ scheme: this.#scheme, path, query: JSON.stringify(subject) });
    this.#shown.set(uri.toString(), text);
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const known = this.#shown.get(uri.toString());
    if (known !== undefined) return known;
    const subject = this.subjectOf(uri);
    if (!subject) return this.nothing();
    try {
      return await this.text(await this.folders.require(subject.folder).load(), subject);
    } catch (error) {
      if (error instanceof OrchestratorError) return error.message;
      throw error;
    }
  }

  protected subjectOf(uri: vscode.Uri): Subject | undefined {
    try {
      const given = JSON.parse(uri.query) as Partial<Subject>;
      return typeof given.folder === 'string' ? this.subject(given) : undefined;
    } catch {
      return undefined;
    }
  }
}
