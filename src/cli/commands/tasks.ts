import { Argument, type Command, Option } from 'commander';
import type { StatusChange } from '../../app/tasks/tasks.js';
import type { TaskListView } from '../../app/tasks/taskView.js';
import { InvalidInputError } from '../../core/model/errors.js';
import {
  type CliContext,
  type CommonOptions,
  leaseOf,
  leaseOption,
  nameOf,
  reading,
  wholeNumber,
  withJson,
  writing,
} from '../context.js';
import { addExamples } from '../definition.js';
import { listLine, listTable, releasedSentence, showLines } from '../format.js';
import type { Session } from '../session.js';

interface FieldOptions extends CommonOptions {
  readonly description?: string;
  readonly priority?: string;
  readonly type?: string;
  readonly assignee?: string;
  readonly tag?: string[];
  readonly parent?: string;
  readonly due?: string;
  readonly notBefore?: string;
  readonly estimate?: string;
}

interface AddOptions extends FieldOptions {
  readonly dependsOn?: string[];
  readonly file?: string[];
}

interface UpdateOptions extends FieldOptions {
  readonly title?: string;
  readonly lease?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly force?: boolean;
}

interface ListOptions extends CommonOptions {
  readonly status?: string[];
  readonly assignee?: string;
  readonly priority?: string[];
  readonly tag?: string[];
  readonly sort?: string;
  readonly limit?: string;
}

interface StatusOptions extends CommonOptions {
  readonly summary?: string;
  readonly lease?: string;
  readonly reason?: string;
  readonly force?: boolean;
}

const TASK = new Argument('<task>', 'id, start of an id, 12, #12 or T-12');

export function addAdd(program: Command, context: CliContext): void {
  fieldOptions(program.command('add').description('create a task and print its id').argument('<title>'))
    .option('--depends-on <task...>', 'tasks that must be completed first')
    .option('--file <path:line:end...>', 'places in the code')
    .action(async (title: string, options: AddOptions) =>
      writing(context, async (session) => {
        const task = await session.tasks.create({
          title,
          ...fields(options),
          parent: options.parent,
          dependsOn: options.dependsOn,
          fileRefs: options.file,
        });
        if (options.json) context.output.data(JSON.stringify({ task }));
        else {
          context.output.data(task.id);
          if (context.output.terminal) context.output.message(`${task.name} created`);
        }
      }),
    );
  addExamples(
    program,
    'add',
    ["tm add 'Write the parser' -p high --tag api", 'a task, by its title'],
    ["tm add 'Test it' --depends-on T-1 T-2 --file src/parse.ts:10:40", 'waits for two others, and says where'],
    ["ID=$(tm add 'Release' --due 2026-12-01)", 'in a script'],
  );
}

export function addList(program: Command, context: CliContext): void {
  withJson(program.command('list').description('list tasks'))
    .argument('[query...]', 'filter, such as: status:ready tag:api sort:-priority')
    .option(
      '--status <status...>',
      'only these: pending, in_progress, blocked, completed, cancelled, ready, waiting, open',
    )
    .option('--priority <priority...>', 'only these')
    .option('--assignee <name>', 'only of this one; none for unassigned')
    .option('--tag <tag...>', 'only with all of these')
    .option('--sort <keys>', 'order, priority, created, updated, due, number, title, status; - before one reverses it')
    .option('--limit <n>', 'at most so many')
    .action(async (query: string[], options: ListOptions) =>
      reading(context, async (session) => {
        const limit = options.limit === undefined ? undefined : wholeNumber('limit', options.limit);
        const list = session.tasks.list({
          query: [...query, ...terms(options)].join(' '),
          limit,
        });
        await printList(context, session, list, options);
      }),
    );
  addExamples(
    program,
    'list',
    ['tm list status:open tag:api sort:-priority', 'the filter language'],
    ['tm list --assignee ann --limit 20', 'the same with options'],
    ["tm list --json status:ready | jq -r '.tasks[].id'", 'for scripts'],
  );
}

