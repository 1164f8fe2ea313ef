import * as vscode from 'vscode';
import { OrchestratorError } from '../../core/model/errors.js';

/** How a step ended: with a value, with Back, or with Escape. */
export type StepResult<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'back' }
  | { readonly kind: 'left' };

interface StepFrame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface TextStep extends StepFrame {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** Throws an OrchestratorError that says what is wrong. */
  readonly check: (text: string) => unknown;
}

export interface PickStep<T extends vscode.QuickPickItem> extends StepFrame {
  readonly placeholder: string;
  readonly items: readonly T[];
  readonly selected: readonly T[];
  readonly many: boolean;
}

/** Asks for a line of text; what is wrong is said while typing. */
export function askText(step: TextStep): Promise<StepResult<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = step.prompt;
  input.value = step.value ?? '';
  input.placeholder = step.placeholder;
  frame(input, step);
  const wrong = () => messageOf(step.check, input.value);
  return run(input, (finish) => {
    input.onDidChangeValue(() => {
      // Said only where something was typed: an empty box is where everybody starts.
      input.validationMessage = input.value === '' ? undefined : wrong();
    });
    input.onDidAccept(() => {
      input.validationMessage = wrong();
      if (input.validationMessage === undefined) finish({ kind: 'done', value: input.value });
    });
  });
}

/** Asks to pick one or several; Enter on nothing gives nothing. */
export function askPick<T extends vscode.QuickPickItem>(step: PickStep<T>): Promise<StepResult<readonly T[]>> {
  const pick = vscode.window.createQuickPick<T>();
  pick.items = step.items;
  pick.canSelectMany = step.many;
  pick.placeholder = step.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  if (step.many) pick.selectedItems = step.selected;
  else pick.activeItems = step.selected;
  frame(pick, step);
  return run(pick, (finish) => {
    pick.onDidAccept(() => finish({ kind: 'done', value: [...pick.selectedItems] }));
  });
}

/** What is wrong with a text, or undefined. */
export function messageOf(check: (text: string) => unknown, text: string): string | undefined {
  try {
    check(text);
    return undefined;
  } catch (error) {
    if (error instanceof OrchestratorError) return error.message;
    throw error;
  }
}

function frame(input: vscode.QuickInput & { buttons: readonly vscode.QuickInputButton[] }, step: StepFrame): void {
  input.title = step.title;
  input.step = step.step;
  input.totalSteps = step.totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = step.step > 1 ? [vscode.QuickInputButtons.Back] : [];
}

function run<T>(
  input: vscode.QuickInput & {
    onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  },
  listen: (finish: (result: StepResult<T>) => void) => void,
): Promise<StepResult<T>> {
  return new Promise((resolve) => {
    const finish = (result: StepResult<T>) => {
      resolve(result);
      input.dispose();
    };
    listen(finish);
    input.onDidTriggerButton((button) => button === vscode.QuickInputButtons.Back && finish({ kind: 'back' }));
    input.onDidHide(() => finish({ kind: 'left' }));
    input.show();
  });
}
