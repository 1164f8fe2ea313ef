import { Argument, type Command } from 'commander';
import type { CliContext } from '../context.js';
import { withExamples } from '../definition.js';
import { completionScript, SHELLS, type ShellName } from '../reference/completionScripts.js';
import { manPage } from '../reference/manPage.js';
import { readReference } from '../reference/readReference.js';

/** `tm completion` and `tm man`: the command line, for shells and for reading. */
export function addReferenceCommands(program: Command, context: CliContext): void {
  const { output } = context;
  withExamples(
    program
      .command('completion')
      .description('print the script with which a shell completes commands, options and tasks')
      .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
      .action((shell: ShellName) => output.data(completionScript(shell))),
    ['source <(tm completion bash)', 'in ~/.bashrc'],
    ['source <(tm completion zsh)', 'in ~/.zshrc, after compinit'],
    ['tm completion fish > ~/.config/fish/completions/tm.fish', 'once'],
  );
  withExamples(
    program
      .command('man')
      .description('print the manual page, in roff')
      .action(async () => {
        const commands = await readReference(async () => (await import('../program.js')).defineAll(context));
        output.data(manPage(commands, context.version).trimEnd());
      }),
    ['tm man | man -l -', 'read it'],
    ['tm man > ~/.local/share/man/man1/tm.1', 'for “man tm”'],
  );
}
