import type { Argument, Command, Option } from 'commander';
import { type Example, examplesOf } from '../definition.js';
import { sectionOf } from './sections.js';

/** What stands behind an option's name or in a command's arguments. */
export interface ValueReference {
  /** As it is called in the usage line, without its brackets. */
  readonly name: string;
  readonly required: boolean;
  readonly variadic: boolean;
  readonly description: string;
  readonly choices: readonly string[];
}

export interface OptionReference {
  /** As it is written in help: `-n, --limit <n>`. */
  readonly flags: string;
  readonly short?: string;
  readonly long?: string;
  /** Absent for one that is on or off. */
  readonly value?: ValueReference;
  readonly description: string;
  /** What holds where it is not given. */
  readonly standard?: string;
}

/** One command with everything that can be typed after it. */
export interface CommandReference {
  /** With those it belongs to: `dep add`. */
  readonly path: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly section: string;
  readonly description: string;
  readonly arguments: readonly ValueReference[];
  readonly options: readonly OptionReference[];
  readonly examples: readonly Example[];
  readonly commands: readonly CommandReference[];
}

/** The whole command line as data: what help, the man page, docs/cli.md and completion are made from. */
export function describeCommands(program: Command): readonly CommandReference[] {
  return program.commands.map((command) => describe(command, []));
}

function describe(command: Command, above: readonly string[]): CommandReference {
  const path = [...above, command.name()];
  return {
    path: path.join(' '),
    name: command.name(),
    aliases: command.aliases(),
    section: sectionOf(path[0] as string),
    description: command.description(),
    arguments: command.registeredArguments.map(argumentReference),
    options: command.options.filter((option) => !option.hidden).map(optionReference),
    examples: examplesOf(command),
    commands: command.commands.map((inner) => describe(inner, path)),
  };
}

function argumentReference(argument: Argument): ValueReference {
  const { required, variadic, description, argChoices: choices = [] } = argument;
  return { name: argument.name(), required, variadic, description, choices };
}

function optionReference(option: Option): OptionReference {
  const { flags, short, long, description, defaultValue, required, optional, variadic, argChoices } = option;
  const name = /[<[]([^\]>.]+)/.exec(flags)?.[1];
  const standard = defaultValue === undefined || defaultValue === false ? undefined : String(defaultValue);
  return {
    flags,
    ...(short !== undefined && { short }),
    ...(long !== undefined && { long }),
    ...((required || optional) && {
      value: { name: name ?? 'value', required, variadic, description: '', choices: argChoices ?? [] },
    }),
    description,
    ...(standard !== undefined && { standard }),
  };
}

/** `[task...]`, as in a usage line. */
export function argumentText({ name, required, variadic }: ValueReference): string {
  const text = variadic ? `${name}...` : name;
  return required ? `<${text}>` : `[${text}]`;
}

/** `tm dep add <task> <depends-on>`. */
export function usageOf({ path, arguments: given, commands, options }: CommandReference): string {
  const words = ['tm', path, ...given.map(argumentText)];
  if (commands.length > 0) words.push('<command>');
  if (options.length > 0) words.push('[options]');
  return words.join(' ');
}

/** A command and those below it, in their order. */
export function withInner(command: CommandReference): readonly CommandReference[] {
  return [command, ...command.commands.flatMap(withInner)];
}
