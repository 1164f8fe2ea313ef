import type { CliContext } from '../context.js';
import { overviewHelp } from '../reference/overviewHelp.js';
import { readReference } from '../reference/readReference.js';

/** `tm --help`: all commands, a line each. */
export async function showHelp(context: CliContext): Promise<void> {
  const commands = await readReference(async () => (await import('../program.js')).defineAll(context));
  const { output, version } = context;
  await output.page(overviewHelp(commands, version, output.style));
}
