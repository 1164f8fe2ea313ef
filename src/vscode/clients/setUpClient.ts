import * as vscode from 'vscode';
import {
  type ClientAction,
  type ClientPlan,
  ClientSetup,
  type ClientView,
  type Launcher,
} from '../../app/clients/clientSetup.js';
import { CLIENT_IDS, type ClientId } from '../../core/clients/clients.js';
import { clientFiles } from '../../platform/clientFiles.js';
import { editorLauncher } from '../../platform/mcpLauncher.js';
import { CLIENT_SCHEME } from '../manifest.js';
import { say } from '../status/say.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { ClientPreviews } from './clientCommands.js';

interface Parts {
  readonly folder: PlanFolder;
  readonly context: vscode.ExtensionContext;
  readonly previews: ClientPreviews;
  /** Which client, where a keybinding or a link says so. */
  readonly client: unknown;
}

type Step = ClientAction | 'copy';

/** Lets somebody choose a client, shows what would be written, and then writes, copies or removes it. */
export async function setUpClient({ folder, context, previews, client }: Parts): Promise<void> {
  const setup = new ClientSetup({
    files: clientFiles(folder.location.root, process.env),
    launcher: launcherOf(context),
    store: folder.location.path,
  });
  const id = CLIENT_IDS.find((one) => one === client) ?? (await chooseClient(setup));
  if (id === undefined) return;
  const view = setup.view(id);
  const plan = view.path === null || view.state === 'unreadable' ? undefined : setup.plan(id, 'write');
  await preview(previews, view, plan);
  try {
    const step = await chooseStep(view, plan);
    if (step === 'copy') {
      await vscode.env.clipboard.writeText(view.snippet);
      say(vscode.l10n.t('Copied what {0} needs', view.title));
    } else if (step) await apply(setup, view, step);
  } finally {
    await closePreviews();
  }
}

async function chooseClient(setup: ClientSetup): Promise<ClientId | undefined> {
  const { t } = vscode.l10n;
  const items = setup.list().map((view) => ({
    label: view.title,
    description: stateWords(view),
    detail: view.path === null ? t('To copy: where it keeps its settings is not known here') : shown(view.path),
    id: view.client,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('Client that is to work with your tasks; nothing is written before you say so'),
    matchOnDetail: true,
  });
  return picked?.id;
}

function stateWords({ state, path }: ClientView): string {
  const { t } = vscode.l10n;
  if (path === null) return '';
  return {
    'not set up': t('not set up'),
    'set up': t('set up'),
    outdated: t('set up, for another place of tm'),
    changed: t('set up, and changed by hand'),
    unreadable: t('its file cannot be read'),
  }[state];
}

/** Beside what is in the file now, or alone where there is nothing to compare it with. */
async function preview(previews: ClientPreviews, view: ClientView, plan: ClientPlan | undefined): Promise<void> {
  const { t } = vscode.l10n;
  const options = { preview: true, preserveFocus: true };
  if (!plan || plan.before === plan.after) {
    const name = view.path ?? `/${view.title}.${view.format}`;
    await vscode.window.showTextDocument(previews.put('snippet', name, plan?.after ?? view.snippet), options);
    return;
  }
  await vscode.commands.executeCommand(
    'vscode.diff',
    previews.put('before', plan.path, plan.before ?? ''),
    previews.put('after', plan.path, plan.after ?? ''),
    t('{0} now ↔ with your tasks', shown(plan.path)),
    options,
  );
}

async function chooseStep(view: ClientView, plan: ClientPlan | undefined): Promise<Step | undefined> {
  const { t } = vscode.l10n;
  const starts = t('It starts {0}', view.launches);
  const items: (vscode.QuickPickItem & { readonly step: Step })[] = [];
  if (plan && plan.before !== plan.after)
    items.push({ label: t('Write'), description: shown(plan.path), detail: starts, step: 'write' });
  items.push({ label: t('Copy'), description: t('to the clipboard; writes nothing'), detail: starts, step: 'copy' });
  if (plan && plan.state !== 'not set up')
    items.push({
      label: t('Remove'),
      description: shown(plan.path),
      detail: t('Takes this entry out again, and leaves everything else as it is'),
      step: 'remove',
    });
  const picked = await vscode.window.showQuickPick(items, {
    title: view.title,
    placeHolder: view.problem ?? t('The editor shows what would be in the file'),
    ignoreFocusOut: true,
  });
  return picked?.step;
}

async function apply(
  setup: ClientSetup,
  { client, title, state, note }: ClientView,
  action: ClientAction,
): Promise<void> {
  const { t } = vscode.l10n;
  if (state === 'changed') {
    const go = action === 'write' ? t('Write Over It') : t('Remove It');
    const question = t('The entry of {0} was changed by hand since it was written.', title);
    if ((await vscode.window.showWarningMessage(question, { modal: true }, go)) !== go) return;
  }
  const { files, changed } = setup.apply(action, { client, force: true });
  const list = files.map(shown).join(', ');
  if (!changed) return;
  const done =
    action === 'write' ? t('{0} is set up · written: {1}', title, list) : t('{0}: removed from {1}', title, list);
  say(action === 'write' && note !== undefined ? `${done} · ${note}` : done);
}

/** What the clients start: `tm` where this machine has one, else the editor's own. */
function launcherOf({ globalStorageUri, extensionUri }: vscode.ExtensionContext): Launcher {
  const own = vscode.Uri.joinPath(globalStorageUri, 'bin').fsPath;
  return editorLauncher(own, vscode.Uri.joinPath(extensionUri, 'dist').fsPath, process.env);
}

async function closePreviews(): Promise<void> {
  const isOurs = ({ input }: vscode.Tab) =>
    (input instanceof vscode.TabInputTextDiff && input.modified.scheme === CLIENT_SCHEME) ||
    (input instanceof vscode.TabInputText && input.uri.scheme === CLIENT_SCHEME);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(isOurs);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

function shown(path: string): string {
  return vscode.workspace.asRelativePath(path);
}
