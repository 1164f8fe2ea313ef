import { Command } from 'commander';

/** Where what commander says goes. */
export interface HelpOutput {
  /** Help that was asked for. */
  help(text: string): void;
  /** What is wrong with what was typed. */
  mistake(text: string): void;
  readonly width: number;
}

/** `tm` without its commands. */
export function createCommand(output: HelpOutput, version: string): Command {
  return new Command('tm')
    .description('Tasks as a dependency graph, beside the code. The store is found upward from the working folder.')
    .version(version)
    .configureOutput({
      writeOut: (text) => output.help(text.trimEnd()),
      writeErr: (text) => output.mistake(text.trimEnd()),
      getOutHelpWidth: () => output.width,
      getErrHelpWidth: () => output.width,
    })
    .showSuggestionAfterError()
    .exitOverride();
}

/** Lines that show how a command is used: in its help, the man page and the documentation. */
export interface Example {
  readonly line: string;
  readonly says: string;
}

const EXAMPLES = new WeakMap<Command, readonly Example[]>();

/** Gives a command its examples, as pairs of what is typed and what that does. */
export function withExamples(command: Command, ...examples: readonly [line: string, says: string][]): Command {
  const list = examples.map(([line, says]) => ({ line, says }));
  EXAMPLES.set(command, list);
  const width = Math.max(...list.map(({ line }) => line.length));
  const lines = list.map(({ line, says }) => `  ${line.padEnd(width)}  ${says}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

export function examplesOf(command: Command): readonly Example[] {
  return EXAMPLES.get(command) ?? [];
}

/** The same for a command that is made in several steps, by its words: `dep add`. */
export function addExamples(
  program: Command,
  path: string,
  ...examples: readonly [line: string, says: string][]
): void {
  const command = path
    .split(' ')
    .reduce<Command | undefined>((above, name) => above?.commands.find((one) => one.name() === name), program);
  if (!command) throw new Error(`There is no command ${path} to give examples to.`);
  withExamples(command, ...examples);
}
