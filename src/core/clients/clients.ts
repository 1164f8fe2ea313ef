import { jsonEntry, newJson, withJsonEntry, withoutJsonEntry } from './jsonEntry.js';
import { newToml, tomlEntry, withoutTomlEntry, withTomlEntry } from './tomlEntry.js';

/** The name of our server in the settings of every client. */
export const SERVER_NAME = 'task-orchestrator';

/** What a client starts. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const CLIENT_IDS = [
  'claude-code',
  'claude-desktop',
  'codex',
  'cursor',
  'gemini',
  'opencode',
  'vscode',
  'windsurf',
  'zed',
  'generic',
] as const;
export type ClientId = (typeof CLIENT_IDS)[number];

/** Where a client looks for its servers, and in which form. */
export interface Client {
  readonly id: ClientId;
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** The object, or table, that holds the servers. */
  readonly container: string;
  /** From the project's folder; the first is written where none is there. */
  readonly projectFiles?: readonly string[];
  /** A file of the person's own, for all projects. */
  readonly ownFile?: (home: Home) => string | undefined;
  /**
   * For clients that start servers elsewhere than in the project's folder: what they call that folder where they know it,
   * else the entry names the store by its whole path.
   */
  readonly folderVariable?: string;
  /** What the client has to be told besides. */
  readonly note?: string;
  /** The entry as this client wants it. */
  readonly entry: (launch: Launch) => Readonly<Record<string, unknown>>;
}

/** What the places of a person's own files depend on. */
export interface Home {
  readonly platform: string;
  /** The home folder. */
  readonly folder: string;
  /** `APPDATA` of Windows. */
  readonly appData?: string | undefined;
}

const withEnv = ({ env }: Launch, name = 'env') => (Object.keys(env).length > 0 ? { [name]: env } : {});
const usual = (launch: Launch) => ({ command: launch.command, args: launch.args, ...withEnv(launch) });

const mcpServers = { format: 'json', container: 'mcpServers', entry: usual } as const;

/** What the makers' own documentation says; a client whose form could not be found out is not here. */
export const CLIENTS: readonly Client[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    ...mcpServers,
    projectFiles: ['.mcp.json'],
    note: 'Claude Code asks once whether it may use the servers of this file.',
  },
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    ...mcpServers,
    ownFile: ({ platform, folder, appData }) => {
      if (platform === 'darwin') return `${folder}/Library/Application Support/Claude/claude_desktop_config.json`;
      return platform === 'win32' && appData ? `${appData}\\Claude\\claude_desktop_config.json` : undefined;
    },
    note: 'Quit Claude Desktop and start it again.',
  },
  {
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    container: 'mcp_servers',
    projectFiles: ['.codex/config.toml'],
    note: 'Codex reads this file in projects that you trust.',
    entry: usual,
  },
  {
    id: 'cursor',
    title: 'Cursor',
    ...mcpServers,
    projectFiles: ['.cursor/mcp.json'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the client's own
    folderVariable: '${workspaceFolder}',
  },
  { id: 'gemini', title: 'Gemini CLI', ...mcpServers, projectFiles: ['.gemini/settings.json'] },
  {
    id: 'opencode',
    title: 'opencode',
    format: 'json',
    container: 'mcp',
    projectFiles: ['opencode.json', 'opencode.jsonc'],
    entry: (launch) => ({
      type: 'local',
      command: [launch.command, ...launch.args],
      ...withEnv(launch, 'environment'),
    }),
  },
  {
    id: 'vscode',
    title: 'VS Code',
    format: 'json',
    container: 'servers',
    projectFiles: ['.vscode/mcp.json'],
    entry: (launch) => ({ type: 'stdio', ...usual(launch) }),
  },
  {
    id: 'windsurf',
    title: 'Windsurf',
    ...mcpServers,
    ownFile: ({ folder, platform }) =>
      [folder, '.codeium', 'windsurf', 'mcp_config.json'].join(platform === 'win32' ? '\\' : '/'),
    note: 'Press Refresh in Windsurf’s list of MCP servers.',
  },
  {
    id: 'zed',
    title: 'Zed',
    format: 'json',
    container: 'context_servers',
    projectFiles: ['.zed/settings.json'],
    note: 'Zed starts servers of a project that you trust.',
    entry: usual,
  },
  { id: 'generic', title: 'Other clients', ...mcpServers },
];

/** The text of a client's file alone, for people to read and to copy. */
export function snippetOf(client: Client, value: Readonly<Record<string, unknown>>): string {
  const place = { container: client.container, name: SERVER_NAME };
  return client.format === 'json' ? newJson(place, value) : newToml(place, value);
}

/** The entry in a client's file. Throws UnreadableText. */
export function entryIn(client: Client, text: string): { readonly value: unknown } | undefined {
  const place = { container: client.container, name: SERVER_NAME };
  return client.format === 'json' ? jsonEntry(text, place) : tomlEntry(text, place);
}

/** The file with the entry, everything else as it was; `undefined`: there is no file yet. Throws UnreadableText. */
export function withEntry(client: Client, text: string | undefined, value: Readonly<Record<string, unknown>>): string {
  if (text === undefined) return snippetOf(client, value);
  const place = { container: client.container, name: SERVER_NAME };
  return client.format === 'json' ? withJsonEntry(text, place, value) : withTomlEntry(text, place, value);
}

/** The file without the entry; undefined where it was made for it. Throws UnreadableText. */
export function withoutEntry(client: Client, text: string): string | undefined {
  const place = { container: client.container, name: SERVER_NAME };
  return client.format === 'json' ? withoutJsonEntry(text, place) : withoutTomlEntry(text, place);
}

/**
 * How an entry stands to the one that would be written: the same, one that we wrote for another place of the program, or
 * one that somebody changed.
 */
export function compareEntry(
  client: Client,
  found: unknown,
  wanted: Readonly<Record<string, unknown>>,
): 'set up' | 'outdated' | 'changed' {
  if (isSame(found, wanted)) return 'set up';
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return 'changed';
  const { command, args, env, environment, ...rest } = found as Record<string, unknown>;
  const words = [command, args].flat().filter((word) => word !== undefined);
  const variables = Object.keys((env ?? environment ?? {}) as object);
  const isOurs =
    words.length >= 2 &&
    words.length <= 3 &&
    words.every((word) => typeof word === 'string') &&
    /^mcp$|[\\/]mcp\.js$/.test(String(words.at(-1))) &&
    variables.every((name) => ['TM_DB_PATH', 'ELECTRON_RUN_AS_NODE'].includes(name));
  const { type } = client.entry({ command: '', args: [], env: {} });
  return isOurs && isSame(rest, type === undefined ? {} : { type }) ? 'outdated' : 'changed';
}

/** The same values, whatever the order of names. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => key in right && isSame(left[key], right[key]))
  );
}
