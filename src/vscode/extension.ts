import * as vscode from 'vscode';
import { AgentAccess } from './agents/agentAccess.js';
import { clientCommands } from './clients/clientCommands.js';
import { claimCommands } from './commands/claimCommands.js';
import { edgeCommands, firstReferenceOpener } from './commands/edgeCommands.js';
import { historyCommands } from './commands/historyCommands.js';
import { reportRefusal } from './commands/refusals.js';
import { storeCommands } from './commands/storeCommands.js';
import { Target } from './commands/target.js';
import { taskCommands } from './commands/taskCommands.js';
import { trashCommands } from './commands/trashCommands.js';
import { treeCommands } from './commands/treeCommands.js';
import { Descriptions } from './editor/descriptions.js';
import { TrackedDocuments } from './editor/documents.js';
import { Gutter } from './editor/gutter.js';
import { ReferenceHover } from './editor/hover.js';
import { executionCommands } from './execution/executionCommands.js';
import { commitCommands } from './git/commitCommands.js';
import { GitParts } from './git/gitParts.js';
import { GraphPanel } from './graph/graphPanel.js';
import { HistoryDocuments } from './history/historyDocuments.js';
import { linkTasks, type MarkdownIt } from './links/previewLinks.js';
import { showTaskOf } from './links/taskUris.js';
import { COMMANDS, registerCommand } from './manifest.js';
import { NextTasks } from './planning/nextTasks.js';
import { NextUpView } from './planning/nextUpView.js';
import { planningCommands } from './planning/planningCommands.js';
import { ReviewCommands } from './review/reviewCommands.js';
import { Offer } from './status/offer.js';
import { ReadyStatus } from './status/readyStatus.js';
import { TerminalPath } from './terminal/terminalPath.js';
import { TaskTree } from './tree/taskTree.js';
import { ClaimNotices } from './workspace/claimNotices.js';
import { PlanFolders } from './workspace/planFolders.js';
import { Problems } from './workspace/problems.js';
import { StoreNotices } from './workspace/storeNotices.js';

let folders: PlanFolders | undefined;

/** What the editor asks of extensions that take part in its Markdown preview. */
interface Api {
  extendMarkdownIt<M extends MarkdownIt>(markdown: M): M;
}

/** Wires the extension together. Stores are opened after this returns. */
export function activate(context: vscode.ExtensionContext): Api {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const { extensionUri } = context;
  const problems = own(new Problems());
  const plans = own(new PlanFolders(vscode.Uri.joinPath(extensionUri, 'dist', 'sql-wasm.wasm'), problems));
  own(new StoreNotices(plans, problems));
  own(new ClaimNotices(plans));
  own(new TerminalPath(context, (error) => problems.log(error)));
  own(new AgentAccess(context, plans, problems));
  const tree = own(new TaskTree(plans, problems, context.workspaceState));
  const documents = own(new TrackedDocuments(plans, problems));
  const descriptions = own(new Descriptions(plans));
  const graph = own(new GraphPanel(plans, tree, problems, extensionUri));
  const histories = own(new HistoryDocuments(plans));
  const next = own(new NextTasks(plans, problems));
  own(new NextUpView(next));
  const ready = own(new ReadyStatus(plans, next));
  const offer = own(new Offer());
  const reviews = own(new ReviewCommands(plans, problems, offer));
  own(new GitParts(plans, problems));
  own(new Gutter(documents, vscode.Uri.joinPath(extensionUri, 'media')));
  own(vscode.languages.registerHoverProvider({ scheme: 'file' }, new ReferenceHover(documents)));

  const target = new Target(plans, tree);
  const openFirstReference = firstReferenceOpener(documents);
  const handlers = {
    ...taskCommands({ folders: plans, tree, target, descriptions, ready, offer, openFirstReference }),
    ...edgeCommands({ folders: plans, tree, target, documents, graph, offer }),
    ...claimCommands({ folders: plans, tree, target, openFirstReference }),
    ...historyCommands({ folders: plans, tree, target, histories, offer }),
    ...reviews.handlers,
    ...commitCommands({ folders: plans, target, offer }),
    ...trashCommands({ folders: plans, tree }),
    ...storeCommands(plans, problems, context.secrets),
    ...clientCommands(plans, context, own),
    ...treeCommands(tree),
    ...executionCommands({ folders: plans, target, extensionUri, own }),
    ...planningCommands({ folders: plans, tree, target, next, offer, secrets: context.secrets, own }),
    'taskOrchestrator.log.show': () => problems.show(),
  };
  for (const id of COMMANDS) {
    own(
      registerCommand(id, async (...args) => {
        try {
          return await handlers[id]?.(...args);
        } catch (error) {
          reportRefusal(error, plans, problems);
          return undefined;
        }
      }),
    );
  }
  own(
    vscode.window.registerUriHandler({
      handleUri: (uri) => showTaskOf(uri, plans).catch((error: unknown) => reportRefusal(error, plans, problems)),
    }),
  );
  folders = plans;
  return { extendMarkdownIt: (markdown) => linkTasks(markdown, plans) };
}

/** Folds the journals into their databases before the window goes. */
export async function deactivate(): Promise<void> {
  await folders?.settle();
}
