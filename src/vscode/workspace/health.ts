import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { DoctorReport } from '../../app/doctor/doctor.js';
import { reachServices, type ServiceReach, serviceLines } from '../../app/doctor/services.js';
import { doctorSurroundings } from '../../platform/doctorSurroundings.js';
import { DiskFolder } from '../../platform/storeFolder.js';
import { chosenModels } from '../ai/chosenModels.js';
import { cancellable } from '../status/cancellable.js';
import type { PlanFolder } from './planFolder.js';
import type { Problems } from './problems.js';

/** Looks through the store, and at git and the runtimes where the workspace is trusted; uses no network. */
export async function examine(folder: PlanFolder): Promise<DoctorReport> {
  const { root } = folder.location;
  const doctor = await folder.doctor(vscode.workspace.isTrusted ? doctorSurroundings(root, process.env) : undefined);
  return doctor.diagnose();
}

/** Asks the model services that are set up whether they answer, and says so in the log and in a message. */
export async function checkServices(
  folder: PlanFolder,
  problems: Problems,
  secrets: vscode.SecretStorage,
): Promise<void> {
  const { t } = vscode.l10n;
  const source = await chosenModels(new DiskFolder(dirname(folder.location.path)), secrets);
  const services = await cancellable(t('Asking the model services…'), ({ signal }) => reachServices(source, signal));
  if (!services) return;
  problems.tell(serviceLines(services));
  const asked = services.filter(({ result }) => result !== 'not configured');
  const details = t('Show Details');
  const text = asked.length === 0 ? t('No model service is set up.') : asked.map(sentence).join(' · ');
  const isWell = asked.every(({ result }) => result === 'reachable');
  const show = isWell ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  if ((await show(text, details)) === details) problems.show();
}

function sentence({ label, result }: ServiceReach): string {
  const { t } = vscode.l10n;
  if (result === 'reachable') return t('{0} answers', label);
  return result === 'key refused' ? t('{0} refused the key', label) : t('{0} cannot be reached', label);
}
