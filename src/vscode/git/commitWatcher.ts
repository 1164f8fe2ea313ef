import { relative } from 'node:path';
import * as vscode from 'vscode';
import { CommitSync } from '../../app/commits/commitSync.js';
import { gitCommits } from '../../platform/gitCommits.js';
import { Disposable } from '../lifecycle.js';
import { settings } from '../manifest.js';
import { say } from '../status/say.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';
import { type GitApi, type GitRepository, whenGit } from './gitApi.js';

/** Links each commit that is made in this window to the tasks that it names, unless the setting says not to. */
export class CommitWatcher extends Disposable {
  readonly #folders: PlanFolders;
  readonly #problems: Problems;
  readonly #watched = new Map<GitRepository, vscode.Disposable>();

  constructor(folders: PlanFolders, problems: Problems) {
    super();
    this.#folders = folders;
    this.#problems = problems;
    this.register(new vscode.Disposable(() => this.#stop()));
  }

  /** Begins once git is there. */
  async start(): Promise<void> {
    const enablement = await whenGit((api) => this.#watch(api));
    if (enablement) this.register(enablement);
  }

  #watch(api: GitApi): void {
    this.#stop();
    for (const repository of api.repositories) this.#add(repository);
    this.register(api.onDidOpenRepository((repository) => this.#add(repository)));
    this.register(
      api.onDidCloseRepository((repository) => {
        this.#watched.get(repository)?.dispose();
        this.#watched.delete(repository);
      }),
    );
  }

  #add(repository: GitRepository): void {
    if (this.isDisposed || this.#watched.has(repository)) return;
    this.#watched.set(
      repository,
      repository.onDidCommit(() => void this.#link(repository.rootUri)),
    );
  }

  #stop(): void {
    for (const watched of this.#watched.values()) watched.dispose();
    this.#watched.clear();
  }

  async #link(uri: vscode.Uri): Promise<void> {
    if (uri.scheme !== 'file') return;
    const root = uri.fsPath;
    for (const folder of this.#plansOf(root)) {
      const { plan } = folder;
      if (!plan || folder.problem || !settings.linkCommits(uri)) continue;
      try {
        const repository = gitCommits(root);
        const sync = new CommitSync(plan.plan, plan.tasks, repository);
        const { linked, completed } = await sync.sync({ range: 'HEAD^!', branch: repository.branch() });
        const names = linked.map(({ name }) => name).join(', ');
        const hash = linked[0]?.commit_hash.slice(0, 8) ?? '';
        if (linked.length === 0) continue;
        const { t } = vscode.l10n;
        say(completed.length > 0 ? t('{0} linked to {1}, done', hash, names) : t('{0} linked to {1}', hash, names));
      } catch (error) {
        // The commit is made; that its link is missing is no reason to disturb anybody.
        this.#problems.log(error);
      }
    }
  }

  /** The plans of the repository: those that lie in it, or that it lies in; one a store. */
  #plansOf(root: string): PlanFolder[] {
    const holds = (outer: string, inner: string) => !relative(outer, inner).startsWith('..');
    const near = this.#folders.all.filter(({ location }) => holds(root, location.root) || holds(location.root, root));
    return near.filter((folder, at) => near.findIndex((other) => other.location.path === folder.location.path) === at);
  }
}
