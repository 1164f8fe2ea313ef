import { dirname } from 'node:path';
import type { Command } from 'commander';
import { OrchestratorError } from '../core/model/errors.js';
import { plain } from '../core/model/plainText.js';
import { hasPrograms } from '../platform/programs/projectFolders.js';
import { findStore, type StoreLocation, storeAt } from '../platform/storeLocation.js';
import type { CliContext } from './context.js';
import { EXIT } from './exitCode.js';

/** Adds the command of that name that one of the project's plugins has; nothing where none has, or none is trusted. */
export async function addPluginCommand(program: Command, context: CliContext, name: string): Promise<void> {
  const location = storeHere(context.workingFolder);
  if (!location || !hasPrograms(dirname(location.path))) return;
  const hooks = (await import('./automation.js')).hooksOf(location, context);
  const plugins = await hooks.plugins();
  if (plugins.length > 0 && hooks.list().trust !== 'trusted')
    context.output.message(
      'The plugins of this project are not trusted: their commands are not there. See “tm hooks list”.',
    );
  for (const { file, problem } of plugins)
    if (problem !== undefined) context.output.message(`Warning: plugin ${plain(file)} ${plain(problem)}`);
  const owners = plugins.filter((plugin) => plugin.commands.some((command) => command.name === name));
  const [owner, ...others] = owners;
  if (!owner) return;
  if (others.length > 0)
    context.output.message(
      `“${name}” is taken from ${owner.file}; ${others.map((one) => one.file).join(', ')} has one too.`,
    );
  const description = owner.commands.find((command) => command.name === name)?.description ?? '';
  program
    .enablePositionalOptions()
    .command(name)
    .description(description || `of the plugin ${owner.name}`)
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { localWorld } = await import('../platform/world.js');
      const actor = context.agent ?? localWorld(location).actor();
      const end = await hooks.runCommand(owner.file, name, words, actor);
      if (end.problem !== undefined)
        throw new OrchestratorError('EXECUTION_DISABLED', `Plugin ${owner.file}: ${end.problem}`);
      const code = end.code ?? EXIT.refused;
      // It has said what there is to say.
      if (code !== EXIT.done) process.exit(code);
    });
}

function storeHere(folder: string): StoreLocation | undefined {
  const variable = process.env.TM_DB_PATH;
  return variable ? storeAt(variable, folder) : findStore(folder);
}
