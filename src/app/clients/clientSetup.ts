import * as z from 'zod';
import {
  CLIENT_IDS,
  CLIENTS,
  type Client,
  type ClientId,
  compareEntry,
  entryIn,
  type Home,
  type Launch,
  snippetOf,
  withEntry,
  withoutEntry,
} from '../../core/clients/clients.js';
import { UnreadableText } from '../../core/clients/unreadableText.js';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import { type Output, parseInput, schema } from '../input.js';

/** Files of other programs, on this machine. */
export interface ClientFiles {
  readonly home: Home;
  /** The path of a file of the project. */
  inProject(path: string): string;
  /** Undefined where there is none. Throws PERMISSION_DENIED, and INVALID_INPUT for what is no text in UTF-8. */
  read(path: string): string | undefined;
  /**
   * Writes a file whole or not at all, or removes it and the folder that it leaves empty, if it still is what `before`
   * says. Throws CONFLICT and PERMISSION_DENIED.
   */
  write(path: string, before: string | undefined, text: string | undefined): void;
}

/** What starts `tm mcp` on this machine, and in words what that is. */
export interface Launcher extends Launch {
  readonly says: string;
}

export interface ClientSetupOptions {
  readonly files: ClientFiles;
  readonly launcher: Launcher;
  /** The store of the project, for clients that start servers anywhere. */
  readonly store: string;
}

const STATES = ['not set up', 'set up', 'outdated', 'changed', 'unreadable'] as const;

export const clientSetup = schema(() =>
  z.object({
    client: z.enum(CLIENT_IDS),
    title: z.string(),
    path: z.string().nullable().describe('The file that the client reads; null: not on this machine, or not known'),
    format: z.enum(['json', 'toml']),
    state: z
      .enum(STATES)
      .describe('outdated: written for another place of the program; changed: by somebody; unreadable: see problem'),
    problem: z.string().optional().describe('Why the file cannot be read, and where'),
    launches: z.string().describe('What the client starts, and why that'),
    snippet: z.string().describe('What the file holds if nothing else is in it'),
    note: z.string().optional().describe('What the client has to be told besides'),
  }),
);

export const clientList = schema(() => z.object({ clients: z.array(clientSetup()) }));

export const clientInput = schema(() =>
  z.object({
    client: z.enum(CLIENT_IDS).describe('Which client'),
    force: z.boolean().optional().describe('Also an entry that somebody changed'),
    dry_run: z.boolean().optional().describe('Only say what would be done'),
  }),
);

export const clientChange = schema(() =>
  z.object({
    message: z.string(),
    client: z.enum(CLIENT_IDS),
    changed: z.boolean().describe('Whether a file was, or with dry_run would be, written or removed'),
    dry_run: z.boolean(),
    files: z.array(z.string()).describe('Every file that was, or would be, written or removed'),
    text: z.string().nullable().describe('What the file holds then; null: there is none'),
    note: z.string().optional().describe('What the client has to be told besides'),
  }),
);

export type ClientView = Output<typeof clientSetup>;
export type ClientChange = Output<typeof clientChange>;
export type ClientAction = 'write' | 'remove';

/** What a file is and would be. */
export interface ClientPlan {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly state: Exclude<ClientView['state'], 'unreadable'>;
}

/** The settings by which clients of other agents start our MCP server: shown, written when asked, and taken back. */
export class ClientSetup {
  readonly #files: ClientFiles;
  readonly #launcher: Launcher;
  readonly #store: string;

  constructor({ files, launcher, store }: ClientSetupOptions) {
    this.#files = files;
    this.#launcher = launcher;
    this.#store = store;
  }

  list(): ClientView[] {
    return CLIENTS.map(({ id }) => this.view(id));
  }

