import * as vscode from 'vscode';
import type { AgentPlan, Caller } from '../../app/tools/agentPlan.js';
import { readArguments } from '../../app/tools/arguments.js';
import { BulkChangeError, bulkQuestion } from '../../app/tools/bulkLimit.js';
import { internalError, type Refusal, refusalOf } from '../../app/tools/refusal.js';
import { toolsOf } from '../../app/tools/registry.js';
import type { Tool } from '../../app/tools/tool.js';
import { NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { priorityLabel, statusLabel } from '../words.js';
import { AgentPlans, type AgentPlansParts } from './agentPlans.js';
import { callWords } from './callWords.js';
import { EDITOR_SETS, inEditorNames, toolCalled } from './toolNames.js';

/** What a model gave: our arguments, and the folder whose plan is meant. */
type Given = Readonly<Record<string, unknown>>;

/** The plan's tools as the editor calls them for its models: asked about, made and answered like those of the MCP server. */
export class AgentTools {
  readonly #parts: AgentPlansParts;
  readonly #plans: AgentPlans;
  readonly #tools = toolsOf(EDITOR_SETS);

  constructor(parts: AgentPlansParts) {
    this.#parts = parts;
    this.#plans = new AgentPlans(parts);
  }

  /**
   * What the person reads, and is asked before anything is changed. Changes nothing. Throws what the call would be refused
   * with, so that nobody is asked about it.
   */
  async prepare(name: string, given: Given): Promise<vscode.PreparedToolInvocation> {
    const { t } = vscode.l10n;
    return this.#telling(async () => {
      const { tool, plan, input } = await this.#find(name, given);
      const language = { t, status: statusLabel, priority: priorityLabel };
      const work = () => callWords(tool, readArguments(tool.input, input), plan.bench, language);
      const { doing, ask } = await plan.run(this.#caller(), work);
      const message = ask && new vscode.MarkdownString(ask.lines.join('\n\n'));
      return {
        invocationMessage: new vscode.MarkdownString(doing),
        ...(ask && message && { confirmationMessages: { title: ask.title, message } }),
      };
    });
  }

  /** Makes the call. Throws an error whose message has the code, what was wrong and what to do next. */
  async invoke(name: string, given: Given, token: vscode.CancellationToken): Promise<vscode.LanguageModelToolResult> {
    const abort = new AbortController();
    const cancelling = token.onCancellationRequested(() => abort.abort());
    try {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      return await this.#telling(async () => {
        const { tool, plan, input } = await this.#find(name, given);
        const reply = await this.#call(tool, plan, input, abort.signal);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(reply))]);
      });
    } catch (error) {
      throw abort.signal.aborted ? new vscode.CancellationError() : error;
    } finally {
      cancelling.dispose();
    }
  }

  async #call(tool: Tool, plan: AgentPlan, input: Given, signal: AbortSignal): Promise<Record<string, unknown>> {
    try {
      return await plan.call(tool, input, this.#caller(), { signal });
    } catch (error) {
      if (!(error instanceof BulkChangeError) || signal.aborted) throw error;
      if (!(await isAgreed(bulkQuestion(error.count, tool.title)))) throw error;
      return plan.call(tool, input, this.#caller(error.count), { signal });
    }
  }

  #caller(confirmed?: number): Caller {
    return { actor: this.#parts.agent(), notes: [], confirmed };
  }

  async #find(name: string, given: Given): Promise<{ tool: Tool; plan: AgentPlan; input: Given }> {
    const tool = this.#tools.find((one) => one.name === toolCalled(name));
    if (!tool) throw new NotFoundError(`There is no tool “${name}”.`);
    const { folder, ...input } = given;
    const plan = await this.#plans.find(typeof folder === 'string' && folder.trim() !== '' ? folder.trim() : undefined);
    return { tool, plan, input };
  }

  /** Refusals as a model reads them. */
  async #telling<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof OrchestratorError) throw this.#told(refusalOf(error));
      if (!(error instanceof Error && error.name === 'AbortError')) this.#parts.problems.log(error);
      throw this.#told(internalError('the log of Task Orchestrator'));
    }
  }

  #told({ error: { code, message, next } }: Refusal): Error {
    return new Error(`${code}: ${message} ${inEditorNames(next, this.#tools)}`);
  }
}

/** Many tasks at once are a person's decision, whatever the chat approves by itself. */
async function isAgreed(question: string): Promise<boolean> {
  const yes = vscode.l10n.t('Yes, Do It');
  return (await vscode.window.showWarningMessage(question, { modal: true }, yes)) === yes;
}
