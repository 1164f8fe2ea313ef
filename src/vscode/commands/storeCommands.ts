import * as vscode from 'vscode';
import type { DoctorReport } from '../../app/doctor/doctor.js';
import type { Handlers } from '../manifest.js';
import { say } from '../status/say.js';
import { dateTime, fileSize } from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';

/** Commands about a store as a whole, also about one that cannot be opened. */
export function storeCommands(folders: PlanFolders, problems: Problems, secrets: vscode.SecretStorage): Handlers {
  const { t } = vscode.l10n;

  /** Says what a look at the store found: in the status bar when that is nothing, else with what can be done. */
  const tell = async (folder: PlanFolder, report: DoctorReport): Promise<void> => {
    const { reportLines } = await import('../../app/doctor/reportLines.js');
    problems.tell(reportLines(report));
    const found = report.findings.filter((finding) => finding.severity !== 'note');
    const [first] = found;
    if (!first) {
      say(report.fixed ? t('The task store is repaired') : t('The task store is healthy'));
      return;
    }
    const [repair, details] = [t('Repair'), t('Show Details')];
    const more = found.length > 1 ? ` ${t('And {0} more.', found.length - 1)}` : '';
    const canRepair = !report.fixed && found.some((finding) => finding.fix !== undefined);
    const answer = await vscode.window.showWarningMessage(
      `${first.what}${more}`,
      ...(canRepair ? [repair] : []),
      details,
    );
    if (answer === details) problems.show();
    if (answer !== repair) return;
    const after = await working(t('Repairing the task store…'), async () => (await folder.doctor()).repair());
    await folder.takeUp();
    await tell(folder, after);
  };
  const chosen = async (key: unknown): Promise<PlanFolder | undefined> =>
    typeof key === 'string' ? folders.require(key) : folders.choose();

  return {
    'taskOrchestrator.store.check': async (key) => {
      const folder = await chosen(key);
      if (!folder) return;
      const { examine } = await import('../workspace/health.js');
      await tell(folder, await working(t('Checking the task store…'), () => examine(folder)));
    },
    'taskOrchestrator.model.check': async (key) => {
      const folder = await chosen(key);
      if (folder) await (await import('../workspace/health.js')).checkServices(folder, problems, secrets);
    },
    'taskOrchestrator.store.migrate': async (key) => {
      const old = folders.distinct.filter((folder) => folder.storeProblem?.code === 'SCHEMA_TOO_OLD');
      const folder = typeof key !== 'string' && old.length === 1 ? old[0] : await chosen(key);
      if (!folder) return;
      const { backup } = await working(t('Migrating the task store…'), () => folder.maintenance.migrate());
      await folder.takeUp();
      say(backup ? t('Task store migrated · backup in {0}', shown(backup)) : t('The task store is up to date'));
    },
    'taskOrchestrator.store.backUp': async (key) => {
      const folder = await chosen(key);
      if (!folder) return;
      const { path } = await working(t('Backing up the task store…'), () => folder.maintenance.backUp());
      say(t('Task store backed up to {0}', shown(path)));
    },
    'taskOrchestrator.store.restore': async (key) => {
      const folder = await chosen(key);
      if (!folder) return;
      const items = folder.maintenance.backups().map(({ at, name, path, size }) => ({
        label: dateTime(at),
        description: fileSize(size),
        detail: name,
        path,
      }));
      if (items.length === 0) {
        say(t('There is no backup of this task store'));
        return;
      }
      const picked = await vscode.window.showQuickPick(items, {
        placeHolder: t('Backup to put in the place of everything; what is there now is backed up first'),
        matchOnDetail: true,
      });
      if (!picked) return;
      const { root } = folder.location;
      const { backup } = await working(t('Restoring the task store…'), () =>
        folder.maintenance.restore(picked.path, root),
      );
      await folder.takeUp();
      say(backup ? t('Task store restored · what was there is in {0}', shown(backup)) : t('Task store restored'));
    },
  };
}

/** Shows that something takes its time. */
function working<T>(title: string, work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}

function shown(path: string): string {
  return vscode.workspace.asRelativePath(path);
}
