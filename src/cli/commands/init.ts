import type { Command } from 'commander';
import { findStore, storeExists } from '../../platform/storeLocation.js';
import type { CliContext } from '../context.js';
import { addExamples } from '../definition.js';
import { newStoreLocation, openSession } from '../session.js';

/** `tm init`: makes a store. */
export function addInit(program: Command, context: CliContext): void {
  program
    .command('init')
    .description('make a task store in this folder')
    .option('--shared', 'one for all git worktrees of this repository, in its git folder')
    .action(async ({ shared = false }: { shared?: boolean }) => {
      const location = newStoreLocation(context.workingFolder, shared);
      const existed = storeExists(location);
      const other = shared && !existed ? findStore(context.workingFolder) : undefined;
      if (other) context.output.message(`Note: ${other.path} is nearer and is used as long as it exists.`);
      const { store } = await openSession(location, context);
      await store.initialise();
      context.output.data('Task database initialized');
      if (existed) context.output.message('It was there already: nothing was changed.');
    });
  addExamples(
    program,
    'init',
    ['tm init', 'in the project’s folder'],
    ['tm init --shared', 'one plan for all worktrees of the repository'],
  );
}
