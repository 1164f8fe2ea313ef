import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import { settings } from '../manifest.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import { EDITOR_SETS } from './toolNames.js';

/** As package.json declares it. */
const PROVIDER = 'taskOrchestrator.plans';

/** A server that the editor starts; `McpStdioServerDefinition` of VS Code 1.101. */
interface ServerDefinition {
  readonly label: string;
  cwd?: vscode.Uri;
}

/** What VS Code has since 1.101, beyond the version that we ask for. */
interface McpApi {
  readonly McpStdioServerDefinition?: new (
    label: string,
    command: string,
    args: string[],
    env: Record<string, string>,
    version: string,
  ) => ServerDefinition;
  readonly lm: {
    readonly registerMcpServerDefinitionProvider?: (
      id: string,
      provider: {
        readonly onDidChangeMcpServerDefinitions: vscode.Event<void>;
        provideMcpServerDefinitions(): ServerDefinition[];
      },
    ) => vscode.Disposable;
  };
}

/**
 * Offers the MCP server to the editor's agents where the setting says so: one a plan, run by the editor's own Node. An
 * editor that cannot take it is left alone.
 */
export class McpServers extends Disposable {
  readonly #folders: PlanFolders;
  readonly #context: vscode.ExtensionContext;
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  #offered = '';

  constructor(folders: PlanFolders, context: vscode.ExtensionContext) {
    super();
    this.#folders = folders;
    this.#context = context;
    const { McpStdioServerDefinition, lm } = vscode as unknown as McpApi;
    if (!McpStdioServerDefinition || !lm.registerMcpServerDefinitionProvider) return;
    const provider = {
      onDidChangeMcpServerDefinitions: this.#changed.event,
      provideMcpServerDefinitions: () =>
        this.#servers().map(({ label, cwd, command, args, env, version }) =>
          Object.assign(new McpStdioServerDefinition(label, command, args, env, version), { cwd }),
        ),
    };
    this.#offered = JSON.stringify(this.#servers());
    this.register(lm.registerMcpServerDefinitionProvider(PROVIDER, provider));
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#update()));
    // A store may come to lie in another place: then its folder changes.
    this.register(folders.onDidChange(({ change }) => !change && this.#update()));
  }

  /** To be called when a setting changed. */
  update(): void {
    this.#update();
  }

  #update(): void {
    const offered = JSON.stringify(this.#servers());
    if (offered === this.#offered) return;
    this.#offered = offered;
    this.#changed.fire();
  }

  #servers() {
    if (settings.agentAccess() !== 'mcp' || !vscode.workspace.isTrusted) return [];
    const { distinct } = this.#folders;
    return distinct.map((folder) => this.#serverOf(folder, distinct.length > 1));
  }

  #serverOf({ location, name }: PlanFolder, isOneOfSeveral: boolean) {
    const { extension, extensionUri } = this.#context;
    const sets = settings.agentToolSets() === 'core' ? ['core'] : [...EDITOR_SETS];
    return {
      label: isOneOfSeveral ? `Task Orchestrator: ${name}` : 'Task Orchestrator',
      command: process.execPath,
      args: [
        vscode.Uri.joinPath(extensionUri, 'dist', 'mcp.js').fsPath,
        ...['--tools', sets.join(',')],
        ...['--agent-id', settings.agentName()],
      ],
      cwd: vscode.Uri.file(location.root),
      env: { ELECTRON_RUN_AS_NODE: '1', TM_DB_PATH: location.path },
      // The editor remembers the tools of a version: other sets are another one.
      version: `${String(extension.packageJSON.version)}+${sets.join('.')}`,
    };
  }
}
