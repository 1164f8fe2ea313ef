import { OrchestratorError } from '../core/model/errors.js';
import { plainLines } from '../core/model/plainText.js';
import { type Arguments, readArguments } from './arguments.js';
import type { CliContext } from './context.js';
import { EXIT, exitCodeOf } from './exitCode.js';
import { createOutput, type Output } from './terminal/output.js';

/** Replaced by the build. */
declare const VERSION: string;

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  let output: Output | undefined;
  try {
    const { words, agent, ...settings }: Arguments = readArguments(given);
    output = createOutput(settings);
    const context: CliContext = {
      output,
      workingFolder: process.cwd(),
      version: VERSION,
      ...(agent !== undefined && { agent }),
    };
    return await run(words, context);
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    const { message } = output ?? createOutput();
    message(error.details.verbatim ? error.message : `Error: ${plainLines(error.message)}`);
    if (error.code === 'STORE_CORRUPT' && given[0] !== 'doctor') message('“tm doctor” says what can be recovered.');
    return exitCodeOf(error);
  }
}

/** What needs no command's definition is answered without loading any. */
async function run(words: readonly string[], context: CliContext): Promise<number> {
  const [first, second] = words;
  const alone = words.length === 1;
  if (alone && (first === '--version' || first === '-V')) context.output.data(VERSION);
  else if (alone && (first === '--help' || first === '-h' || first === 'help'))
    await (await import('./surfaces/help.js')).showHelp(context);
  else if (first === '__complete')
    await (await import('./surfaces/complete.js')).completeWords(words.slice(1), context);
  else if (first === '__reference')
    await (await import('./surfaces/writeReference.js')).writeReference(second, context);
  else if (first === '__spinner') await (await import('./surfaces/spinner.js')).runSpinner();
  else if (words.length === 0 || (alone && first === '--json'))
    await (await import('./surfaces/overview.js')).showOverview(context, first === '--json');
  else return (await import('./surfaces/command.js')).runCommand(words, context);
  return EXIT.done;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    createOutput().message(`Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(EXIT.refused);
  },
);
