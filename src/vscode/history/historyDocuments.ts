import * as vscode from 'vscode';
import { transactionText } from '../../app/history/transactionText.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { Disposable } from '../lifecycle.js';
import { HISTORY_SCHEME } from '../manifest.js';
import { ago, clockTime } from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';

/** Transactions in a plan's history, and in a task's. */
const PLAN_LIMIT = 200;
const TASK_LIMIT = 1_000;
/** Changes are gathered for this long before an open history is made anew (ms). */
const PAUSE = 80;
/** How often "5 min ago" moves on (ms). */
const MINUTE = 60_000;

/** What a history is about. */
interface Subject {
  readonly folder: string;
  /** Absent for the whole plan's. */
  readonly task?: string;
}

/**
 * Who changed what, the newest first, as plain read-only text: `task-history:/T-4 history?{folder,task}`. What is open
 * follows the plan.
 */
export class HistoryDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #folders: PlanFolders;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly #stale = new Map<string, vscode.Uri>();
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(folders: PlanFolders) {
    super();
    this.#folders = folders;
    this.register(vscode.workspace.registerTextDocumentContentProvider(HISTORY_SCHEME, this));
    this.register(
      folders.onDidChange(({ folder, change }) =>
        this.#outdate(
          (subject) =>
            folder === undefined ||
            (subject.folder === folder.key &&
              (subject.task === undefined || change === undefined || change.tasks.has(subject.task))),
        ),
      ),
    );
    const clock = setInterval(() => this.#outdate(() => true), MINUTE);
    this.register(new vscode.Disposable(() => clearInterval(clock)));
    this.register(new vscode.Disposable(() => clearTimeout(this.#timer)));
  }

  async open({ folder, task }: TaskAddress): Promise<void> {
    const { name } = (await folder.load()).tasks.get(task);
    await this.#show(vscode.l10n.t('{0} history', name), { folder: folder.key, task });
  }

  async openPlan(folder: PlanFolder): Promise<void> {
    const title =
      this.#folders.all.length > 1 ? vscode.l10n.t('Plan history of {0}', folder.name) : vscode.l10n.t('Plan history');
    await this.#show(title, { folder: folder.key });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { t } = vscode.l10n;
    try {
      const subject = subjectOf(uri);
      if (!subject) return t('This history is not of a plan.');
      const { history } = await this.#folders.require(subject.folder).load();
      const limit = subject.task === undefined ? PLAN_LIMIT : TASK_LIMIT;
      const { transactions, truncated } = history.log({ task: subject.task, limit });
      if (transactions.length === 0) return t('Nothing was changed yet.');
      const when = (at: string) => `${ago(at)} (${clockTime(at)})`;
      const blocks = transactions.map((entry) => transactionText(entry, { when, note: t('(undone)') }));
      if (truncated) blocks.push(t('What was before is told by “tm log --limit”.'));
      return `${blocks.join('\n\n')}\n`;
    } catch (error) {
      if (error instanceof OrchestratorError) return error.message;
      throw error;
    }
  }

  async #show(title: string, subject: Subject): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: HISTORY_SCHEME,
      path: `/${title.replaceAll('/', '∕')}`,
      query: JSON.stringify(subject),
    });
    await vscode.window.showTextDocument(uri);
  }

  #outdate(isStale: (subject: Subject) => boolean): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      const subject = uri.scheme === HISTORY_SCHEME ? subjectOf(uri) : undefined;
      if (subject && isStale(subject)) this.#stale.set(uri.toString(), uri);
    }
    if (this.#stale.size > 0) this.#timer ??= setTimeout(() => this.#tell(), PAUSE);
  }

  #tell(): void {
    this.#timer = undefined;
    for (const uri of this.#stale.values()) this.#changed.fire(uri);
    this.#stale.clear();
  }
}

function subjectOf(uri: vscode.Uri): Subject | undefined {
  try {
    const { folder, task } = JSON.parse(uri.query) as Partial<Subject>;
    if (typeof folder !== 'string') return undefined;
    return typeof task === 'string' ? { folder, task } : { folder };
  } catch {
    return undefined;
  }
}