export function addReady(program: Command, context: CliContext): void {
  withJson(program.command('ready').description('list what can be started now, most urgent first'))
    .option('-n, --limit <n>', 'at most so many')
    .action(async (options: ListOptions) =>
      reading(context, async (session) => {
        const limit = options.limit === undefined ? undefined : wholeNumber('limit', options.limit);
        await printList(context, session, session.tasks.ready(limit), options);
      }),
    );
  withJson(program.command('next').description('show the ready task to start next')).action(
    async (options: CommonOptions) =>
      reading(context, async (session) => {
        const task = session.tasks.next();
        if (options.json) context.output.data(JSON.stringify({ task: task ?? null }));
        else if (task)
          context.output.data(
            context.output.terminal ? await listTable([task], nameOf(session), context.output) : listLine(task),
          );
        else context.output.message('Nothing is ready.');
      }),
  );
  addExamples(program, 'ready', ['tm ready -n 5', 'the five most urgent']);
  addExamples(program, 'next', ['tm start $(tm next --json | jq -r .task.id)', 'start it']);
}

export function addShow(program: Command, context: CliContext): void {
  withJson(program.command('show').description('show a task'))
    .addArgument(TASK)
    .action(async (name: string, options: CommonOptions) =>
      reading(context, async (session) => {
        const task = session.tasks.get(name);
        if (options.json) context.output.data(JSON.stringify({ task }));
        else await context.output.page(showLines(task, nameOf(session), context.output.style));
      }),
    );
  addExamples(
    program,
    'show',
    ['tm show T-12', 'everything about a task'],
    ['tm show 1a2b --json', 'by the start of its id, for scripts'],
  );
}

export function addUpdate(program: Command, context: CliContext): void {
  leaseOption(
    fieldOptions(
      program.command('update').description('change a task; an empty value clears a field').addArgument(TASK),
    ),
  )
    .option('--title <text>')
    .option('--status <status>', 'pending, in_progress, blocked, completed or cancelled')
    .option('--reason <text>', 'why it is blocked or cancelled')
    .option('--force', 'although dependencies are open')
    .action(async (name: string, options: UpdateOptions) =>
      writing(context, async (session) => {
        const { title, status, json, lease: _lease, ...others } = options;
        if (Object.keys(options).every((option) => option === 'json' || option === 'lease')) {
          throw new InvalidInputError(
            'options',
            'Nothing to change: give --title, --status, --priority or another option.',
          );
        }
        if (status === undefined && (options.reason !== undefined || options.force)) {
          throw new InvalidInputError('status', '--reason and --force go with --status: give that too.');
        }
        const change = await session.tasks.change({
          task: name,
          title,
          ...changedFields(others),
          status,
          ...statusOptions(options),
          lease: leaseOf(options),
        });
        reportReleased(context, session, change);
        context.output.data(json ? JSON.stringify({ task: change.task }) : `Task ${change.task.id} updated`);
      }),
    );
  addExamples(
    program,
    'update',
    ['tm update T-12 --priority critical --assignee ann', 'change two fields'],
    ["tm update T-12 --status blocked --reason 'waits for the key'", 'say why'],
    ["tm update T-12 --due ''", 'clear a field'],
  );
}

export function addStatusCommands(program: Command, context: CliContext): void {
  const add = (name: string, status: string, description: string, said: string) =>
    leaseOption(withJson(program.command(name).description(description)))
      .addArgument(TASK)
      .option('--force', 'although dependencies are open')
      .action(async (task: string, options: StatusOptions) =>
        writing(context, async (session) => {
          const change = await session.tasks.setStatus({
            task,
            status,
            ...statusOptions(options),
            lease: leaseOf(options),
          });
          if (options.json) context.output.data(JSON.stringify(change));
          else context.output.message(`Task ${change.task.id} ${said} (${change.task.name})`);
          reportReleased(context, session, change);
        }),
      );
  add('start', 'in_progress', 'start a task', 'started');
  add('complete', 'completed', 'complete a task and release what waits for it', 'completed').option(
    '--summary <text>',
    'what was done',
  );
  addExamples(program, 'start', ['tm start T-12', 'you work on it']);
  addExamples(program, 'complete', ["tm complete T-12 --summary 'Parses all of it'", 'and release what waits for it']);
}

