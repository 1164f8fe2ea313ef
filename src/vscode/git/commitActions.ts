import * as vscode from 'vscode';
import { Commits } from '../../app/commits/commits.js';
import type { Orchestrator } from '../../app/orchestrator.js';
import { findWorktree } from '../../platform/git.js';
import { changedFiles, gitCommits, recentCommits } from '../../platform/gitCommits.js';
import type { Offer } from '../status/offer.js';
import { say } from '../status/say.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import { gitApi } from './gitApi.js';

/** So many of the newest commits are offered. */
const OFFERED = 50;
const SHORT = 8;

/** Links one of the newest commits, or the one that the person names. */
export async function linkCommit({ plan }: Orchestrator, { location }: PlanFolder, task: string): Promise<void> {
  const { t } = vscode.l10n;
  requireTrust();
  const recent = await recentCommits(location.root, OFFERED);
  const other = { label: t('$(edit) Another commit…'), hash: '' };
  const items = recent.map(({ hash, message }) => ({
    label: `$(git-commit) ${message.split('\n', 1)[0]}`,
    description: hash.slice(0, SHORT),
    hash,
  }));
  const picked = await vscode.window.showQuickPick([...items, other], {
    placeHolder: t('Commit to link'),
    matchOnDescription: true,
  });
  if (!picked) return;
  const name =
    picked.hash || (await vscode.window.showInputBox({ prompt: t('A hash, the start of one, a tag or a branch') }));
  if (!name?.trim()) return;
  const result = await new Commits(plan, gitCommits(location.root)).link({ task_id: task, commit_hash: name });
  say(result.message);
}

/** Takes the link away, with an offer to undo that. */
export async function unlinkCommit(folder: PlanFolder, task: string, hash: string, offer: Offer): Promise<void> {
  const { plan } = await folder.load();
  const commits = new Commits(plan, gitCommits(folder.location.root));
  const { message, seq } = await commits.unlink({ task_id: task, commit_hash: hash });
  offer.undo(message, 'taskOrchestrator.history.undo', folder.key, seq, message);
}

/** Shows what a commit changed, each file beside what it was before. */
export async function openCommit({ location: { root } }: PlanFolder, name: string): Promise<void> {
  const { t } = vscode.l10n;
  requireTrust();
  const repository = gitCommits(root);
  const hash = await repository.resolve(name);
  const worktree = findWorktree(root);
  const api = await gitApi();
  if (typeof hash !== 'string' || !worktree || !api) {
    const why = typeof hash === 'string' ? t('git is switched off in this window') : hash.reason;
    void vscode.window.showInformationMessage(t('{0} cannot be shown: {1}.', name.slice(0, SHORT), why));
    return;
  }
  const subject = (await repository.describe([hash])).get(hash)?.message.split('\n', 1)[0] ?? '';
  const files = await changedFiles(root, hash);
  if (files.length === 0) {
    say(t('{0} changes no file', hash.slice(0, SHORT)));
    return;
  }
  const uriOf = (path: string) => vscode.Uri.joinPath(vscode.Uri.file(worktree.root), path);
  const resources = files.map(({ path, before, isDeleted }) => [
    uriOf(path),
    before === undefined ? undefined : api.toGitUri(uriOf(before), `${hash}^`),
    isDeleted ? undefined : api.toGitUri(uriOf(path), hash),
  ]);
  await vscode.commands.executeCommand('vscode.changes', `${hash.slice(0, SHORT)} ${subject}`, resources);
}

/** Throws where git is not to be run: a repository's own settings may name programs. */
function requireTrust(): void {
  if (!vscode.workspace.isTrusted)
    throw new Error(vscode.l10n.t('In a workspace that is not trusted, git is not run. Trust it first.'));
}
