import * as vscode from 'vscode';
import type { ModelProvider, ModelReply, ModelRequest } from '../../app/ports.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { inWords, LONGEST_ANSWER } from '../../platform/models/service.js';

/** Patience with one answer, ms. */
const TIMEOUT = 180_000;

/** The editor's own language model, if it has one; the editor asks the person whether it may be used. */
export async function editorModel(): Promise<ModelProvider> {
  const models = await vscode.lm.selectChatModels();
  return new EditorModel(models);
}

class EditorModel implements ModelProvider {
  readonly name = 'vscode';
  readonly label = vscode.l10n.t("The editor's language model");
  readonly unavailable: string | undefined;
  readonly #models: readonly vscode.LanguageModelChat[];

  constructor(models: readonly vscode.LanguageModelChat[]) {
    this.#models = models;
    if (models.length === 0)
      this.unavailable = vscode.l10n.t('the editor offers none. Sign in to a chat extension that brings one.');
  }

  async complete(request: ModelRequest): Promise<ModelReply> {
    const model = this.#choose(request.model);
    const source = new vscode.CancellationTokenSource();
    const limit = AbortSignal.timeout(TIMEOUT);
    const cancel = () => source.cancel();
    request.signal.addEventListener('abort', cancel);
    limit.addEventListener('abort', cancel);
    try {
      const text = await this.#ask(model, request, source.token);
      request.signal.throwIfAborted();
      if (limit.aborted) throw this.#failure('TIMEOUT', `did not answer within ${TIMEOUT / 1000} s.`);
      // The editor does not say how many tokens it took.
      return { text, model: model.id, isCut: false, notes: [] };
    } catch (error) {
      request.signal.throwIfAborted();
      if (limit.aborted) throw this.#failure('TIMEOUT', `did not answer within ${TIMEOUT / 1000} s.`);
      throw this.#inWords(error);
    } finally {
      request.signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  #choose(wanted: string | undefined): vscode.LanguageModelChat {
    const found = this.#models.find(
      ({ id, family, name }) => wanted === undefined || [id, family, name].includes(wanted),
    );
    if (found) return found;
    const names = this.#models.map(({ id }) => plain(id)).join(', ');
    throw this.#failure('PROVIDER_UNAVAILABLE', `has no model ${wanted}: it offers ${names}.`);
  }

  async #ask(model: vscode.LanguageModelChat, request: ModelRequest, token: vscode.CancellationToken): Promise<string> {
    const { User, Assistant } = vscode.LanguageModelChatMessage;
    const { system, messages, temperature } = inWords(request);
    const turns = messages.map(({ role, text }) => (role === 'user' ? User(text) : Assistant(text)));
    const response = await model.sendRequest(
      [User(system), ...turns],
      {
        justification: vscode.l10n.t('To break a task of your plan down into subtasks.'),
        ...(temperature !== undefined && { modelOptions: { temperature } }),
      },
      token,
    );
    let text = '';
    for await (const part of response.text) {
      text += part;
      if (text.length > LONGEST_ANSWER)
        throw this.#failure('PROVIDER_UNAVAILABLE', 'gave an answer that is far too long.');
      request.onProgress?.(text.length);
    }
    return text;
  }

  #inWords(error: unknown): OrchestratorError {
    if (error instanceof OrchestratorError) return error;
    const code = error instanceof vscode.LanguageModelError ? error.code : undefined;
    const { NoPermissions, Blocked, NotFound } = vscode.LanguageModelError;
    if (code === NoPermissions.name)
      return this.#failure('PROVIDER_UNAVAILABLE', 'may not be used: you, or a policy, did not allow it.');
    if (code === Blocked.name)
      return this.#failure('PROVIDER_UNAVAILABLE', 'is blocked: its quota is used up, or the question was filtered.');
    if (code === NotFound.name) return this.#failure('PROVIDER_UNAVAILABLE', 'is no longer there.');
    const says = plain(error instanceof Error ? error.message : String(error)).slice(0, 300);
    return this.#failure('PROVIDER_UNAVAILABLE', `failed: ${says}`);
  }

  #failure(code: 'PROVIDER_UNAVAILABLE' | 'TIMEOUT', message: string): OrchestratorError {
    return new OrchestratorError(code, `${this.label} ${message}`, { provider: this.name });
  }
}
