import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import { AGENTS, settings } from '../manifest.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';
import type { AgentTools } from './agentTools.js';
import { McpServers } from './mcpServers.js';

/** What the manifest says of a tool. */
interface DeclaredTool {
  readonly name: string;
  readonly tags: readonly string[];
}

/**
 * How the editor's agents come to the plan: by its tools, by the MCP server, or not at all. One of them at a time, so that
 * no model sees the same tool twice. What the tools do is loaded at the first call.
 */
export class AgentAccess extends Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #folders: PlanFolders;
  readonly #problems: Problems;
  readonly #servers: McpServers;
  readonly #registered = new Map<string, vscode.Disposable>();
  #tools: Promise<AgentTools> | undefined;

  constructor(context: vscode.ExtensionContext, folders: PlanFolders, problems: Problems) {
    super();
    this.#context = context;
    this.#folders = folders;
    this.#problems = problems;
    this.#servers = this.register(new McpServers(folders, context));
    this.#update();
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration(AGENTS)) return;
        this.#update();
        this.#servers.update();
      }),
    );
  }

  override dispose(): void {
    for (const tool of this.#registered.values()) tool.dispose();
    this.#registered.clear();
    super.dispose();
  }

  /** Registers the tools that are offered now, and takes back the others. */
  #update(): void {
    const offered = new Set(this.#offered());
    for (const [name, tool] of this.#registered) {
      if (offered.has(name)) continue;
      tool.dispose();
      this.#registered.delete(name);
    }
    for (const name of offered)
      if (!this.#registered.has(name)) this.#registered.set(name, vscode.lm.registerTool(name, this.#toolOf(name)));
  }

  #offered(): readonly string[] {
    if (settings.agentAccess() !== 'tools') return [];
    const declared: readonly DeclaredTool[] = this.#context.extension.packageJSON.contributes.languageModelTools;
    const sets = settings.agentToolSets();
    return declared.filter(({ tags }) => sets !== 'core' || tags.includes('core')).map(({ name }) => name);
  }

  #toolOf(name: string): vscode.LanguageModelTool<Record<string, unknown>> {
    return {
      prepareInvocation: async ({ input }) => (await this.#load()).prepare(name, input ?? {}),
      invoke: async ({ input }, token) => (await this.#load()).invoke(name, input ?? {}, token),
    };
  }

  #load(): Promise<AgentTools> {
    this.#tools ??= import('./agentTools.js').then(
      (loaded) =>
        new loaded.AgentTools({
          folders: this.#folders,
          problems: this.#problems,
          secrets: this.#context.secrets,
          product: vscode.Uri.joinPath(this.#context.extensionUri, 'dist').fsPath,
          agent: () => settings.agentName(),
        }),
    );
    return this.#tools;
  }
}
