import { join } from 'node:path';
import type { Command } from 'commander';
import { ERROR_CODES, OrchestratorError } from '../../core/model/errors.js';
import type { CliContext } from '../context.js';
import { withExamples } from '../definition.js';
import { addMcpConfig } from './mcpConfig.js';

interface McpOptions {
  readonly tools?: string;
  readonly http?: boolean;
  readonly port?: string;
  readonly bulkLimit?: string;
}

/** What `dist/mcp.js` has for this command: a program of its own, which is loaded where it is asked for. */
interface McpProgram {
  serve(options: Readonly<Record<string, string | boolean | undefined>>): Promise<void>;
}

/** That program has the classes of errors once more, and this one does not know them. */
function isRefusal(error: unknown): error is OrchestratorError {
  return error instanceof Error && (ERROR_CODES as readonly unknown[]).includes((error as OrchestratorError).code);
}

/** `tm mcp`: the plan for coding agents. */
export function addMcp(program: Command, context: CliContext): void {
  const mcp = program
    .command('mcp')
    .description('serve the plan to coding agents (Model Context Protocol), on standard input and output')
    .option('--tools <sets>', 'which tools: core, planning, execution, several with commas, or all (all)')
    .option('--http', 'listen on 127.0.0.1 instead; the token is printed, or taken from TM_MCP_TOKEN')
    .option('--port <n>', 'with --http: the port; any free one if absent')
    .option('--bulk-limit <n>', 'tasks that one call changes at most without a person’s consent (25)')
    .action(async ({ bulkLimit, ...options }: McpOptions) => {
      const { serve } = (await import(join(__dirname, 'mcp.js'))) as McpProgram;
      try {
        await serve({ ...options, 'bulk-limit': bulkLimit, 'agent-id': context.agent ?? process.env.TM_AGENT_ID });
      } catch (error) {
        throw isRefusal(error) ? new OrchestratorError(error.code, error.message, error.details) : error;
      }
    });
  withExamples(
    mcp,
    ['tm mcp', 'what an agent’s client starts, in the project’s folder'],
    ['tm mcp --tools core', 'only the tools of daily work: less for a model to read'],
    ['tm mcp --http --port 7331', 'for clients that connect by address'],
    ['tm mcp config', 'what belongs into the settings of the clients'],
  );
  addMcpConfig(mcp, context);
}
