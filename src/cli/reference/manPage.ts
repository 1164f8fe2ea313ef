import { type CommandReference, type OptionReference, usageOf, withInner } from './reference.js';
import { bySection } from './sections.js';
import { ENVIRONMENT, EXIT_CODES, GLOBAL_OPTIONS } from './surroundings.js';

/** tm(1) in roff. */
export function manPage(commands: readonly CommandReference[], version: string): string {
  return [
    `.TH TM 1 "" "tm ${version}" "Task Orchestrator"`,
    '.SH NAME',
    'tm \\- tasks as a dependency graph, beside the code',
    '.SH SYNOPSIS',
    '.B tm',
    '.br',
    '.B tm',
    '\\fIcommand\\fR [\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    escaped(
      'Keeps the tasks of a project and what they depend on in a store beside the code, for people and agents at once. Alone it shows what is in progress and what is ready.',
    ),
    '.PP',
    escaped('A task is named by its id, the start of its id, or its number: 1a2b3c4d, 1a2, 12, #12, T-12.'),
    escaped('The store is found upward from the working folder. Data goes to standard output, messages to the other.'),
    ...bySection(commands).flatMap(([title, inIt]) => [
      `.SH ${escaped(title.toUpperCase())}`,
      ...inIt.flatMap(withInner).flatMap(commandLines),
    ]),
    '.SH OPTIONS OF EVERY COMMAND',
    ...GLOBAL_OPTIONS.flatMap(([flags, says]) => entry(flags, says)),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, says]) => entry(name, says)),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, says]) => entry(code, says)),
    '',
  ].join('\n');
}

function commandLines(command: CommandReference): string[] {
  const given = command.arguments.filter(({ description }) => description !== '');
  return [
    `.SS ${escaped(usageOf(command))}`,
    escaped(`${command.description}.`),
    ...given.flatMap(({ name, description }) => entry(name, description)),
    ...command.options.flatMap((option) => entry(option.flags, optionText(option))),
    ...(command.examples.length > 0 ? ['.PP', 'Examples:'] : []),
    ...command.examples.flatMap(({ line, says }) => entry(line, says)),
  ];
}

function optionText({ description, value, standard }: OptionReference): string {
  const choices = value?.choices.join(', ') ?? '';
  const text = [description, choices].filter((part) => part !== '').join(': ');
  return standard === undefined ? text : `${text} (${standard} by itself)`;
}

function entry(name: string, says: string): string[] {
  return ['.TP', `\\fB${escaped(name)}\\fR`, escaped(says)];
}

/** Text as roff prints it: no commands, no escapes, hyphens that can be copied. */
function escaped(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('\n', ' ');
  const ascii = [...plain].map((character) => (character < '\u0080' ? character : `\\[u${hexadecimal(character)}]`));
  return `${/^[.']/.test(plain) ? '\\&' : ''}${ascii.join('')}`;
}

function hexadecimal(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
