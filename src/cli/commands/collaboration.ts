import { readFileSync } from 'node:fs';
import { Argument, type Command } from 'commander';
import { Collaboration } from '../../app/collaboration/collaboration.js';
import type { ContextView, EventType, EventView } from '../../app/collaboration/collaborationInputs.js';
import { contextFiles, notesFile, sharedFile } from '../../app/collaboration/contextPaths.js';
import { plain, plainLines } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { actingAs } from '../identity.js';
import type { Session } from '../session.js';

interface ContextOptions extends CommonOptions {
  readonly shared?: string;
  readonly limit?: string;
  readonly all?: boolean;
}

/** Entries shown unless told otherwise, as users of seed 000's tool know it. */
const SHOWN = 20;

const task = () => new Argument('<task>', 'id, start of an id, 12, #12 or T-12');

/** What each kind of entry says when it is in, with the task's id, on stdout. */
const ENTERED: Readonly<Record<EventType, (task: string) => string>> = {
  update: (task) => `Shared update for task ${task}`,
  note: (task) => `Note added: Added private note for task ${task}`,
  discovery: (task) => `Discovery shared for task ${task}`,
  sync: (task) => `Sync: Created sync point for task ${task}`,
  progress: () => 'Progress update added',
};

/** `tm join, share, note, discover, sync, progress, context, participants`. */
export function addCollaborationCommands(program: Command, context: CliContext): void {
  const { output } = context;

  const enter = async (type: EventType, name: string, words: readonly string[], { json }: CommonOptions) =>
    writing(context, async (session) => {
      const text = textOf(words);
      if (type === 'update') adviseName(context, session);
      const { task, entry } = await new Collaboration(session.plan).add({ task: name, type, text });
      if (type === 'note') await createFiles(context, session, [notesFile(task, entry.agent)]);
      output.data(json ? JSON.stringify({ task, event: entry }) : ENTERED[type](task));
    });

  const entering = (name: string, type: EventType, description: string, ...examples: [string, string][]) =>
    withExamples(
      withJson(program.command(name).description(description))
        .addArgument(task())
        .argument('<text...>', 'what to say; - reads standard input')
        .action(async (name: string, words: string[], options: CommonOptions) => enter(type, name, words, options)),
      ...examples,
    );

  withExamples(
    withJson(
      program.command('join').description('take part in a task; writes its shared context and your notes as files'),
    )
      .addArgument(task())
      .action(async (name: string, { json }: CommonOptions) =>
        writing(context, async (session) => {
          const { task, entry } = await new Collaboration(session.plan).join(name);
          await createFiles(context, session, [sharedFile(task), notesFile(task, entry.agent)]);
          output.data(json ? JSON.stringify({ task, participant: entry }) : `Joined task: ${task}`);
        }),
      ),
    ['tm join 12', 'take part in T-12; its context is then in contexts/<id>.yaml beside the store'],
  );
  entering(
    'share',
    'update',
    'share an update with everybody on a task; @name tells that agent',
    ['tm share 12 The schema is in docs/schema.md', 'tell those who work on T-12'],
    ['tm share 12 "@bob please look at the migration"', 'bob is told'],
    ['git diff --stat | tm share 12 -', 'share what another program says'],
  );
  entering('note', 'note', 'keep a private note on a task, for yourself alone', [
    'tm note 12 Try the other index first',
    'only you see it, in “tm context 12” and in notes/',
  ]);
  entering('discover', 'discovery', 'share a finding; all agents are told', [
    'tm discover 12 The API limits uploads to 5 MB',
    'everybody finds it in “tm notifications”',
  ]);
  entering('sync', 'sync', 'set a sync point: a state that others may rely on', [
    'tm sync 12 Interfaces are frozen',
    'shown as [sync] in the context',
  ]);
  entering(
    'progress',
    'progress',
    'say how far a task is, with a percentage at the start if there is one',
    ['tm progress 12 60% "parser done, tests left"', 'the last percentage counts'],
    ['tm progress 12 Waiting for the review', 'without one'],
  );

  withExamples(
    withJson(program.command('context').description('show what was shared on a task, and your own notes on it'))
      .addArgument(task())
      .option('--shared <text>', 'share this first, as “tm share” does')
      .option('-n, --limit <n>', 'at most so many shared entries, the last ones', String(SHOWN))
      .option('--all', 'all shared entries')
      .action(async (name: string, options: ContextOptions) => {
        const { shared, json, all } = options;
        if (shared !== undefined) return enter('update', name, [shared], options);
        return reading(context, async (session) => {
          const limit = all || json ? undefined : wholeNumber('limit', options.limit ?? '');
          const view = new Collaboration(session.plan).context({ task: name, limit });
          if (json) output.data(JSON.stringify(view));
          else await showContext(context, view);
          await tellOfEdits(context, session, view.task);
        });
      }),
    ['tm context 12', 'the last 20 entries and your notes'],
    ['tm context 12 --json', 'everything, for programs'],
  );

  withExamples(
    withJson(program.command('participants').description('list who joined a task'))
      .addArgument(task())
      .action(async (name: string, { json }: CommonOptions) =>
        reading(context, ({ plan }) => {
          const view = new Collaboration(plan).participants(name);
          if (json) output.data(JSON.stringify(view));
          else if (view.participants.length === 0) output.message(`Nobody has joined ${view.name}`);
          else output.data(view.participants.map((one) => `${plain(one.agent)} - joined ${one.joinedAt}`).join('\n'));
        }),
      ),
    ['tm participants 12', 'who takes part in T-12, and since when'],
  );
}

