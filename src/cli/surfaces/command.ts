import { type Command, CommanderError } from 'commander';
import { plainLines } from '../../core/model/plainText.js';
import type { CliContext } from '../context.js';
import { EXIT } from '../exitCode.js';
import { createProgram } from '../program.js';

/** Runs the command that was typed, and returns what `tm` exits with. `tm help add` is `tm add --help`. */
export async function runCommand(typed: readonly string[], context: CliContext): Promise<number> {
  const words = typed[0] === 'help' ? [...typed.slice(1), '--help'] : [...typed];
  const { output } = context;
  const help: string[] = [];
  const program = await createProgram(context, context.version, words[0], {
    help: (text) => help.push(text),
    mistake: (text) => output.message(plainLines(text)),
    width: output.width,
  });
  const known = program.commands.some(
    (command) => command.name() === words[0] || command.aliases().includes(words[0] ?? ''),
  );
  if (!known && /^phase-/.test(words[0] ?? '')) {
    output.message('Error: Phase management is unavailable in this distribution. A task’s phase is its --phase NAME.');
    return EXIT.refused;
  }
  try {
    // Commander would answer `--help` for everything; what it is asked about has to be there.
    await program.parseAsync(known ? words : words.filter((word) => word !== '--help' && word !== '-h'), {
      from: 'user',
    });
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.missingArgument') output.message(usageOf(program, words));
    if (help.length > 0) await output.page(help.join('\n'));
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

/** How the command is used that these words begin with. */
function usageOf(program: Command, words: readonly string[]): string {
  const path: string[] = [];
  let command = program;
  for (const word of words) {
    const inner = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!inner) break;
    path.push(inner.name());
    command = inner;
  }
  return `Usage: tm ${path.join(' ')} ${command.usage()}`;
}
