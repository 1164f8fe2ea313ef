import type { Style } from '../terminal/style.js';
import type { CommandReference } from './reference.js';
import { bySection } from './sections.js';
import { ENVIRONMENT, EXIT_CODES, GLOBAL_OPTIONS } from './surroundings.js';

/** `tm --help`: every command in a line, by what it is for. */
export function overviewHelp(commands: readonly CommandReference[], version: string, style: Style): string {
  const width = Math.max(...commands.map(({ name }) => name.length), ...GLOBAL_OPTIONS.map(([flags]) => flags.length));
  const lines = (rows: readonly (readonly [string, string])[]) =>
    rows.map(([left, right]) => `  ${style.cyan(left)}${' '.repeat(width - left.length)}  ${right}`);
  const part = (title: string, rows: readonly (readonly [string, string])[]) => ['', style.bold(title), ...lines(rows)];
  return [
    `tm ${version}: tasks as a dependency graph, beside the code.`,
    '',
    'tm                        what is in progress and what is ready',
    'tm <command> [options]    “tm help <command>” has its options and examples',
    ...bySection(commands).flatMap(([title, inIt]) =>
      part(
        title,
        inIt.map(({ name, description }) => [name, description]),
      ),
    ),
    ...part('Options of every command', GLOBAL_OPTIONS),
    ...part('Environment', ENVIRONMENT),
    ...part('Exit codes', EXIT_CODES),
    '',
    'A task is named by its id, the start of its id, or its number: 1a2b3c4d, 1a2, 12, #12, T-12.',
    'The store is found upward from the working folder.',
  ].join('\n');
}
