import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import { type Handlers, REVIEW_SCHEME } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';
import { Soon } from '../workspace/soon.js';
import type { AgentChanges } from './agentChanges.js';

/** How long it is quiet before it is looked what others changed, and the most that a stream of changes puts it off (ms). */
const PAUSE = 200;
const LONGEST = 1_000;
/** The first look is after the window's first rows: it goes through thousands of rows of history (ms). */
const FIRST = 1_500;

/** What others changed since the person looked. What looks is loaded when the first plan is open. */
export class ReviewCommands extends Disposable {
  readonly #folders: PlanFolders;
  readonly #offer: Offer;
  #changes: Promise<AgentChanges> | undefined;

  constructor(folders: PlanFolders, problems: Problems, offer: Offer) {
    super();
    this.#folders = folders;
    this.#offer = offer;
    const look = async () => {
      if (this.#changes === undefined && !folders.all.some((folder) => folder.plan)) return;
      await (await this.#load()).refresh();
    };
    const soon = this.register(
      new Soon(() => void look().catch((error: unknown) => problems.log(error)), { pause: PAUSE, longest: LONGEST }),
    );
    const first = setTimeout(() => {
      this.register(folders.onDidChange(() => soon.ask()));
      soon.ask();
    }, FIRST);
    this.register({ dispose: () => clearTimeout(first) });
    const documents: vscode.TextDocumentContentProvider = {
      provideTextDocumentContent: async (uri) => (await this.#load()).textOf(uri),
    };
    this.register(vscode.workspace.registerTextDocumentContentProvider(REVIEW_SCHEME, documents));
  }

  get handlers(): Handlers {
    return {
      'taskOrchestrator.review.show': async () => (await this.#load()).show(),
      'taskOrchestrator.review.openDiff': async (row) => (await this.#load()).openDiff(row),
      'taskOrchestrator.review.accept': async (row) => (await this.#load()).accept(row),
      'taskOrchestrator.review.acceptAll': async () => (await this.#load()).acceptAll(),
      'taskOrchestrator.review.revert': async (row) => (await this.#load()).revert(row),
    };
  }

  #load(): Promise<AgentChanges> {
    this.#changes ??= import('./agentChanges.js').then(({ AgentChanges }) =>
      this.register(new AgentChanges(this.#folders, this.#offer)),
    );
    return this.#changes;
  }
}