export function addDelete(program: Command, context: CliContext): void {
  withJson(program.command('delete').description('move a task, its dependencies and references to the trash'))
    .addArgument(TASK)
    .action(async (name: string, options: CommonOptions) =>
      writing(context, async (session) => {
        const task = await session.tasks.delete(name);
        context.output.data(options.json ? JSON.stringify({ task }) : `Task ${task.id} deleted`);
      }),
    );
  addExamples(program, 'delete', ['tm delete T-12', '“tm trash restore T-12” puts it back']);
}

function fieldOptions(command: Command): Command {
  return withJson(command)
    .option('-d, --description <text>', 'Markdown')
    .option('-p, --priority <priority>', 'critical, high, medium, low or background')
    .option('--type <type>', 'kind of work, such as feature or bug')
    .option('--assignee <name>')
    .addOption(new Option('--tag <tag...>', 'tags'))
    .option('--parent <task>', 'the task that this is a part of')
    .option('--due <date>', '2026-12-01 or an ISO time')
    .option('--not-before <date>', 'not to be started before')
    .option('--estimate <hours>', 'estimated hours');
}

function fields({ description, priority, type, assignee, tag, due, notBefore, estimate }: FieldOptions) {
  const estimatedHours = estimate === undefined ? undefined : numberOf('estimate', estimate);
  return { description, priority, type, assignee, tags: tag, due, notBefore, estimatedHours };
}

/** The same for a change: an empty value clears the field if it may be empty. */
function changedFields(options: FieldOptions) {
  const clearable = ['description', 'assignee', 'due', 'notBefore'] as const;
  const empty = clearable.filter((field) => options[field] === '').map((field) => [field, null]);
  return {
    ...fields({ ...options, estimate: options.estimate || undefined }),
    ...Object.fromEntries(empty),
    ...(options.estimate === '' && { estimatedHours: null }),
    tags: options.tag?.filter((tag) => tag !== ''),
    parent: options.parent === '' ? null : options.parent,
  };
}

function statusOptions({ reason, summary, force }: StatusOptions) {
  return { reason: reason || undefined, summary: summary || undefined, force };
}

function terms({ status, priority, assignee, tag, sort }: ListOptions): string[] {
  const quoted = (key: string, value: string) => `${key}:${/^[^\s"]+$/.test(value) ? value : JSON.stringify(value)}`;
  return [
    ...(status ?? []).map((value) => quoted('status', value)),
    ...(priority ?? []).map((value) => quoted('priority', value)),
    ...(assignee === undefined ? [] : [quoted('assignee', assignee)]),
    ...(tag ?? []).map((value) => quoted('tag', value)),
    ...(sort === undefined ? [] : [`sort:${sort}`]),
  ];
}

async function printList(
  { output }: CliContext,
  session: Session,
  list: TaskListView,
  options: CommonOptions,
): Promise<void> {
  if (options.json) output.data(JSON.stringify(list));
  else if (list.tasks.length === 0) output.message('No tasks found');
  else if (output.terminal) await output.page(await listTable(list.tasks, nameOf(session), output));
  else output.data(list.tasks.map(listLine).join('\n'));
  if (list.truncated && !options.json)
    output.message(`${list.tasks.length} of ${list.total} shown; raise --limit for more.`);
}

function reportReleased({ output }: CliContext, session: Session, { task, released }: StatusChange): void {
  const sentence = releasedSentence(released.map(nameOf(session)));
  if (sentence) output.message(`${task.name} done · ${sentence}`);
}

function numberOf(field: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidInputError(field, `--${field} ${text}: give a number.`);
  return value;
}
