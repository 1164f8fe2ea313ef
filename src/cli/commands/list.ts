import { type Command, Option } from 'commander';
import { parseGroupKey } from '../../core/query/group.js';
import { parseQuery, QUERY_KEYS, SORT_KEYS } from '../../core/query/query.js';
import { type CliContext, type CommonOptions, glancing, wholeNumber, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { splitTags } from '../tasks/fieldOptions.js';
import { formatOf, LIST_FORMATS, type ListFormat, printLines, printList } from '../tasks/printList.js';

interface ListOptions extends CommonOptions {
  readonly format?: ListFormat;
  readonly limit?: string;
  readonly all?: boolean;
  readonly sort?: string;
  readonly archived?: boolean;
}

interface FilterOptions extends ListOptions {
  readonly status?: string[];
  readonly assignee?: string;
  readonly priority?: string[];
  readonly tag?: string[];
  readonly hasDeps?: boolean;
  /** False for `--no-deps`. */
  readonly deps?: boolean;
  readonly unassigned?: boolean;
  readonly overdue?: boolean;
  readonly isBlocked?: boolean;
  readonly recent?: boolean;
  readonly groupBy?: string;
}

/** A person who asks for everything is shown so many; `--all` and `--limit` show more, and scripts always get all. */
const TERMINAL_LIMIT = 100;
/** Newest first, as seed 000's tool lists. */
const USUAL_ORDER = 'sort:-created,-number';

/** `tm list` and `tm search`. */
export function addListCommands(program: Command, context: CliContext): void {
  addList(program, context);
  addSearch(program, context);
}

function addList(program: Command, context: CliContext): void {
  const command = listOptions(
    program
      .command('list')
      .description('list tasks, the newest first')
      .argument('[query...]', 'filter, such as: status:ready tag:api due:<friday sort:-priority'),
  )
    .option(
      '--status <status...>',
      'only these: pending, in_progress, blocked, completed, cancelled, ready, waiting, open',
    )
    .option('--priority <priority...>', 'only these')
    .option('--assignee <name>', 'only of this one; none for unassigned')
    .option('--tag <tag...>', 'only with all of these')
    .option('--has-deps', 'only with dependencies')
    .option('--no-deps', 'only without dependencies')
    .option('--unassigned', 'only those that nobody has')
    .option('--overdue', 'only open ones whose time has passed')
    .option('--is-blocked', 'only those that are blocked or wait for others')
    .option('--recent', 'only those that changed in the last 7 days, the last changed first')
    .option(
      '--group-by <key>',
      'in groups: by status, state, priority, assignee, tag, type, project, milestone, parent',
    )
    .action(async (query: string[], options: FilterOptions) =>
      show(context, [...query, ...terms(options)].join(' '), options, options.groupBy),
    );
  withExamples(
    command,
    ['tm list --status ready --tag api', 'what can be started of the API'],
    ["tm list 'due:<friday -is:unassigned sort:due'", 'with the filter language'],
    ['tm list --overdue --group-by assignee', 'who is late'],
    ['tm list status:ready --format ids | tm update - --assignee ann', 'ids for another command'],
  );
}

function addSearch(program: Command, context: CliContext): void {
  const command = listOptions(
    program
      .command('search')
      .description('look for words in titles, tags, descriptions and the other texts of tasks')
      .argument('<words...>', 'words that must all be there, "two words" together; also terms such as status:open'),
  ).action(async (words: string[], options: ListOptions) => {
    const terms = [...words.map(searchTerm), ...(options.archived ? ['is:archived'] : []), ...sortTerm(options)];
    await show(context, terms.join(' '), options);
  });
  withExamples(
    command,
    ['tm search login timeout', 'tasks with both words'],
    ['tm search "null pointer" status:open', 'a phrase, in open tasks'],
    ['tm search login is:archived', 'in the archive'],
  );
}

function listOptions(command: Command): Command {
  return withJson(command)
    .addOption(new Option('--format <format>', 'how to print').choices([...LIST_FORMATS]))
    .option('--sort <keys>', `${SORT_KEYS.join(', ')}; - before one reverses it`)
    .option('--limit <n>', 'at most so many')
    .option('--all', 'everything, also on a terminal')
    .option('--archived', 'those that were put away');
}

async function show(context: CliContext, query: string, options: ListOptions, groupBy?: string): Promise<void> {
  await glancing(context, async (session) => {
    const group = groupBy === undefined ? undefined : parseGroupKey(groupBy);
    const format = formatOf(context, options);
    const cut = format === 'table' && context.output.terminal && !options.all;
    const given = options.limit === undefined ? undefined : wholeNumber('limit', options.limit);
    const sorted = parseQuery(query).sort.length > 0 ? query : `${query} ${USUAL_ORDER}`;
    const input = { query: sorted, limit: given ?? (cut ? TERMINAL_LIMIT : undefined) };
    const more = given === undefined ? 'tm list --all shows all of them, a filter fewer' : 'raise --limit for more';
    if (group === undefined && (format === 'plain' || format === 'ids'))
      await printLines(context, session.tasks.lines(input), { format, more });
    else await printList(context, session, session.tasks.list(input), { ...options, group, more });
  });
}

function terms(options: FilterOptions): string[] {
  const { status, priority, assignee, tag, hasDeps, deps, unassigned, overdue, isBlocked, archived } = options;
  const given: [boolean | undefined, string][] = [
    [hasDeps, 'has:deps'],
    [deps === false, '-has:deps'],
    [unassigned, 'is:unassigned'],
    [overdue, 'is:overdue'],
    [isBlocked, 'is:blocked'],
    [archived, 'is:archived'],
    [options.recent, 'updated:>=-7d'],
  ];
  return [
    ...(status ?? []).map((value) => quoted('status', value)),
    ...(priority ?? []).map((value) => quoted('priority', value)),
    ...(assignee === undefined ? [] : [quoted('assignee', assignee)]),
    ...splitTags(tag ?? []).map((value) => quoted('tag', value)),
    ...given.filter(([wanted]) => wanted).map(([, term]) => term),
    ...sortTerm(options),
    ...(options.recent ? ['sort:-updated'] : []),
  ];
}

function sortTerm({ sort }: ListOptions): string[] {
  return sort === undefined ? [] : [`sort:${sort}`];
}

/** A word as it is, or a term of the filter language where it begins with one of its keys. */
function searchTerm(word: string): string {
  const key = /^-?([a-z]+)(?:\.\S+)?:\S/i.exec(word)?.[1]?.toLowerCase();
  if (key !== undefined && [...QUERY_KEYS, 'sort'].some((known) => known === key)) return word;
  return quoted('text', word, true);
}

function quoted(key: string, value: string, always = false): string {
  return `${key}:${!always && /^[^\s"]+$/.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`}`;
}
