import { CommanderError } from 'commander';
import { OrchestratorError } from '../core/model/errors.js';
import { EXIT, exitCodeOf } from './exitCode.js';
import { standardOutput } from './output.js';
import { createProgram } from './program.js';

/** Replaced by the build. */
declare const VERSION: string;

async function main(): Promise<number> {
  const context = { output: standardOutput, workingFolder: process.cwd() };
  try {
    await createProgram(context, VERSION, process.argv.slice(2)).parseAsync(process.argv);
    return EXIT.done;
  } catch (error) {
    // Commander has written its message already; help and version are not errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof OrchestratorError) {
      standardOutput.message(`Error: ${error.message}`);
      if (error.code === 'STORE_CORRUPT' && process.argv[2] !== 'doctor')
        standardOutput.message('“tm doctor” says what can be recovered.');
      return exitCodeOf(error.code);
    }
    throw error;
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    standardOutput.message(`Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(EXIT.refused);
  },
);
