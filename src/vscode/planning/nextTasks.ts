import * as vscode from 'vscode';
import type { Choice, NextTask } from '../../app/planning/nextTask/nextTask.js';
import type { RankedTask } from '../../core/planning/nextTask/choose.js';
import { Disposable } from '../lifecycle.js';
import { setContext } from '../manifest.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';
import { Soon } from '../workspace/soon.js';

/** How long it is quiet before the ranking is made anew, and the most that a stream of changes puts it off (ms). */
const PAUSE = 300;
const LONGEST = 2_000;
/** As many as the view shows, and the list offers. */
const MOST = 5;

/** A ready task of the window, and the choice that it is from. */
export interface NextUp {
  readonly folder: PlanFolder;
  readonly ranked: RankedTask;
  readonly choice: Choice;
}

/**
 * The tasks to do next of all folders. Ranked a moment after the last change, never while something is typed or drawn:
 * what is asked for before that is answered by the last ranking.
 */
export class NextTasks extends Disposable {
  readonly #folders: PlanFolders;
  readonly #problems: Problems;
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly #choosers = new WeakMap<PlanFolder, NextTask>();
  #best: readonly NextUp[] = [];
  readonly #soon: Soon;

  readonly onDidChange = this.#changed.event;

  constructor(folders: PlanFolders, problems: Problems) {
    super();
    this.#folders = folders;
    this.#problems = problems;
    const rank = () => void this.refresh().catch((error: unknown) => this.#problems.log(error));
    this.#soon = this.register(new Soon(rank, { pause: PAUSE, longest: LONGEST }));
    this.register(folders.onDidChange(() => this.#soon.ask()));
    this.#soon.ask();
  }

  /** Best first, at most five, as they were last ranked; those that are not ready any more are left out. */
  get best(): readonly NextUp[] {
    return this.#best.filter(({ folder, ranked }) => {
      const plan = folder.plan?.plan;
      return plan?.graph.get(ranked.task.id) !== undefined && plan.stateOf(ranked.task.id) === 'ready';
    });
  }

  /** Ranks now. */
  async refresh(): Promise<readonly Choice[]> {
    this.#soon.cancel();
    const choices: Choice[] = [];
    const found: NextUp[] = [];
    for (const folder of this.#folders.distinct) {
      const chooser = folder.plan && (await this.#chooserOf(folder));
      if (!chooser) continue;
      const usual = chooser.choose({ limit: MOST });
      // Rather a hard one than none.
      const choice = usual.chosen.length > 0 ? usual : chooser.choose({ limit: MOST, max_complexity: 10 });
      choices.push(choice);
      found.push(...choice.chosen.map((ranked) => ({ folder, ranked, choice })));
    }
    const { compareRank } = await import('../../core/planning/nextTask/choose.js');
    this.#best = found.sort((a, b) => compareRank(a.ranked, b.ranked)).slice(0, MOST);
    const open = choices.reduce((sum, { ranking }) => sum + ranking.open, 0);
    setContext('nothingNext', found.length > 0 || choices.length === 0 ? undefined : open > 0 ? 'ready' : 'open');
    if (!this.isDisposed) this.#changed.fire();
    return choices;
  }

  async #chooserOf(folder: PlanFolder): Promise<NextTask> {
    const known = this.#choosers.get(folder);
    if (known) return known;
    const { NextTask } = await import('../../app/planning/nextTask/nextTask.js');
    const { plan, tasks, claims } = await folder.load();
    const chooser = new NextTask(plan, tasks, claims, process.env);
    this.#choosers.set(folder, chooser);
    return chooser;
  }
}
