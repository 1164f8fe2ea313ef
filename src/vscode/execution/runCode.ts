import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { ExecutionPermission } from '../../app/execution/codeRunner.js';
import { Executions, type RunProposal } from '../../app/execution/executions.js';
import type { Orchestrator } from '../../app/orchestrator.js';
import { CODE_LANGUAGES, type CodeLanguage, languageOf } from '../../core/execution/language.js';
import { revealed } from '../../core/execution/reveal.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { LocalRunner } from '../../platform/execution/localRunner.js';
import { settings } from '../manifest.js';
import { say } from '../status/say.js';
import type { TaskAddress } from '../workspace/planFolders.js';
import type { CodeDrafts } from './codeDrafts.js';
import { RunTerminal } from './runTerminal.js';

interface Parts {
  readonly plan: Orchestrator;
  readonly address: TaskAddress;
  readonly drafts: CodeDrafts;
  /** The folder with `sqlRunner.js`. */
  readonly product: string;
}

/** Lines of code that a question shows; the editor has all of it. */
const SHOWN_LINES = 30;
const SHOWN_CHARACTERS = 2000;
const SETTING = 'taskOrchestrator.execution.enabled';

/** Runs what is selected, or the document that was begun for the task; where there is neither, begins one. */
export async function runCode({ plan, address, drafts, product }: Parts): Promise<void> {
  if (!(await isWanted(address))) return;
  const { codeLanguage } = plan.tasks.get(address.task);
  const own = codeLanguage === undefined ? undefined : languageOf(codeLanguage);
  const editor = vscode.window.activeTextEditor;
  const draft = drafts.active;
  const isDraft = draft?.address.task === address.task;
  const code = isDraft ? draft.document.getText() : editor?.document.getText(editor.selection);
  if (!code?.trim()) {
    if (!isDraft) await begin(address, drafts, own);
    say(vscode.l10n.t('Write the code, then run it with ▷ above the editor'));
    return;
  }
  const language = languageOf(editor?.document.languageId ?? '') ?? own ?? (await pickLanguage());
  if (language) await execute({ plan, address, drafts, product }, language, code);
}

async function begin(address: TaskAddress, drafts: CodeDrafts, own: CodeLanguage | undefined): Promise<void> {
  const language = own ?? (await pickLanguage());
  if (language) await drafts.begin(address, language === 'bash' ? 'shellscript' : language);
}

async function pickLanguage(): Promise<CodeLanguage | undefined> {
  const picked = await vscode.window.showQuickPick(
    CODE_LANGUAGES.map((label) => ({ label })),
    { placeHolder: vscode.l10n.t('What the code is written in') },
  );
  return CODE_LANGUAGES.find((language) => language === picked?.label);
}

async function execute({ plan, address, product }: Parts, language: CodeLanguage, code: string): Promise<void> {
  const { location } = address.folder;
  const executions = new Executions(plan.plan, {
    runner: new LocalRunner({ root: location.root, store: dirname(location.path), product }),
    permission: permissionOf(address),
  });
  const { name } = plan.tasks.get(address.task);
  let terminal: RunTerminal | undefined;
  // The signal is there before the terminal is, which is not opened for what is not approved.
  const abort = new AbortController();
  try {
    const { message, execution } = await executions.execute(
      { task_id: address.task, language, code },
      {
        approve,
        signal: abort.signal,
        onStart: () => {
          terminal = new RunTerminal(vscode.l10n.t('Run {0}', name));
          terminal.signal.addEventListener('abort', () => abort.abort());
        },
        onOutput: (stream, bytes) => terminal?.write(stream, bytes),
      },
    );
    const why = execution.exit_code === null && execution.signal === null ? `${execution.error ?? ''}\n` : '';
    terminal?.end(`${why}${message}`);
    say(message);
  } catch (error) {
    terminal?.end(error instanceof Error ? error.message : String(error));
    if (!(error instanceof OrchestratorError && error.details.declined)) throw error;
    say(vscode.l10n.t('Nothing was run'));
  }
}

/** Shows the code and what would hold it back; only a press on the button runs it. */
async function approve({ task, request, confinement, runtime }: RunProposal): Promise<boolean> {
  const { t } = vscode.l10n;
  const reach = {
    memory: t('It reaches no file and no network: SQL runs on a copy of the store in memory.'),
    workspace: t(
      'Sandbox: {0}. It can write this workspace and nothing else; there is no network.',
      confinement.sandbox,
    ),
    user: t('No sandbox ({0}): it can do whatever you can do on this machine.', confinement.reason ?? ''),
  }[confinement.files];
  const limits = t('{0}, at most {1} s and {2} MiB.', runtime, request.timeout, request.memory);
  const run = t('Run');
  const chosen = await vscode.window.showWarningMessage(
    t('Run this code for {0}?', `${task.name} ${task.title}`),
    { modal: true, detail: [reach, limits, '', shortened(revealed(request.code))].join('\n') },
    run,
  );
  return chosen === run;
}

function shortened(code: string): string {
  const lines = code.trimEnd().split('\n');
  const shown = lines.slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_CHARACTERS);
  const rest = lines.length - shown.split('\n').length;
  if (rest > 0) return `${shown}\n${vscode.l10n.t('… and {0} more lines; the editor has all of it', rest)}`;
  return shown.length < code.trimEnd().length
    ? `${shown}\n${vscode.l10n.t('… and more; the editor has all of it')}`
    : shown;
}

/** The setting in a trusted workspace is the person's consent; each call is asked about all the same. */
function permissionOf(address: TaskAddress): ExecutionPermission {
  return { refusal: async () => refusalFor(address), isApproved: () => false };
}

function refusalFor({ folder }: TaskAddress): string | undefined {
  const { t } = vscode.l10n;
  if (!vscode.workspace.isTrusted) return t('This workspace is not trusted: no code is run for its tasks.');
  if (!settings.executionEnabled(vscode.Uri.file(folder.location.root)))
    return t('Running code for tasks is off. The setting {0} turns it on.', SETTING);
  return undefined;
}

/** Says what stands against it, with the way out, before somebody writes code in vain. */
async function isWanted(address: TaskAddress): Promise<boolean> {
  const refusal = refusalFor(address);
  if (refusal === undefined) return true;
  const { t } = vscode.l10n;
  const [title, command, ...args] = vscode.workspace.isTrusted
    ? [t('Open Settings'), 'workbench.action.openSettings', SETTING]
    : [t('Manage Workspace Trust'), 'workbench.trust.manage'];
  const chosen = await vscode.window.showWarningMessage(refusal, title as string);
  if (chosen === title) await vscode.commands.executeCommand(command as string, ...args);
  return false;
}
