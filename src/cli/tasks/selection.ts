import { Argument, type Command } from 'commander';
import { InvalidInputError } from '../../core/model/errors.js';
import { parseTaskAddress } from '../../core/model/taskId.js';
import { readLines } from '../standardInput.js';

/** Options of a command that is about several tasks. */
export interface SelectionOptions {
  readonly query?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Which tasks a command line names: one, several, or those that a filter admits. */
export interface Selected {
  readonly tasks?: string[];
  readonly query?: string;
  /** The one that was named, if it was one by its own name. */
  readonly one?: string;
}

/** For commands that take tasks or a filter. */
export function selectionOptions(command: Command): Command {
  return command
    .addArgument(new Argument('[task...]', 'tasks by id, start of an id, 12, #12 or T-12; or a filter; - reads them'))
    .option('--query <filter>', 'the tasks that this filter admits, such as: tag:api status:ready')
    .option('--dry-run', 'only show what would change')
    .option('-y, --yes', 'do not ask, however many tasks it is about');
}

/**
 * Tells tasks from a filter: what can be a task's name is one, and words with a colon are a filter. Throws INVALID_INPUT
 * where it is both or neither.
 */
export function readSelection(words: readonly string[], { query }: SelectionOptions): Selected {
  if (query !== undefined) {
    if (words.length === 0) return { query };
    throw new InvalidInputError('query', 'Give either tasks or --query, not both.');
  }
  if (words.length === 1 && words[0] === '-') return { tasks: readLines().flatMap(addressesIn) };
  if (words.length === 0)
    throw new InvalidInputError('tasks', 'Name a task, or give a filter such as tag:api, or --query.');
  const filters = words.filter((word) => parseTaskAddress(word) === undefined && word.includes(':'));
  if (filters.length === 0) return { tasks: [...words], ...(words.length === 1 && { one: words[0] }) };
  const names = words.filter((word) => parseTaskAddress(word) !== undefined);
  if (names.length === 0) return { query: words.join(' ') };
  throw new InvalidInputError(
    'tasks',
    `“${names[0]}” names a task and “${filters[0]}” is a filter. Give either; to search for a word write text:${names[0]}.`,
  );
}

/** For commands that may be about every open task too: an argument and two options. */
export function selectionOrAllOptions(command: Command): Command {
  return command
    .addArgument(new Argument('[task...]', 'tasks by id, start of an id, 12, #12 or T-12; or a filter; - reads them'))
    .option('--query <filter>', 'the tasks that this filter admits')
    .option('--all', 'every open task');
}

/** Neither tasks nor a filter: every open task. Throws INVALID_INPUT where that is not said, and where too much is. */
export function readSelectionOrAll(
  words: readonly string[],
  { all, ...options }: SelectionOptions & { readonly all?: boolean },
): Selected {
  if (!all) return readSelection(words, options);
  if (words.length === 0 && options.query === undefined) return {};
  throw new InvalidInputError('all', 'Give either tasks or --all, not both.');
}

/** The tasks that a line names: `[1a2b3c4d] Title - pending` as `tm list` prints it, or names between spaces or commas. */
function addressesIn(line: string): string[] {
  const listed = /^\[([0-9a-f]{8})\]/i.exec(line)?.[1];
  return listed === undefined ? line.split(/[\s,]+/).filter((word) => word !== '') : [listed];
}
