import {
  argumentText,
  type CommandReference,
  type OptionReference,
  usageOf,
  type ValueReference,
  withInner,
} from './reference.js';
import { bySection } from './sections.js';
import { ENVIRONMENT, EXIT_CODES, GLOBAL_OPTIONS } from './surroundings.js';

/** docs/cli.md. */
export function markdownReference(commands: readonly CommandReference[]): string {
  const sections = bySection(commands);
  const parts = [
    '# `tm`, command by command',
    'Written by `npm run docs` from the definitions of the commands; `tm man` and `tm help <command>` say the same.',
    sections
      .map(([title, inIt]) => `- **${title}**: ${inIt.map(({ name }) => `[${name}](#tm-${name})`).join(', ')}`)
      .join('\n'),
    'A task is named by its id, the start of its id, or its number: `1a2b3c4d`, `1a2`, `12`, `#12`, `T-12`. The store is found upward from the working folder. Data goes to stdout, messages go to stderr.',
    '## Every command',
    table(['option', 'meaning'], GLOBAL_OPTIONS),
    table(['variable', 'meaning'], ENVIRONMENT),
    table(['exit code', 'meaning'], EXIT_CODES),
    ...sections.flatMap(([title, inIt]) => [`## ${title}`, ...inIt.flatMap(withInner).flatMap(commandParts)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function commandParts(command: CommandReference): string[] {
  const { path, description, aliases, arguments: given, options, examples } = command;
  const level = path.includes(' ') ? '####' : '###';
  const alias = aliases.length > 0 ? ` Also: ${aliases.map((name) => `\`tm ${name}\``).join(', ')}.` : '';
  return [
    `${level} tm ${path}`,
    `${sentence(description)}${alias}`,
    `\`\`\`text\n${usageOf(command)}\n\`\`\``,
    ...(given.some(says) ? [table(['argument', 'meaning'], given.filter(says).map(argumentRow))] : []),
    ...(options.length > 0 ? [table(['option', 'meaning'], options.map(optionRow))] : []),
    ...(examples.length > 0
      ? [`\`\`\`sh\n${examples.map(({ line, says }) => `${line}  # ${says}`).join('\n')}\n\`\`\``]
      : []),
  ];
}

function says({ description, choices }: ValueReference): boolean {
  return description !== '' || choices.length > 0;
}

function argumentRow(argument: ValueReference): [string, string] {
  return [argumentText(argument), withChoices(argument.description, argument.choices)];
}

function optionRow({ flags, description, value, standard }: OptionReference): [string, string] {
  const text = withChoices(description, value?.choices ?? []);
  return [flags, standard === undefined ? text : `${text} (${standard} by itself)`];
}

function withChoices(description: string, choices: readonly string[]): string {
  if (choices.length === 0) return description;
  return description === '' ? choices.join(', ') : `${description}: ${choices.join(', ')}`;
}

function table(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [
    `| ${head[0]} | ${head[1]} |`,
    '|---|---|',
    ...rows.map(([left, right]) => `| \`${cell(left)}\` | ${cell(right)} |`),
  ].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
