import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import type { ForecastWatch } from '../../app/planning/forecast/forecast.js';
import type { ForecastInput } from '../../app/planning/forecast/forecastInputs.js';
import { FORECAST_SCHEME } from '../manifest.js';
import { cancellable } from '../status/cancellable.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import { ResultDocuments } from './resultDocuments.js';

type Target = Pick<ForecastInput, 'task' | 'milestone' | 'query'>;

/** What a document is about. */
interface Subject extends Target {
  readonly folder: string;
  readonly workers: number;
}

interface TargetItem extends vscode.QuickPickItem {
  readonly target: Target | 'query';
}

/** Forecasts: `task-forecast:/Forecast of T-4.md?{folder,task,workers}`. */
export class ForecastDocuments extends ResultDocuments<Subject> {
  #workers = 1;

  constructor(folders: PlanFolders) {
    super(folders, FORECAST_SCHEME);
  }

  /** Asks what it is about and how many work on it, and shows when it is done; that can be cancelled. */
  async ask(folder: PlanFolder, task?: string): Promise<void> {
    const plan = await folder.load();
    const target = task === undefined ? await askTarget(plan) : { task };
    const workers = target && (await askWorkers(this.#workers));
    if (!target || workers === undefined) return;
    this.#workers = workers;
    let before = 0;
    const text = await cancellable(vscode.l10n.t('Forecasting'), ({ signal, report }) =>
      told(
        plan,
        { ...target, workers },
        {
          signal,
          onProgress: (done, total) => {
            report({ increment: (100 * (done - before)) / total, message: `${done}/${total}` });
            before = done;
          },
        },
      ),
    );
    if (text !== undefined) await this.show(titleOf(plan, target), { folder: folder.key, ...target, workers }, text);
  }

  protected subject(given: Partial<Subject>): Subject | undefined {
    return typeof given.workers === 'number' ? (given as Subject) : undefined;
  }

  protected nothing(): string {
    return vscode.l10n.t('This forecast is not of a plan.');
  }

  protected text(plan: Orchestrator, { folder: _, ...input }: Subject): Promise<string> {
    return told(plan, input, {});
  }
}

async function told(plan: Orchestrator, input: ForecastInput, watch: ForecastWatch): Promise<string> {
  const [{ Forecast }, { forecastMarkdown }] = await Promise.all([
    import('../../app/planning/forecast/forecast.js'),
    import('./forecastMarkdown.js'),
  ]);
  return forecastMarkdown(await new Forecast(plan.plan, plan.tasks).forecast(input, watch));
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
