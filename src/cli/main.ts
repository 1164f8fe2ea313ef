import { CommanderError } from 'commander';
import { OrchestratorError } from '../core/model/errors.js';
import { readArguments } from './arguments.js';
import { EXIT, exitCodeOf } from './exitCode.js';
import { createProgram } from './program.js';
import { standardOutput } from './terminal/output.js';

/** Replaced by the build. */
declare const VERSION: string;

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  try {
    const { agent, words } = readArguments(given);
    const context = { output: standardOutput, workingFolder: process.cwd(), ...(agent !== undefined && { agent }) };
    await (await createProgram(context, VERSION, words[0])).parseAsync(words, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    // Commander has written its message already; help and version are not errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof OrchestratorError)) throw error;
    standardOutput.message(error.details.verbatim ? error.message : `Error: ${error.message}`);
    if (error.code === 'STORE_CORRUPT' && given[0] !== 'doctor')
      standardOutput.message('“tm doctor” says what can be recovered.');
    return exitCodeOf(error);
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    standardOutput.message(`Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(EXIT.refused);
  },
);