  view(id: ClientId): ClientView {
    const client = clientOf(id);
    const path = this.#pathOf(client);
    const value = client.entry(this.#launch(client));
    return {
      client: id,
      title: client.title,
      path: path ?? null,
      format: client.format,
      ...this.#state(client, path, value),
      launches: this.#launcher.says,
      snippet: snippetOf(client, value),
      ...(client.note !== undefined && { note: client.note }),
    };
  }

  /**
   * What writing or removing would do, without doing it. Throws NOT_FOUND where the client has no file here, CONFLICT
   * where the file cannot be read as what it is.
   */
  plan(id: ClientId, action: ClientAction): ClientPlan {
    const client = clientOf(id);
    const path = this.#pathOf(client);
    if (path === undefined)
      throw new OrchestratorError(
        'NOT_FOUND',
        `${client.title}: it is not known where it keeps its settings on this machine. Copy the text into them yourself.`,
        { client: id },
      );
    const before = this.#files.read(path);
    const value = client.entry(this.#launch(client));
    return this.#reading(path, () => {
      const found = before === undefined ? undefined : entryIn(client, before);
      const state = found ? compareEntry(client, found.value, value) : 'not set up';
      if (action === 'remove')
        return { path, before, after: found && before !== undefined ? withoutEntry(client, before) : before, state };
      return { path, before, after: state === 'set up' ? before : withEntry(client, before, value), state };
    });
  }

  /** Writes the entry, or removes it. Throws as `plan`, and CONFLICT for an entry that somebody changed, without `force`. */
  apply(action: ClientAction, input: z.input<ReturnType<typeof clientInput>>): ClientChange {
    const { client: id, force = false, dry_run = false } = parseInput(clientInput, input);
    const { title, note } = clientOf(id);
    const { path, before, after, state } = this.plan(id, action);
    const changed = before !== after;
    if (changed && state === 'changed' && !force)
      throw new OrchestratorError(
        'CONFLICT',
        `The entry “task-orchestrator” in ${path} was changed since it was written. Nothing was done; --force ${action === 'write' ? 'writes over it' : 'removes it all the same'}.`,
        { path, client: id },
      );
    if (changed && !dry_run) this.#files.write(path, before, after);
    return {
      message: messageOf(action, title, changed, dry_run, after === undefined),
      client: id,
      changed,
      dry_run,
      files: changed ? [path] : [],
      text: after ?? null,
      ...(changed && action === 'write' && note !== undefined && { note }),
    };
  }

  #pathOf(client: Client): string | undefined {
    const { projectFiles, ownFile } = client;
    const paths = projectFiles?.map((path) => this.#files.inProject(path));
    return paths ? (paths.find((path) => this.#exists(path)) ?? paths[0]) : ownFile?.(this.#files.home);
  }

  #exists(path: string): boolean {
    try {
      return this.#files.read(path) !== undefined;
    } catch (error) {
      if (error instanceof OrchestratorError) return true;
      throw error;
    }
  }

  #launch(client: Client): Launch {
    const { command, args, env } = this.#launcher;
    if (!client.ownFile && client.folderVariable === undefined) return { command, args, env };
    return { command, args, env: { ...env, TM_DB_PATH: this.#storeFor(client) } };
  }

  /** The store as the client finds it: in the terms of its project where it knows that and the store lies there. */
  #storeFor({ folderVariable }: Client): string {
    const usual = '.task-orchestrator/tasks.db';
    const isInProject = this.#store === this.#files.inProject(usual);
    return folderVariable !== undefined && isInProject ? `${folderVariable}/${usual}` : this.#store;
  }

  #state(
    client: Client,
    path: string | undefined,
    value: Readonly<Record<string, unknown>>,
  ): Pick<ClientView, 'state' | 'problem'> {
    if (path === undefined) return { state: 'not set up' };
    try {
      const text = this.#files.read(path);
      const found = text === undefined ? undefined : this.#reading(path, () => entryIn(client, text));
      return { state: found ? compareEntry(client, found.value, value) : 'not set up' };
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
      return { state: 'unreadable', problem: error.message };
    }
  }

  #reading<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UnreadableText)) throw error;
      const { line, column, message } = error;
      throw new OrchestratorError('CONFLICT', `${path}:${line}:${column}: ${message}. Nothing was done.`, {
        path,
        line,
        column,
      });
    }
  }
}

function clientOf(id: ClientId): Client {
  const client = CLIENTS.find((one) => one.id === id);
  if (!client) throw new InvalidInputError('client', `There is no client ${id}: give one of ${CLIENT_IDS.join(', ')}.`);
  return client;
}

function messageOf(action: ClientAction, title: string, changed: boolean, isDry: boolean, isFileGone: boolean): string {
  if (!changed) return action === 'write' ? `${title} is set up already` : `${title} is not set up`;
  if (isDry) return action === 'write' ? `${title} would be set up` : `${title}: the entry would be removed`;
  if (action === 'write') return `${title} is set up`;
  return `${title}: the entry is removed${isFileGone ? ', and with it the file that was made for it' : ''}`;
}
