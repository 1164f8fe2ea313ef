import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as vscode from 'vscode';

export const ID = 'task-orchestrator.task-orchestrator';

/** Starts the extension if it has not started by itself. */
export async function activated(): Promise<void> {
  await vscode.extensions.getExtension(ID)?.activate();
}

/** Path of the only (or first) workspace folder, which is also the key of its plan in command arguments. */
export function folder(index = 0): string {
  const found = vscode.workspace.workspaceFolders?.[index];
  if (!found) throw new Error(`the window has no folder ${index}`);
  return found.uri.fsPath;
}

/** Runs `tm` in a folder, as another process of the same person; its stdout, trimmed. */
export function tm(cwd: string, ...args: string[]): string {
  return tmAs(undefined, cwd, ...args);
}

/** The same as an agent. */
export function tmAs(agent: string | undefined, cwd: string, ...args: string[]): string {
  const program = join(vscode.extensions.getExtension(ID)?.extensionPath ?? '', 'dist', 'tm.js');
  return execFileSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...(agent !== undefined && { TM_AGENT_ID: agent }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** A task as `tm show --json` tells it. */
export function show(cwd: string, task: string) {
  return JSON.parse(tm(cwd, 'show', task, '--json')).task;
}

/** Waits until `probe` gives a value that `holds`; fails with the last one. */
export async function until<T>(
  probe: () => T | Promise<T>,
  holds: (value: T) => boolean,
  timeout = 15_000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await probe();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`);
    await pause(50);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Runs one of our commands as menus and links do, with the plan's folder and a task. */
export function run(command: string, ...args: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(`taskOrchestrator.${command}`, ...args);
}

/** The hover cards on a line (from 1) of a file, as Markdown. */
export async function hovers(file: vscode.Uri, line: number): Promise<vscode.MarkdownString[]> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    file,
    new vscode.Position(line - 1, 2),
  );
  return found
    .flatMap((hover) => hover.contents as vscode.MarkdownString[])
    .filter((content) => content.value.includes('T-'));
}
