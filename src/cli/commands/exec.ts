import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { SANDBOX_CHOICES, type SandboxChoice } from '../../app/execution/codeRunner.js';
import type { ExecuteCodeResult } from '../../app/execution/executionInputs.js';
import { messageOf, type RunProposal } from '../../app/execution/executions.js';
import { CODE_LANGUAGES, type CodeLanguage, languageOf, languageOfFile } from '../../core/execution/language.js';
import { LIMITS } from '../../core/execution/limits.js';
import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, wholeNumber, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { executionsOf } from '../execution/executionsOf.js';
import { proposalText } from '../execution/runLines.js';
import { RunOutput } from '../execution/runOutput.js';
import { EXIT } from '../exitCode.js';
import { decimal } from '../numbers.js';
import type { Session } from '../session.js';
import { readStandardInput } from '../standardInput.js';
import { ask } from '../terminal/ask.js';

interface ExecOptions extends CommonOptions {
  readonly language?: string;
  readonly file?: string;
  readonly code?: string;
  readonly timeout?: string;
  readonly cwd?: string;
  readonly env?: readonly string[];
  readonly package?: readonly string[];
  readonly memory?: string;
  readonly network?: boolean;
  readonly sandbox?: SandboxChoice;
  readonly yes?: boolean;
  readonly exitCode?: boolean;
}

/** What a shell says of a program that was stopped at its time limit, and adds to the number of a signal. */
const TIMED_OUT = 124;
const SIGNALLED = 128;

/** `tm exec`: runs code for a task and keeps the run with it. */
export function addExec(program: Command, context: CliContext): void {
  const { timeout, memory } = LIMITS;
  const command = withJson(
    program.command('exec').description('run code for a task, within limits; the run is kept with it'),
  )
    .argument('<task>', 'id, start of an id, 12, #12 or T-12')
    .argument('[input]', '- reads the code from standard input')
    .option('-l, --language <name>', `${CODE_LANGUAGES.join(', ')}; else by the file's name, else the task's`)
    .option('-f, --file <file>', 'a file with the code')
    .option('-c, --code <text>', 'the code itself')
    .option('--timeout <seconds>', `then it is ended with all that it started (${timeout.default})`)
    .option('--cwd <folder>', 'where it runs: a folder of the workspace (its root)')
    .option('--env <names...>', 'environment variables to pass on, by name')
    .option('--package <names...>', 'packages of PyPI or npm for this run alone, such as requests==2.32.3')
    .option('--memory <mib>', `MiB of all its processes together (${memory.default})`)
    .option('--network', 'leave the network open in the sandbox')
    .addOption(new Option('--sandbox <when>', "the system's sandbox: auto, required or none").choices(SANDBOX_CHOICES))
    .option('--yes', 'approve it: nobody is asked')
    .option('--exit-code', "end with the code's own exit code; 128 and more after a signal, 124 at the time limit")
    .action((task: string, input: string | undefined, options: ExecOptions) => run(context, task, input, options));
  withExamples(
    command,
    ['tm execution allow', 'once, before the first run in a project on this machine'],
    ["tm exec 12 --language python --code 'print(6 * 7)'", 'shows it, asks, runs it, keeps the run with T-12'],
    ['tm exec 12 --file scripts/check.ts --timeout 10', 'the language by the name of the file'],
    ['git diff --stat | tm exec 12 -l bash --file summary.sh --yes --json', 'for a script: one JSON object at the end'],
    ['tm runs 12', 'what was run for T-12, and how it ended'],
  );
}

async function run(context: CliContext, task: string, input: string | undefined, options: ExecOptions): Promise<void> {
  const { output } = context;
  const code = readCode(context, input, options);
  let exit: number = EXIT.done;
  await writing(context, async (session) => {
    const executions = executionsOf(session);
    const shown = new RunOutput({ stdout: output.terminal, stderr: process.stderr.isTTY === true });
    const result = await interruptible((signal) =>
      executions.execute(
        {
          task_id: task,
          language: languageFor(session, task, options),
          code,
          ...(options.timeout !== undefined && { timeout: decimal('timeout', options.timeout) }),
          // As the shell means it: from the working folder.
          ...(options.cwd !== undefined && { working_directory: resolve(context.workingFolder, options.cwd) }),
          ...(options.package && { packages: [...options.package] }),
          ...(options.env && { environment: [...options.env] }),
          ...(options.memory !== undefined && { memory: wholeNumber('memory', options.memory) }),
          ...(options.network && { network: true }),
          ...(options.sandbox && { sandbox: options.sandbox }),
        },
        {
          signal,
          ...(options.json ? {} : { onOutput: (stream, bytes) => shown.write(stream, bytes) }),
          ...approval(context, options),
        },
      ),
    );
    shown.end();
    say(context, result, options);
    exit = exitOf(result, options);
  });
  // It has said what there is to say.
  if (exit !== EXIT.done) process.exit(exit);
}

