import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { guidance } from '../../app/enforcement/surroundings.js';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { addExamples, withExamples } from '../definition.js';
import { projectLocation } from '../enforcement.js';
import { BlockedError, orchestration } from '../orchestration.js';
import { newStoreLocation, openSession } from '../session.js';
import { ask } from '../terminal/ask.js';

/** `tm validate-orchestration`, `tm fix-orchestration`: whether agents can work together here, and setting that up. */
export function addOrchestrationCommands(program: Command, context: CliContext): void {
  const { output, workingFolder } = context;

  withJson(
    program.command('validate-orchestration').description('say whether agents are set up to work together here'),
  ).action(async ({ json }: CommonOptions) => {
    const view = await orchestration(context, projectLocation(workingFolder));
    if (json) output.data(JSON.stringify(view));
    else output.data(view.valid ? '✅ Orchestration context is valid' : guidance(view.violations));
    if (!view.valid) throw new BlockedError(`${view.violations.length} of 3 conditions are not met.`);
  });

  const fix = program
    .command('fix-orchestration')
    .description('set up what agents need here, asking before each step; what the shell has to do is printed on stdout')
    .option('--interactive', 'ask, on stderr, and read the answers from stdin')
    .action(async ({ interactive }: { interactive?: boolean }) => {
      if (!interactive)
        throw new OrchestratorError('EXECUTION_DISABLED', 'Use --interactive flag: tm fix-orchestration --interactive');
      await mend(context);
    });
  withExamples(fix, ['eval "$(tm fix-orchestration --interactive)"', 'set up this shell too']);
  addExamples(program, 'validate-orchestration', [
    'tm validate-orchestration && ./agent.sh',
    'only where it is in order',
  ]);
}

async function mend(context: CliContext): Promise<void> {
  const { output, workingFolder } = context;
  const { violations } = await orchestration(context, projectLocation(workingFolder));
  let open = violations.length;
  if (open > 0) output.message(guidance(violations));
  // The store first: the launcher goes beside it.
  for (const { kind } of [...violations].reverse()) {
    const mended = await { agent: nameAgent, executable: writeLauncher, store: makeStore }[kind](context);
    if (mended) open -= 1;
  }
  if (open > 0) throw new BlockedError(`❌ Violations Found: ${open}`);
  output.message('✅ Orchestration context is valid');
}

async function makeStore(context: CliContext): Promise<boolean> {
  if (!(await agreed('Make a task store here? (y/N): '))) return false;
  const location = projectLocation(context.workingFolder) ?? newStoreLocation(context.workingFolder, false);
  const { store } = await openSession(location, context);
  await store.initialise();
  context.output.message('Task database initialized');
  return true;
}

async function writeLauncher(context: CliContext): Promise<boolean> {
  const location = projectLocation(context.workingFolder);
  const program = process.argv[1];
  if (!location || program === undefined) return false;
  const folder = join(dirname(location.path), 'bin');
  if (!(await agreed(`Write a tm for this project into ${folder}? (y/N): `))) return false;
  const windows = process.platform === 'win32';
  const file = join(folder, windows ? 'tm.cmd' : 'tm');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    file,
    windows
      ? `@"${process.execPath}" "${program}" %*\r\n`
      : `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(program)} "$@"\n`,
  );
  chmodSync(file, 0o755);
  context.output.data(windows ? `set PATH=${folder};%PATH%` : `export PATH=${quoted(folder)}:"$PATH"`);
  return true;
}

async function nameAgent({ output }: CliContext): Promise<boolean> {
  const name = (await ask('Name of the agent that works here (empty: leave it): ')).trim();
  if (name === '') return false;
  if (name.startsWith('-') || /\p{Cc}/u.test(name))
    throw new InvalidInputError('agent', 'The name of an agent does not begin with a dash and is on one line.');
  output.data(process.platform === 'win32' ? `set TM_AGENT_ID=${name}` : `export TM_AGENT_ID=${quoted(name)}`);
  return true;
}

async function agreed(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(question)).trim());
}

/** A word as a POSIX shell takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
