import * as vscode from 'vscode';

/** How long something is said in the status bar (ms). */
const SHOWN = 6_000;

/** Says in the status bar what happened. */
export function say(text: string): void {
  vscode.window.setStatusBarMessage(text, SHOWN);
}

/** Hides what was said last, where something newer contradicts it: an empty message lies over it until it ends. */
export function hush(): void {
  say('');
}
