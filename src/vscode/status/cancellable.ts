import * as vscode from 'vscode';

/** What work that can be cancelled is given. */
export interface Watch {
  readonly signal: AbortSignal;
  readonly report: (progress: { readonly message?: string; readonly increment?: number }) => void;
}

/** Runs work under a notification with its progress and a way to cancel it; undefined where it was cancelled. */
export async function cancellable<T>(title: string, work: (watch: Watch) => Promise<T>): Promise<T | undefined> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const cancelling = token.onCancellationRequested(() => abort.abort());
      try {
        return await work({ signal: abort.signal, report: (value) => progress.report(value) });
      } catch (error) {
        if (abort.signal.aborted) return undefined;
        throw error;
      } finally {
        cancelling.dispose();
      }
    },
  );
}
