import type { Command } from 'commander';
import { type AppliedMigration, Migrations } from '../../app/maintenance/migrations.js';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { locateStore, storeOptions, worldOf } from '../session.js';

interface MigrateOptions extends CommonOptions {
  readonly status?: boolean;
  readonly dryRun?: boolean;
  readonly apply?: boolean;
  readonly rollback?: boolean;
  readonly check?: boolean;
  readonly validate?: boolean;
  readonly restore?: boolean;
  readonly backup?: boolean;
  readonly yes?: boolean;
}

/** `tm migrate`: a store of an older version, or of tm 2.x, up to date, and back. */
export function addMigrate(program: Command, context: CliContext): void {
  const { output, workingFolder } = context;
  const migrations = () => {
    const location = locateStore(workingFolder);
    return new Migrations(storeOptions(location, context), worldOf(location, context).folder);
  };
  const command = withJson(
    program.command('migrate').description('bring a store of an older version, or of tm 2.x, up to date'),
  )
    .option('--status', 'say which migrations were applied and which are pending (as without an option)')
    .option('--check', 'the same as --status')
    .option('--dry-run', 'say what would change')
    .option('--validate', 'the same as --dry-run, which compares every value')
    .option('--apply', 'do it, after a backup; asks first on a terminal')
    .option('--rollback', 'put the backup of the last migration back, after a backup of what is there')
    .option('--backup', 'the same as tm backup; --apply makes one anyway')
    .option('--restore', 'the same as --rollback')
    .option('-y, --yes', 'do not ask')
    .action(async (given: MigrateOptions) => {
      const { status, check, dryRun, validate, rollback, restore } = given;
      const options = { ...given, dryRun: Boolean(dryRun || validate), rollback: Boolean(rollback || restore) };
      const chosen = [status || check, options.dryRun, options.apply, options.rollback].filter(Boolean).length;
      if (chosen > 1)
        throw new InvalidInputError('options', 'Give one of --status, --dry-run, --apply and --rollback.');
      if (given.backup && chosen === 0) {
        const location = locateStore(workingFolder);
        const { Maintenance } = await import('../../app/maintenance/maintenance.js');
        const store = new Maintenance(storeOptions(location, context), worldOf(location, context).actor);
        const backup = await store.backUp();
        if (options.json) output.data(JSON.stringify({ backup }));
        else output.message(`Backup created: ${plain(backup.path)}`);
      } else if (options.apply) await apply(context, migrations(), options);
      else if (options.rollback) await rollBack(context, migrations(), options);
      else {
        const state = await migrations().status();
        if (options.json) output.data(JSON.stringify(state));
        else output.data((options.dryRun ? dryRunLines(state) : statusLines(state)).join('\n'));
      }
    });
  withExamples(
    command,
    ['tm migrate --dry-run', 'what bringing the store up to date would change'],
    ['tm migrate --apply', 'do it, after a backup'],
    ['tm migrate --rollback', 'back to the store before the last migration'],
  );
}

async function apply({ output }: CliContext, migrations: Migrations, { json, yes }: MigrateOptions): Promise<void> {
  const status = await migrations.status();
  if (
    status.steps.length > 0 &&
    !yes &&
    !(await confirmed(output.terminal, `Apply ${status.steps.length} migrations?`))
  ) {
    output.message('Nothing was changed');
    return;
  }
  const done = await migrations.apply();
  if (json) {
    output.data(JSON.stringify(done));
    return;
  }
  if (done.steps.length === 0) {
    output.message('No pending migrations: the store is already up to date');
    return;
  }
  if (done.backup) output.message(`Backup created: ${done.backup}`);
  for (const { version, description } of done.steps) {
    output.message(`Applying migration ${numberOf(version)}: ${description}`);
    output.message(`✓ Migration ${numberOf(version)} applied`);
  }
  for (const line of conversionLines(done)) output.message(line);
  if (done.setAside) output.message(`Files of tm 2.x that were taken over are in ${done.setAside}`);
  for (const { path, reason } of done.unread ?? [])
    output.message(plain(`Not read, left where it is: ${path} (${reason})`));
  output.message('The store is up to date');
}

async function rollBack({ output }: CliContext, migrations: Migrations, { json, yes }: MigrateOptions): Promise<void> {
  const question =
    'Put the store back to what it was before the last migration? What changed since is kept as a backup only.';
  if (!yes && !(await confirmed(output.terminal, question))) {
    output.message('Nothing was changed');
    return;
  }
  const done = await migrations.rollBack();
  if (!done) throw new OrchestratorError('INVALID_TRANSITION', 'No backups available: no migration made one.');
  if (json) {
    output.data(JSON.stringify(done));
    return;
  }
  output.message('Rollback will restore from backup');
  output.message(`Restoring from: ${done.restored}`);
  output.message('Database restored from backup');
  if (done.backup) output.message(`What was there before is in ${done.backup}`);
}

/** True without asking where nobody is there to answer. */
async function confirmed(terminal: boolean, message: string): Promise<boolean> {
  if (!terminal || process.stdin.isTTY !== true) return true;
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false });
  return !isCancel(answer) && answer;
}

function statusLines({ applied, steps }: AppliedMigration): string[] {
  const names = (list: readonly { readonly version: number }[]) =>
    list.length === 0 ? 'None' : list.map(({ version }) => numberOf(version)).join(', ');
  return [
    `Applied migrations: ${names(applied)}`,
    `Pending migrations: ${names(steps)}`,
    `Up to date: ${steps.length === 0 ? 'Yes' : 'No'}`,
    `${applied.length} applied, ${steps.length} pending`,
  ];
}

function dryRunLines(status: AppliedMigration): string[] {
  if (status.steps.length === 0) return ['No pending migrations: nothing would be changed, the store is up to date'];
  return [
    ...status.steps.map(({ version, description }) => `Would apply: ${numberOf(version)} - ${description}`),
    ...conversionLines(status).map((line) => `  ${line}`),
    'These changes would be made after a backup; nothing was changed. “tm migrate --apply” makes them.',
  ];
}

/** What of a store of tm 2.x is found again in the new one. */
function conversionLines({ compared = [], notes = [] }: AppliedMigration): string[] {
  if (compared.length === 0) return [];
  const lines = ['Compared, there and here:'];
  for (const { what, there, here, missing } of compared) {
    lines.push(`  ${here === there ? '✓' : '✗'} ${what}: ${here} of ${there}`);
    for (const one of missing) lines.push(plain(`      missing: ${one}`));
  }
  if (notes.length > 0) lines.push('Not as it was:');
  for (const { field, says, count, examples } of notes)
    lines.push(plain(`  ${field}: ${says} (${count}: ${examples.join(', ')}${count > examples.length ? ', …' : ''})`));
  return lines;
}

function numberOf(version: number): string {
  return String(version).padStart(3, '0');
}
