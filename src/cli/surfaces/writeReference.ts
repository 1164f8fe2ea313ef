import type { CliContext } from '../context.js';
import { defineAll } from '../program.js';

/** `tm __reference json|markdown|man`: for the build and for docs/cli.md, always from the definitions themselves. */
export async function writeReference(form: string | undefined, context: CliContext): Promise<void> {
  const commands = await defineAll(context);
  const { output, version } = context;
  if (form === 'man') output.data((await import('../reference/manPage.js')).manPage(commands, version).trimEnd());
  else if (form === 'markdown')
    output.data((await import('../reference/markdown.js')).markdownReference(commands).trimEnd());
  else output.data(JSON.stringify(commands));
}
