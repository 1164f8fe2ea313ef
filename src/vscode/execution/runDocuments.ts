import * as vscode from 'vscode';
import type { ExecutionView } from '../../app/execution/executionInputs.js';
import { Executions } from '../../app/execution/executions.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { Disposable } from '../lifecycle.js';
import { RUN_SCHEME } from '../manifest.js';
import { endWords, tookWords } from '../tree/runItems.js';
import { dateTime } from '../words.js';
import type { PlanFolders } from '../workspace/planFolders.js';

/** What a document is about. */
interface Subject {
  readonly folder: string;
  readonly run: string;
}

/** Past runs as documents that can be read only: `task-run:/T-4 run 1a2b3c4d.txt?{folder,run}`. */
export class RunDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #folders: PlanFolders;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());

  readonly onDidChange = this.#changed.event;

  constructor(folders: PlanFolders) {
    super();
    this.#folders = folders;
    this.register(vscode.workspace.registerTextDocumentContentProvider(RUN_SCHEME, this));
  }

  /** Throws NOT_FOUND for a run that is gone. */
  async show(folder: string, run: string): Promise<void> {
    const plan = await this.#folders.require(folder).load();
    const { id, task } = new Executions(plan.plan).show({ run });
    const uri = vscode.Uri.from({
      scheme: RUN_SCHEME,
      path: `/${vscode.l10n.t('{0} run {1}', task.name, id)}.txt`,
      query: JSON.stringify({ folder, run: id } satisfies Subject),
    });
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { folder, run } = JSON.parse(uri.query) as Subject;
    try {
      const plan = await this.#folders.require(folder).load();
      return textOf(new Executions(plan.plan).show({ run }));
    } catch (error) {
      if (error instanceof OrchestratorError) return error.message;
      throw error;
    }
  }
}

function textOf(run: ExecutionView): string {
  const { t } = vscode.l10n;
  const cut = run.truncated ? t(' (cut)') : '';
  const folder = run.working_directory === '.' ? [] : [run.working_directory];
  const part = (title: string, text: string | null) => (text ? [`── ${title} ──`, text.replace(/\n$/, ''), ''] : []);
  return [
    `${run.task.name}  ${run.task.title}`,
    [run.language, endWords(run), tookWords(run)].filter((word) => word !== '').join(' · '),
    [dateTime(run.timestamp), run.executed_by, ...folder, t('sandbox: {0}', run.sandbox)].join(' · '),
    ...(run.packages.length > 0 ? [t('packages: {0}', run.packages.join(', '))] : []),
    '',
    ...part(t('Output') + cut, run.output),
    ...part(t('Error') + cut, run.error),
    ...part(t('Code'), run.code),
  ].join('\n');
}
