import * as vscode from 'vscode';
import { checkModelAddress } from '../../core/model/modelAddress.js';
import type { KeptKeys } from '../../platform/models/modelSource.js';
import { messageOf } from '../commands/steps.js';
import { settings } from '../manifest.js';
import { say } from '../status/say.js';

const PREFIX = 'taskOrchestrator.modelKey.';

/** A service that a key can be kept for; a key for an address is used for no other one. */
interface Place {
  readonly label: string;
  readonly secret: string;
}

/** The keys in the editor's secret storage. */
export function keptKeys(secrets: vscode.SecretStorage): KeptKeys {
  return {
    of: async (provider, address) => (await secrets.get(secretOf(provider, address)))?.trim() || undefined,
  };
}

export async function setKey(secrets: vscode.SecretStorage): Promise<void> {
  const { t } = vscode.l10n;
  const place = await vscode.window.showQuickPick(places(), { placeHolder: t('Service that the key is for') });
  if (!place) return;
  const key = await vscode.window.showInputBox({
    title: t('Key for {0}', place.label),
    prompt: t("It is kept in the editor's secret storage, and sent to this service only."),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? t('Enter the key, or press Escape.') : undefined),
  });
  if (!key?.trim()) return;
  await secrets.store(place.secret, key.trim());
  say(t('Key for {0} kept', place.label));
}

export async function removeKey(secrets: vscode.SecretStorage): Promise<void> {
  const { t } = vscode.l10n;
  const kept = await Promise.all(places().map(async (place) => ((await secrets.get(place.secret)) ? [place] : [])));
  const offered = kept.flat();
  if (offered.length === 0) {
    say(t('No key is kept'));
    return;
  }
  const place = await vscode.window.showQuickPick(offered, { placeHolder: t('Key to remove') });
  if (!place) return;
  await secrets.delete(place.secret);
  say(t('Key for {0} removed', place.label));
}

function places(): Place[] {
  const { base_url: given } = settings.model();
  const isAddress = given !== '' && messageOf(checkModelAddress, given) === undefined;
  const address = isAddress ? checkModelAddress(given) : undefined;
  return [
    { label: 'Anthropic', secret: secretOf('anthropic') },
    { label: 'OpenAI', secret: secretOf('openai') },
    ...(address === undefined ? [] : [{ label: address, secret: secretOf('compatible', address) }]),
  ];
}

function secretOf(provider: string, address?: string): string {
  return `${PREFIX}${provider}${address === undefined ? '' : `.${address}`}`;
}
