import * as vscode from 'vscode';
import type { ModelSource, StoreFolder } from '../../app/ports.js';
import { readSettings } from '../../app/settings/settingsFile.js';
import { MODEL_CHOICES, type ModelSettings } from '../../core/settings/settings.js';
import { modelSource } from '../../platform/models/modelSource.js';
import { settings } from '../manifest.js';
import { editorModel } from './editorModel.js';
import { keptKeys } from './modelKeys.js';

/** The editor's settings where they say something, else those of the project, if its workspace is trusted. */
export async function chosenModels(folder: StoreFolder, secrets: vscode.SecretStorage): Promise<ModelSource> {
  const own = settings.model();
  const project = vscode.workspace.isTrusted ? (await readSettings(folder)).models : undefined;
  const provider = MODEL_CHOICES.find((choice) => choice === own.provider) ?? 'auto';
  const merged: ModelSettings = {
    provider: provider === 'auto' ? (project?.provider ?? 'auto') : provider,
    model: own.model.trim() || (project?.model ?? ''),
    base_url: own.base_url.trim() || (project?.base_url ?? ''),
  };
  return modelSource({ env: process.env, settings: merged, keys: keptKeys(secrets), lent: await editorModel() });
}
