import * as vscode from 'vscode';
import { taskName } from '../../core/model/taskId.js';
import { Disposable } from '../lifecycle.js';
import type { LinkedName } from '../links/linkedNames.js';
import { DESCRIPTION_SCHEME, settings } from '../manifest.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';

/** Where a name of a task is a link. */
const LINKED = [{ scheme: 'file' }, { scheme: 'untitled' }, { scheme: 'vscode-scm' }, { scheme: DESCRIPTION_SCHEME }];
/** Where the message of a commit is written: the box of the source control view, and an editor for git. */
const MESSAGES = [{ language: 'scminput' }, { language: 'git-commit' }];

interface TaskTerminalLink extends vscode.TerminalLink {
  readonly name: LinkedName;
}

/**
 * Commits and the names of tasks in texts. What does the work is loaded when the first plan is open, or when it is asked
 * for: nothing of it is needed to start.
 */
export class GitParts extends Disposable {
  readonly #folders: PlanFolders;
  readonly #problems: Problems;
  #watching = false;

  constructor(folders: PlanFolders, problems: Problems) {
    super();
    this.#folders = folders;
    this.#problems = problems;
    const { languages, window } = vscode;
    const provideDocumentLinks = async (document: vscode.TextDocument) =>
      this.#hasPlan && settings.taskLinks(document.uri)
        ? (await import('./taskLinks.js')).documentLinks(document, folders)
        : [];
    this.register(languages.registerDocumentLinkProvider(LINKED, { provideDocumentLinks }));
    const provideCompletionItems = async (document: vscode.TextDocument, position: vscode.Position) =>
      this.#hasPlan ? (await import('./taskLinks.js')).completions(document, position, folders) : undefined;
    this.register(languages.registerCompletionItemProvider(MESSAGES, { provideCompletionItems }, '-'));
    const terminalLinks: vscode.TerminalLinkProvider<TaskTerminalLink> = {
      provideTerminalLinks: async ({ line, terminal }) => {
        // Most lines name none: what finds out which tasks there are need not be loaded for them.
        if (!this.#hasPlan || !/T-\d/.test(line) || !settings.taskLinks()) return [];
        const { terminalNames } = await import('./taskLinks.js');
        return terminalNames(line, terminal, folders).map((name) => ({
          startIndex: name.start,
          length: name.end - name.start,
          tooltip: vscode.l10n.t('Show {0} {1}', taskName(name.number), name.title),
          name,
        }));
      },
      handleTerminalLink: ({ name: { folder, task } }) => {
        void vscode.commands.executeCommand('taskOrchestrator.task.reveal', folder.key, task);
      },
    };
    this.register(window.registerTerminalLinkProvider(terminalLinks));
    this.register(folders.onDidChange(() => this.#watchCommits()));
    this.#watchCommits();
  }

  get #hasPlan(): boolean {
    return this.#folders.all.some(({ plan }) => plan !== undefined);
  }

  /** In a workspace that is not trusted, the editor runs no git, and no commit is made. */
  #watchCommits(): void {
    if (this.#watching || !vscode.workspace.isTrusted || !this.#hasPlan) return;
    this.#watching = true;
    void this.#start().catch((error: unknown) => this.#problems.log(error));
  }

  async #start(): Promise<void> {
    const { CommitWatcher } = await import('./commitWatcher.js');
    await this.register(new CommitWatcher(this.#folders, this.#problems)).start();
  }
}
