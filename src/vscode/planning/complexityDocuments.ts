import * as vscode from 'vscode';
import type { Complexity } from '../../app/planning/complexity/complexity.js';
import type { ComplexityView } from '../../app/planning/complexity/complexityInputs.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { Disposable } from '../lifecycle.js';
import { COMPLEXITY_SCHEME } from '../manifest.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';

/** What a document is about. */
interface Subject {
  readonly folder: string;
  readonly task: string;
}

/** A place as the text writes it. */
const PLACE = /`([^`\n]+?)(?::(\d+))?`/g;

/**
 * Complexity analyses as Markdown that can be read only: `task-complexity:/T-4 complexity.md?{folder,task}`. Places in
 * code are links.
 */
export class ComplexityDocuments
  extends Disposable
  implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider
{
  readonly #folders: PlanFolders;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  /** What was found last, whether it is kept or not. */
  readonly #found = new Map<string, ComplexityView>();

  readonly onDidChange = this.#changed.event;

  constructor(folders: PlanFolders) {
    super();
    this.#folders = folders;
    this.register(vscode.workspace.registerTextDocumentContentProvider(COMPLEXITY_SCHEME, this));
    this.register(vscode.languages.registerDocumentLinkProvider({ scheme: COMPLEXITY_SCHEME }, this));
  }

  /** Analyses a task, which can be cancelled, and shows the result. */
  async analyse({ folder, task }: TaskAddress): Promise<void> {
    const plan = await folder.load();
    const { name } = plan.tasks.get(task);
    const { openComplexity } = await import('./openComplexity.js');
    const view = await watched(vscode.l10n.t('Analysing {0}', name), (watch) =>
      openComplexity(plan, folder).analyse({ task, store: plan.plan.store.problem === undefined }, watch),
    );
    if (!view) return;
    const uri = vscode.Uri.from({
      scheme: COMPLEXITY_SCHEME,
      path: `/${vscode.l10n.t('{0} complexity', name)}.md`,
      query: JSON.stringify({ folder: folder.key, task } satisfies Subject),
    });
    this.#found.set(uri.toString(), view);
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { t } = vscode.l10n;
    const subject = subjectOf(uri);
    if (!subject) return t('This analysis is not of a task.');
    const { complexityMarkdown, keptView } = await import('./complexityMarkdown.js');
    try {
      const plan = await this.#folders.require(subject.folder).load();
      const view = this.#found.get(uri.toString()) ?? keptView(plan, subject.task);
      return view ? complexityMarkdown(view) : t('This task was not analysed yet.');
    } catch (error) {
      if (error instanceof OrchestratorError) return error.message;
      throw error;
    }
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const subject = subjectOf(document.uri);
    const folder = subject && this.#folders.byKey(subject.folder);
    if (!folder) return [];
    return [...document.getText().matchAll(PLACE)].map((match) => {
      const [, path = '', line] = match;
      const start = match.index + 1;
      const range = new vscode.Range(
        document.positionAt(start),
        document.positionAt(match.index + match[0].length - 1),
      );
      return new vscode.DocumentLink(
        range,
        folder.uriOf(path).with(line === undefined ? {} : { fragment: `L${line}` }),
      );
    });
  }
}

/** Runs the work with a progress that can be cancelled; undefined where it was. */
async function watched<T>(
  title: string,
  work: (watch: Parameters<Complexity['analyse']>[1]) => Promise<T>,
): Promise<T | undefined> {
  const { t } = vscode.l10n;
  const stages = { listing: t('listing files'), history: t('reading commits'), reading: t('reading imports') };
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const cancelling = token.onCancellationRequested(() => abort.abort());
      try {
        return await work({
          signal: abort.signal,
          onProgress: ({ stage, done, total }) =>
            progress.report({ message: total === undefined ? stages[stage] : `${stages[stage]} ${done}/${total}` }),
        });
      } catch (error) {
        if (abort.signal.aborted) return undefined;
        throw error;
      } finally {
        cancelling.dispose();
      }
    },
  );
}

function subjectOf(uri: vscode.Uri): Subject | undefined {
  try {
    const { folder, task } = JSON.parse(uri.query) as Partial<Subject>;
    return typeof folder === 'string' && typeof task === 'string' ? { folder, task } : undefined;
  } catch {
    return undefined;
  }
}
