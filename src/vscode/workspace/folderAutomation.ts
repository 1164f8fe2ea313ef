import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { ProjectAutomation } from '../../app/automation/projectAutomation.js';
import type { Automation, World } from '../../app/ports.js';
import { DiskPrograms } from '../../platform/programs/diskPrograms.js';
import type { StoreLocation } from '../../platform/storeLocation.js';
import type { Problems } from './problems.js';

/**
 * The hooks and plugins of a folder's store, as `tm` runs them: in a workspace that is trusted, where the person has
 * allowed them, here or by `tm hooks trust`. `product` is the folder with `tm.js`; `hear` is told too what they say.
 */
export function folderAutomation(
  location: StoreLocation,
  world: World,
  product: string,
  problems: Problems,
  hear?: (message: string) => void,
): Automation {
  const programs = new DiskPrograms({ ...location, product });
  const { folder, clock, actor } = world;
  const ask = (message: string) => {
    const { t } = vscode.l10n;
    const decide = (allowed: boolean) => () => {
      try {
        programs.decide(allowed);
      } catch (error) {
        problems.report(error);
      }
    };
    const show = () => {
      for (const path of programs.trust().changed)
        void vscode.window.showTextDocument(vscode.Uri.file(join(dirname(location.path), path)), { preview: false });
    };
    problems.warn(message, { [t('Show Files')]: show, [t('Trust')]: decide(true), [t('Do Not Run')]: decide(false) });
  };
  return new ProjectAutomation({
    programs,
    folder,
    clock,
    actor,
    enabled: () => vscode.workspace.isTrusted,
    report: (message, kind) => {
      hear?.(message);
      if (kind === 'trust') ask(message);
      else if (kind === 'warning') problems.warn(message);
      else problems.tell(message.split('\n'));
    },
  });
}
