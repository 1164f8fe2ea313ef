import { Argument, type Command } from 'commander';
import type { ClientAction, ClientChange, ClientSetup, ClientView } from '../../app/clients/clientSetup.js';
import { CLIENT_IDS, type ClientId } from '../../core/clients/clients.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain, plainLines } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { withExamples } from '../definition.js';

interface ConfigOptions extends CommonOptions {
  readonly write?: boolean;
  readonly remove?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
}

/** `tm mcp config`: what other agents' clients need in their settings. Nothing is written unless it is asked for. */
export function addMcpConfig(mcp: Command, context: CliContext): void {
  const config = withJson(
    mcp.command('config').description("show what an agent's client needs in its settings; write it only when told"),
  )
    .addArgument(new Argument('[client]', 'absent: the list of all, and which are set up').choices(CLIENT_IDS))
    .option('--write', "write it into the client's file; everything else there stays as it is")
    .option('--remove', 'take it out again')
    .option('--dry-run', 'with --write or --remove: only say what would be done')
    .option('--force', 'also where somebody changed the entry since it was written')
    .option('-y, --yes', 'do not ask on a terminal')
    .action((client: ClientId | undefined, options: ConfigOptions) => run(context, client, options));
  withExamples(
    config,
    ['tm mcp config', 'the clients, their files, and which are set up'],
    ['tm mcp config claude-code', 'show the text and where it belongs; write nothing'],
    ['tm mcp config cursor --write', 'write it, after saying which file is touched'],
    ['tm mcp config cursor --remove', 'take it back: the file is as it was'],
  );
}

async function run(context: CliContext, client: ClientId | undefined, options: ConfigOptions): Promise<void> {
  const { write, remove, json } = options;
  if (write && remove) throw new InvalidInputError('remove', 'Give --write or --remove, not both.');
  const action: ClientAction | undefined = write ? 'write' : remove ? 'remove' : undefined;
  const setup = await setupIn(context);
  if (client === undefined) {
    if (action) throw new InvalidInputError('client', `Say for which client: tm mcp config CLIENT --${action}.`);
    await showAll(context, setup, json);
    return;
  }
  if (action) await change(context, setup, action, client, options);
  else show(context, setup.view(client), json);
}

async function setupIn({ workingFolder }: CliContext): Promise<ClientSetup> {
  const [{ ClientSetup }, { clientFiles }, { mcpLauncher }, { findStore, storeAt, storeIn }, { findWorktree }] =
    await Promise.all([
      import('../../app/clients/clientSetup.js'),
      import('../../platform/clientFiles.js'),
      import('../../platform/mcpLauncher.js'),
      import('../../platform/storeLocation.js'),
      import('../../platform/git.js'),
    ]);
  const variable = process.env.TM_DB_PATH;
  const location = variable
    ? storeAt(variable, workingFolder)
    : (findStore(workingFolder) ?? storeIn(findWorktree(workingFolder)?.root ?? workingFolder));
  return new ClientSetup({
    files: clientFiles(location.root, process.env),
    launcher: mcpLauncher(__dirname, process.env),
    store: location.path,
  });
}

async function showAll({ output }: CliContext, setup: ClientSetup, json: boolean | undefined): Promise<void> {
  const clients = setup.list();
  if (json) {
    output.data(JSON.stringify({ clients }));
    return;
  }
  const { rows } = await import('../terminal/rows.js');
  const columns = [
    { head: 'CLIENT', cell: ({ client }: ClientView) => client },
    { head: 'NAME', cell: ({ title }: ClientView) => title },
    { head: 'STATE', cell: ({ state }: ClientView) => state },
    { head: 'FILE', cell: ({ path }: ClientView) => plain(path ?? '-') },
  ];
  output.data(rows(output, columns, clients));
  for (const { problem } of clients) if (problem !== undefined) output.message(plain(problem));
  output.message('“tm mcp config CLIENT” shows what belongs into its file, and --write writes it.');
}

function show({ output }: CliContext, view: ClientView, json: boolean | undefined): void {
  if (json) {
    output.data(JSON.stringify(view));
    return;
  }
  const { title, path, state, launches, snippet, problem, note } = view;
  output.message(
    plain(path === null ? `${title}: put this where it keeps its MCP servers` : `${title}: ${path} (${state})`),
  );
  if (problem !== undefined) output.message(plain(problem));
  output.data(plainLines(snippet.trimEnd()));
  output.message(plain(`It starts ${launches}.`));
  if (note !== undefined) output.message(note);
  if (path !== null && state !== 'set up')
    output.message(`Nothing is written. “tm mcp config ${view.client} --write” does it.`);
}

async function change(
  { output }: CliContext,
  setup: ClientSetup,
  action: ClientAction,
  client: ClientId,
  { dryRun, force, yes, json }: ConfigOptions,
): Promise<void> {
  const planned = setup.plan(client, action);
  const isPerson = output.terminal && process.stdin.isTTY === true && !json;
  let sure = force;
  if (isPerson && !dryRun && !yes && planned.before !== planned.after) {
    const { path, after, state } = planned;
    if (state === 'changed') output.message('The entry there was changed since it was written.');
    const verb = after === undefined ? 'Remove the file' : action === 'write' ? 'Write to' : 'Take the entry out of';
    const { ask } = await import('../terminal/ask.js');
    const answer = await ask(plain(`${verb} ${path}? [y/N] `));
    if (!/^\s*y(es)?\s*$/i.test(answer)) throw new InvalidInputError('yes', 'Nothing was changed.');
    sure = true;
  }
  const done = setup.apply(action, { client, ...(sure && { force: true }), ...(dryRun && { dry_run: true }) });
  say(output, done, json);
}

function say(output: CliContext['output'], done: ClientChange, json: boolean | undefined): void {
  if (json) {
    output.data(JSON.stringify(done));
    return;
  }
  for (const file of done.files) output.data(plain(file));
  output.message(plain(done.message));
  if (done.note !== undefined && !done.dry_run) output.message(done.note);
}
