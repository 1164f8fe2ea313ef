import type { Command } from 'commander';
import { Maintenance } from '../../app/maintenance/maintenance.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { addExamples } from '../definition.js';
import { locateStore, openSession, storeOptions, worldOf } from '../session.js';
import { withProgress } from '../terminal/progress.js';

interface MaintenanceOptions extends CommonOptions {
  readonly list?: boolean;
}

/** `tm backup`, `tm restore`, `tm checkpoint`: the store as a whole. */
export function addMaintenanceCommands(program: Command, context: CliContext): void {
  const { output, workingFolder } = context;
  const maintenance = () => {
    const location = locateStore(workingFolder);
    return new Maintenance(storeOptions(location, context), worldOf(location, context).actor);
  };

  withJson(
    program.command('backup').description('write everything to a SQLite file beside the store and print its path'),
  )
    .option('--list', 'list the backups, the newest first')
    .action(async ({ list, json }: MaintenanceOptions) => {
      if (!list) {
        const backup = await withProgress('Writing the backup', () => maintenance().backUp());
        output.data(json ? JSON.stringify({ backup }) : backup.path);
        return;
      }
      const backups = maintenance().backups();
      if (json) output.data(JSON.stringify({ backups }));
      else if (backups.length === 0) output.message('There are no backups yet');
      else output.data(backups.map(({ name, size }) => `${name}  ${Math.ceil(size / 1024)} KB`).join('\n'));
    });

  withJson(
    program.command('restore').description('put a backup in the place of everything, after a backup of what is there'),
  )
    .argument('[backup]', 'its name, its path, or latest')
    .action(async (name: string | undefined, { json }: MaintenanceOptions) => {
      if (name === undefined) {
        const names = maintenance()
          .backups()
          .map((one) => one.name);
        const known = names.length === 0 ? 'There are none yet.' : `There are ${names.join(', ')}.`;
        throw new InvalidInputError('backup', `Name the backup to restore, or latest. ${known}`);
      }
      const view = await withProgress('Putting the backup back', () => maintenance().restore(name, workingFolder));
      if (json) output.data(JSON.stringify(view));
      else {
        output.data(view.restored);
        output.message(`Restored${view.backup ? `; what was there before is in ${view.backup}` : ''}`);
      }
    });

  program
    .command('checkpoint')
    .description('write everything into tasks.db, so that any SQLite client sees it')
    .action(async () => {
      const { store } = await openSession(locateStore(workingFolder), context);
      await store.checkpoint();
    });
  addExamples(program, 'backup', ['tm backup', 'now'], ['tm backup --list', 'which there are']);
  addExamples(program, 'restore', ['tm restore latest', 'the newest backup']);
  addExamples(program, 'checkpoint', [
    "tm checkpoint && sqlite3 .task-orchestrator/tasks.db 'SELECT title FROM tasks'",
    'for other programs',
  ]);
}
