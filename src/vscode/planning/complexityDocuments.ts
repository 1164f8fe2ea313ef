import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { COMPLEXITY_SCHEME } from '../manifest.js';
import { cancellable } from '../status/cancellable.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';
import { ResultDocuments } from './resultDocuments.js';

/** What a document is about. */
interface Subject {
  readonly folder: string;
  readonly task: string;
}

/** A place as the text writes it. */
const PLACE = /`([^`\n]+?)(?::(\d+))?`/g;

/** Complexity analyses: `task-complexity:/T-4 complexity.md?{folder,task}`. Places in code are links. */
export class ComplexityDocuments extends ResultDocuments<Subject> implements vscode.DocumentLinkProvider {
  constructor(folders: PlanFolders) {
    super(folders, COMPLEXITY_SCHEME);
    this.register(vscode.languages.registerDocumentLinkProvider({ scheme: COMPLEXITY_SCHEME }, this));
  }

  /** Analyses a task, which can be cancelled, and shows the result. */
  async analyse({ folder, task }: TaskAddress): Promise<void> {
    const { t } = vscode.l10n;
    const plan = await folder.load();
    const { name } = plan.tasks.get(task);
    const [{ openComplexity }, { complexityMarkdown }] = await Promise.all([
      import('./openComplexity.js'),
      import('./complexityMarkdown.js'),
    ]);
    const stages = { listing: t('listing files'), history: t('reading commits'), reading: t('reading imports') };
    const view = await cancellable(t('Analysing {0}', name), ({ signal, report }) =>
      openComplexity(plan, folder).analyse(
        { task, store: plan.plan.store.problem === undefined },
        {
          signal,
          onProgress: ({ stage, done, total }) =>
            report({ message: total === undefined ? stages[stage] : `${stages[stage]} ${done}/${total}` }),
        },
      ),
    );
    if (view) await this.show(t('{0} complexity', name), { folder: folder.key, task }, complexityMarkdown(view));
  }

  protected subject({ folder, task }: Partial<Subject>): Subject | undefined {
    return typeof folder === 'string' && typeof task === 'string' ? { folder, task } : undefined;
  }

  protected nothing(): string {
    return vscode.l10n.t('This analysis is not of a task.');
  }

  protected async text(plan: Orchestrator, { task }: Subject): Promise<string> {
    const { complexityMarkdown, keptView } = await import('./complexityMarkdown.js');
    const view = keptView(plan, task);
    return view ? complexityMarkdown(view) : vscode.l10n.t('This task was not analysed yet.');
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const subject = this.subjectOf(document.uri);
    const folder = subject && this.folders.byKey(subject.folder);
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
