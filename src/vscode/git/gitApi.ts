import * as vscode from 'vscode';

/** What is used of the interface (version 1) of the editor's own git extension. */
export interface GitApi {
  readonly repositories: readonly GitRepository[];
  readonly onDidOpenRepository: vscode.Event<GitRepository>;
  readonly onDidCloseRepository: vscode.Event<GitRepository>;
  /** A file as it is in a commit. */
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}

export interface GitRepository {
  readonly rootUri: vscode.Uri;
  readonly onDidCommit: vscode.Event<void>;
}

interface GitExtension {
  readonly enabled: boolean;
  readonly onDidChangeEnablement: vscode.Event<boolean>;
  getAPI(version: 1): GitApi;
}

/** The editor's git; undefined where it is switched off or missing. */
export async function gitApi(): Promise<GitApi | undefined> {
  const extension = await gitExtension();
  return extension?.enabled ? extension.getAPI(1) : undefined;
}

/** Calls back once git is there: now, or when the person switches it on. */
export async function whenGit(use: (api: GitApi) => void): Promise<vscode.Disposable | undefined> {
  const extension = await gitExtension();
  if (extension?.enabled) use(extension.getAPI(1));
  return extension?.onDidChangeEnablement((enabled) => enabled && use(extension.getAPI(1)));
}

async function gitExtension(): Promise<GitExtension | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension) return undefined;
  return extension.isActive ? extension.exports : extension.activate();
}