/** The words as one text; `-` alone is standard input. */
export function textOf(words: readonly string[]): string {
  return words.length === 1 && words[0] === '-' ? readFileSync(0, 'utf8') : words.join(' ');
}

/** For scripts that forget it: others cannot tell who shares. */
function adviseName(context: CliContext, session: Session): void {
  const { name, source } = actingAs(context, session);
  if (source === 'git' || source === 'account')
    context.output.message(`TM_AGENT_ID not set: shared in the name of ${plain(name)}.`);
}

async function createFiles({ output }: CliContext, { plan }: Session, files: ReturnType<typeof sharedFile>[]) {
  const { ContextKeeper } = await import('../../app/collaboration/contextKeeper.js');
  const { messages } = await new ContextKeeper(plan).keep(files, { create: true });
  for (const message of messages) output.message(plain(message));
}

async function showContext({ output }: CliContext, view: ContextView): Promise<void> {
  const { bold, dim } = output.style;
  const head = output.terminal
    ? [bold(`${view.name}  ${plain(view.title)}`), dim(contextFacts(view))]
    : [`Task: ${view.task}`, `Created: ${view.createdAt}`];
  const shared = view.shared.length > 0 ? ['', bold('Shared Context:'), ...view.shared.map(sharedLine)] : [];
  const notes =
    view.notes.length > 0 ? ['', bold('Your Notes:'), ...view.notes.map(({ text }) => indented('  ', text))] : [];
  await output.page([...head, ...shared, ...notes].join('\n'));
  if (view.shared.length === 0) output.message('No shared context');
  if (view.truncated)
    output.message(`${view.shared.length} of ${view.total} shared entries shown; --all shows them all`);
}

function contextFacts({ task, percent, participants, createdAt }: ContextView): string {
  const facts = [task, `created ${createdAt.slice(0, 10)}`];
  if (percent !== undefined) facts.push(`${percent}%`);
  if (participants.length > 0) facts.push(`with ${participants.map(({ agent }) => plain(agent)).join(', ')}`);
  return facts.join(' · ');
}

function sharedLine({ type, agent, text }: EventView): string {
  return indented(`  [${plain(type)}] ${plain(agent)}: `, text);
}

/** The text behind a beginning; its further lines are indented, so that none can pass for an entry of its own. */
function indented(beginning: string, text: string): string {
  return beginning + plainLines(text).replaceAll('\n', '\n    ');
}

async function tellOfEdits({ output }: CliContext, { plan }: Session, id: string): Promise<void> {
  const files = contextFiles(plan.world.folder, plan.world.actor).filter((file) => file.task === id);
  if (files.length === 0) return;
  const { ContextKeeper } = await import('../../app/collaboration/contextKeeper.js');
  const keeper = new ContextKeeper(plan);
  for (const file of files.filter((one) => keeper.isEdited(one)))
    output.message(`${file.path} was edited; the next tm command that changes something takes that over.`);
}