/** Exactly one of a file, a text and standard input. */
function readCode({ workingFolder }: CliContext, input: string | undefined, { file, code }: ExecOptions): string {
  if (input !== undefined && input !== '-')
    throw new InvalidInputError(
      'input',
      `“${plain(input)}” is not taken: give --code TEXT, --file FILE, or - for standard input.`,
    );
  const given = [input, file, code].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new InvalidInputError('code', 'Give the code once: --code TEXT, --file FILE, or - for standard input.');
  if (code !== undefined) return code;
  if (file === undefined || file === '-') return readStandardInput();
  try {
    return readFileSync(resolve(workingFolder, file), 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new NotFoundError(`${plain(file)} cannot be read: ${(error as Error).message}`);
  }
}

function languageFor({ tasks }: Session, task: string, { language, file }: ExecOptions): CodeLanguage {
  const known = (word: string, where: string) => {
    const found = languageOf(word);
    if (found) return found;
    throw new InvalidInputError(
      'language',
      `${where} “${plain(word)}” cannot be run: give one of ${CODE_LANGUAGES.join(', ')}.`,
    );
  };
  if (language !== undefined) return known(language, 'Code in');
  const byName = file === undefined ? undefined : languageOfFile(file);
  if (byName) return byName;
  const { codeLanguage } = tasks.get(tasks.resolve(task));
  if (codeLanguage !== undefined) return known(codeLanguage, "Code in the task's language");
  throw new InvalidInputError('language', `Say what the code is written in: --language ${CODE_LANGUAGES.join('|')}.`);
}

/** Who decides: the person on the terminal, or `--yes`. */
function approval({ output }: CliContext, { yes, json }: ExecOptions) {
  if (yes) return { approve: () => true };
  const canAsk = process.stderr.isTTY === true && process.stdin.isTTY === true && !json;
  if (!canAsk) return {};
  return {
    approve: async (proposal: RunProposal) => {
      output.message(proposalText(proposal));
      return /^y(es)?$/i.test((await ask('Run this? [y/N] ')).trim());
    },
  };
}

/** Ctrl-C ends the run and not `tm`, so that what was said until then is kept; a second one ends both. */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listen = () => {
    if (abort.signal.aborted) process.exit(SIGNALLED + 2);
    abort.abort();
  };
  for (const signal of signals) process.on(signal, listen);
  try {
    return await work(abort.signal);
  } finally {
    for (const signal of signals) process.off(signal, listen);
  }
}

function say({ output }: CliContext, result: ExecuteCodeResult, { json }: ExecOptions): void {
  if (json) {
    output.data(JSON.stringify(result));
    return;
  }
  const { execution, confinement } = result;
  // What was never shown has to be: the code did not write it.
  if (execution.exit_code === null && execution.signal === null && execution.error)
    output.message(execution.error.trim());
  if (execution.truncated) output.message(`Output beyond ${LIMITS.output / 1024} KiB of a stream was left out.`);
  const held =
    confinement === null
      ? ''
      : ` Sandbox: ${confinement.sandbox}${confinement.reason ? ` (${plain(confinement.reason)})` : ''}.`;
  const told = confinement === null ? result.message : messageOf(execution);
  output.message(`${plain(told)}${held} “tm runs ${execution.task.number} ${execution.id}” shows it again.`);
}

function exitOf({ execution }: ExecuteCodeResult, { exitCode }: ExecOptions): number {
  if (!exitCode) return execution.status === 'completed' ? EXIT.done : EXIT.refused;
  if (execution.stopped_by === 'time') return TIMED_OUT;
  if (execution.signal !== null)
    return SIGNALLED + (process.getBuiltinModule('node:os').constants.signals[execution.signal as NodeJS.Signals] ?? 0);
  return execution.exit_code ?? EXIT.refused;
}
