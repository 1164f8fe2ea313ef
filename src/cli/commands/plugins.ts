import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { PluginView } from '../../app/automation/hooks.js';
import { NotFoundError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { hooksOf, shippedFile } from '../automation.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { locateStore } from '../session.js';

/** `tm plugins`: the project's own modules, and what is needed for writing one. */
export function addPluginsCommand(program: Command, context: CliContext): void {
  const { output } = context;
  const plugins = withExamples(
    program.command('plugins').description('modules of the project that extend tm'),
    ['tm plugins list', 'what there is, with the commands that it adds'],
    ['tm plugins types > plugin.d.ts', 'the types of a plugin'],
    ['tm plugins example time-tracking > .task-orchestrator/plugins/time-tracking.mjs', 'take the example'],
  );
  withJson(plugins.command('list', { isDefault: true }).description('list the plugins and their commands')).action(
    async ({ json }: CommonOptions) => {
      const hooks = hooksOf(locateStore(context.workingFolder), context);
      const [list, { trust, changed }] = [await hooks.plugins(), hooks.list()];
      if (json) output.data(JSON.stringify({ trust, changed, plugins: list }));
      else if (list.length === 0) output.message('There are no plugins.');
      else {
        output.data(list.map(pluginText).join('\n'));
        if (trust !== 'trusted')
          output.message('They are not trusted and do not run. Look at them, then “tm hooks trust”.');
      }
    },
  );
  plugins
    .command('types')
    .description('print the TypeScript types of a plugin')
    .action(() => output.data(readFileSync(shippedFile('plugin.d.ts'), 'utf8').trimEnd()));
  plugins
    .command('example')
    .description('print an example that ships with tm; without a name their names')
    .argument('[name]')
    .action((name: string | undefined) => {
      const names = readdirSync(shippedFile('plugins')).map((file) => file.replace(/\.mjs$/, ''));
      if (name === undefined) output.data(names.join('\n'));
      else if (!names.includes(name))
        throw new NotFoundError(`There is no example “${name}”. There is ${names.join(', ')}.`);
      else output.data(readFileSync(shippedFile('plugins', `${name}.mjs`), 'utf8').trimEnd());
    });
}

function pluginText({ file, name, version, commands, problem }: PluginView): string {
  if (problem !== undefined) return `${plain(file)} - ${plain(problem)}`;
  if (name === undefined) return `${plain(file)} - not trusted`;
  const lines = commands.map((command) => `  tm ${plain(command.name)}  ${plain(command.description)}`.trimEnd());
  return [`${plain(file)} - ${plain(name)} ${plain(version ?? '')}`, ...lines].join('\n');
}
