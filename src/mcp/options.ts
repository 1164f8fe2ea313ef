import { parseArgs } from 'node:util';
import { BULK_LIMIT } from '../app/tools/bulkLimit.js';
import { TOOL_SETS, type ToolSet } from '../app/tools/tool.js';
import { checkAgentName } from '../core/model/agentName.js';
import { InvalidInputError } from '../core/model/errors.js';

/** What the server was started with. */
export interface Options {
  readonly sets: readonly ToolSet[];
  /** Who acts; absent: each client by its own name. */
  readonly agent?: string | undefined;
  readonly bulkLimit: number;
  /** The port of loopback to listen on, 0 for any; absent: standard input and output. */
  readonly port?: number | undefined;
}

/** As they are typed: `tm mcp` and `node dist/mcp.js` understand the same. */
export interface GivenOptions {
  readonly tools?: string | undefined;
  readonly http?: boolean | undefined;
  readonly port?: string | undefined;
  readonly 'bulk-limit'?: string | undefined;
  readonly 'agent-id'?: string | undefined;
}

/** Throws INVALID_INPUT naming the option. */
export function readOptions(given: GivenOptions, env: NodeJS.ProcessEnv): Options {
  const { tools = 'all', http = false, port, 'bulk-limit': bulk, 'agent-id': agent = env.TM_AGENT_ID } = given;
  if (port !== undefined && !http) throw new InvalidInputError('port', '--port goes with --http: give that too.');
  const name = agent?.trim();
  return {
    sets: setsOf(tools),
    agent: name ? checkAgentName(name) : undefined,
    bulkLimit: bulk === undefined ? BULK_LIMIT : whole('bulk-limit', bulk, 1_000_000),
    ...(http && { port: port === undefined ? 0 : whole('port', port, 65_535) }),
  };
}

/** What was typed behind `node dist/mcp.js`. Throws INVALID_INPUT for what is no option. */
export function parseCommandLine(words: readonly string[]): GivenOptions & { readonly help?: boolean | undefined } {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { tools: text, http: flag, port: text, 'bulk-limit': text, 'agent-id': text, help: flag };
  try {
    return parseArgs({ args: [...words], options, strict: true }).values;
  } catch (error) {
    throw new InvalidInputError('options', `${error instanceof Error ? error.message : error} --help shows them.`);
  }
}

function setsOf(text: string): readonly ToolSet[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => name !== 'all' && !(TOOL_SETS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new InvalidInputError(
      'tools',
      `--tools ${unknown}: give ${TOOL_SETS.join(', ')} or all, or several with commas.`,
    );
  return names.includes('all') ? TOOL_SETS : TOOL_SETS.filter((set) => names.includes(set));
}

function whole(option: string, text: string, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new InvalidInputError(option, `--${option} ${text}: give a whole number up to ${most}.`);
}
