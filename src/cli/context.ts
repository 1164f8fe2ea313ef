import type { Command } from 'commander';
import { keepContextFiles } from '../app/collaboration/keepContextFiles.js';
import { InvalidInputError, OrchestratorError } from '../core/model/errors.js';
import { plain } from '../core/model/plainText.js';
import { taskName } from '../core/model/taskId.js';
import { readNumber } from '../store/repositories/taskRows.js';
import type { StoreChange } from '../store/store.js';
import { locateStore, openDirectly, openSession, type Session } from './session.js';
import type { Output } from './terminal/output.js';

/** What the commands share. */
export interface CliContext {
  readonly output: Output;
  readonly workingFolder: string;
  /** Who acts, if `--agent-id` says so. */
  readonly agent?: string;
  readonly version: string;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object instead of text');
}

/** For agents: which of their claims a change is made under. */
export function leaseOption(command: Command): Command {
  return command.option('--lease <n>', 'refuse if this claim of yours was lost');
}

/** The claim that `--lease` names. */
export function leaseOf({ lease }: { readonly lease?: string }): number | undefined {
  return lease === undefined ? undefined : wholeNumber('lease', lease);
}

/** Runs a command that only reads. */
export async function reading(context: CliContext, work: (session: Session) => void | Promise<void>): Promise<void> {
  await work(await openSession(locateStore(context.workingFolder), context));
}

/**
 * Runs a command that takes a short look, first without SQLite, which takes longer to start than most answers to find.
 * Where it turns out to be needed, what was said until then is forgotten and `work` runs again: it must do nothing but
 * read and say.
 */
export async function glancing(context: CliContext, work: (session: Session) => void | Promise<void>): Promise<void> {
  const direct = openDirectly(locateStore(context.workingFolder), context);
  const held = direct && context.output.hold();
  if (direct && held) {
    try {
      await work(direct);
      direct.store.rows?.verify();
      await held.release();
      return;
    } catch (error) {
      held.forget();
      // Only what was refused is an answer: in a damaged file anything may go wrong, and SQLite finds the words for it.
      if (error instanceof OrchestratorError && isSettled(direct)) throw error;
    } finally {
      direct.store.close();
    }
  }
  await reading(context, work);
}

/** False where another program wrote while the command read: then what it found wrong may not be. */
function isSettled({ store }: Session): boolean {
  try {
    store.rows?.verify();
    return true;
  } catch {
    return false;
  }
}

/** Runs a command that writes; a small store is then written out, so that any SQLite client sees the change. */
export async function writing(context: CliContext, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await openSession(locateStore(context.workingFolder), context);
  const changes: StoreChange[] = [];
  const stopListening = session.store.onDidChange((change) => changes.push(change));
  await work(session);
  stopListening();
  await keepFiles(context, session, changes);
  try {
    await session.store.checkpointIfDue();
  } catch (error) {
    // The work is done and durable in the journal; whoever writes next makes up for it.
    if (!(error instanceof OrchestratorError)) throw error;
  }
}

/** Brings the files of shared contexts and notes up to date, and takes over what somebody wrote into them. */
async function keepFiles({ output }: CliContext, { plan }: Session, changes: readonly StoreChange[]): Promise<void> {
  try {
    for (const message of await keepContextFiles(plan, changes)) output.message(plain(message));
  } catch (error) {
    // The command's own work is done.
    if (!(error instanceof OrchestratorError)) throw error;
    output.message(`Warning: the context files were not brought up to date: ${error.message}`);
  }
}

/** The number that an option gives. Throws INVALID_INPUT naming the option. */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidInputError(option, `--${option} ${text}: give a whole number.`);
  return Number(text);
}

/** How a task is called in messages. */
export function nameOf(session: Session): (id: string) => string {
  return (id) => {
    const number = readNumber(session.store, id);
    return number === undefined ? id : taskName(number);
  };
}
