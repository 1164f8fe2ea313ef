import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import type { ForecastInput, ForecastView } from '../../app/planning/forecast/forecastInputs.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { Disposable } from '../lifecycle.js';
import { FORECAST_SCHEME } from '../manifest.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';

type Target = Pick<ForecastInput, 'task' | 'milestone' | 'query'>;

/** What a document is about. */
interface Subject extends Target {
  readonly folder: string;
  readonly workers: number;
}

interface TargetItem extends vscode.QuickPickItem {
  readonly target: Target | 'query';
}

/** Forecasts as Markdown that can be read only: `task-forecast:/Forecast of T-4.md?{folder,task,workers}`. */
export class ForecastDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #folders: PlanFolders;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  /** What was told last; a document that a window opens again is told anew. */
  readonly #told = new Map<string, string>();
  #workers = 1;

  readonly onDidChange = this.#changed.event;

  constructor(folders: PlanFolders) {
    super();
    this.#folders = folders;
    this.register(vscode.workspace.registerTextDocumentContentProvider(FORECAST_SCHEME, this));
  }

  /** Asks what it is about and how many work on it, and shows when it is done; that can be cancelled. */
  async ask(folder: PlanFolder, task?: string): Promise<void> {
    const plan = await folder.load();
    const target = task === undefined ? await askTarget(plan) : { task };
    const workers = target && (await askWorkers(this.#workers));
    if (!target || workers === undefined) return;
    this.#workers = workers;
    const text = await watched((watch) => told(plan, { ...target, workers }, watch));
    if (text === undefined) return;
    const subject: Subject = { folder: folder.key, ...target, workers };
    const uri = vscode.Uri.from({
      scheme: FORECAST_SCHEME,
      path: `/${titleOf(plan, target).replaceAll('/', '∕')}.md`,
      query: JSON.stringify(subject),
    });
    this.#told.set(uri.toString(), text);
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const known = this.#told.get(uri.toString());
    if (known !== undefined) return known;
    try {
      const subject = subjectOf(uri);
      if (!subject) return vscode.l10n.t('This forecast is not of a plan.');
      const { folder, ...input } = subject;
      return await told(await this.#folders.require(folder).load(), input, {});
    } catch (error) {
      if (error instanceof OrchestratorError) return error.message;
      throw error;
    }
  }
}

type Watch = { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void };

async function told(plan: Orchestrator, input: ForecastInput, watch: Watch): Promise<string> {
  const [{ Forecast }, { forecastMarkdown }] = await Promise.all([
    import('../../app/planning/forecast/forecast.js'),
    import('./forecastMarkdown.js'),
  ]);
  const view: ForecastView = await new Forecast(plan.plan, plan.tasks).forecast(input, watch);
  return forecastMarkdown(view);
}

/** Runs the work with a progress that can be cancelled; undefined where it was. */
async function watched<T>(work: (watch: Watch) => Promise<T>): Promise<T | undefined> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Forecasting'), cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const cancelling = token.onCancellationRequested(() => abort.abort());
      let before = 0;
      try {
        return await work({
          signal: abort.signal,
          onProgress: (done, total) => {
            progress.report({ increment: (100 * (done - before)) / total, message: `${done}/${total}` });
            before = done;
          },
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

async function askTarget(plan: Orchestrator): Promise<Target | undefined> {
  const { t } = vscode.l10n;
  const open = plan.tasks.select('status:open').map(({ id }) => plan.plan.graph.require(id).task);
  const milestones = [...new Set(open.flatMap(({ milestone }) => milestone ?? []))].sort();
  const items: TargetItem[] = [
    { label: `$(list-tree) ${t('The whole plan')}`, target: {} },
    ...milestones.map((milestone) => ({
      label: `$(milestone) ${milestone}`,
      description: t('milestone'),
      target: { milestone },
    })),
    { label: `$(filter) ${t('What a filter admits…')}`, target: 'query' },
    ...open.map(({ id, number, title }) => ({ label: `T-${number}  ${title}`, target: { task: id } })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('What to forecast: the plan, a milestone, or a task with all that it waits for'),
    matchOnDescription: true,
  });
  if (picked?.target !== 'query') return picked?.target;
  const query = await vscode.window.showInputBox({ prompt: t('Filter, such as tag:api milestone:beta') });
  return query === undefined ? undefined : { query };
}

async function askWorkers(before: number): Promise<number | undefined> {
  const { t } = vscode.l10n;
  const text = await vscode.window.showInputBox({
    prompt: t('How many tasks are worked on at once?'),
    value: String(before),
    validateInput: (given) => (isWorkers(given) ? undefined : t('Give a whole number from 1 to 1000.')),
  });
  return text === undefined || !isWorkers(text) ? undefined : Number(text);
}

function isWorkers(text: string): boolean {
  return /^\d{1,4}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 1000;
}

function titleOf(plan: Orchestrator, { task, milestone, query }: Target): string {
  const { t } = vscode.l10n;
  if (task !== undefined) return t('Forecast of {0}', plan.tasks.get(task).name);
  if (milestone !== undefined || query !== undefined) return t('Forecast of {0}', milestone ?? query ?? '');
  return t('Forecast of the plan');
}

function subjectOf(uri: vscode.Uri): Subject | undefined {
  try {
    const subject = JSON.parse(uri.query) as Partial<Subject>;
    return typeof subject.folder === 'string' && typeof subject.workers === 'number' ? (subject as Subject) : undefined;
  } catch {
    return undefined;
  }
}
