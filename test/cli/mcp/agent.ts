import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, inject, onTestFinished } from 'vitest';
import { Project } from '../project.js';
import { nodeOfTest } from '../shell.js';

/** A refusal as a client reads it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type Reply = Readonly<Record<string, unknown>>;

export interface AgentOptions {
  readonly name?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The revision of the protocol that is spoken: with sessions, or since 2026-07-28 without. */
  readonly era?: 'legacy' | 'modern';
  readonly client?: ClientOptions;
  readonly node?: string;
  /** Where the server is, outside of the tests of tm. */
  readonly server?: string;
}

/** Where the server is. */
export function serverFile(): string {
  return join(dirname(inject('tm')), 'mcp.js');
}

export function environment(folder: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LOGNAME: 'tester', ...env };
}

/** The SDK's own client on a server of its own, or on one that listens. */
export class Agent {
  readonly client: Client;

  private constructor(client: Client) {
    this.client = client;
  }

  /** Starts a server in a folder, as an editor does, and connects to it. */
  static async start(folder: string, options: AgentOptions = {}): Promise<Agent> {
    const { args = [], env = {}, server = serverFile(), node = nodeOfTest() } = options;
    const agent = new Agent(clientOf(options));
    await agent.client.connect(
      new StdioClientTransport({
        command: node,
        args: [server, ...args],
        cwd: folder,
        env: environment(folder, env),
        stderr: 'ignore',
      }),
    );
    onTestFinished(() => agent.client.close());
    return agent;
  }

  /** Connects to a server that listens. */
  static async connect(url: URL, token: string, options: AgentOptions = {}): Promise<Agent> {
    const agent = new Agent(clientOf(options));
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await agent.client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    onTestFinished(() => agent.client.close());
    return agent;
  }

  /** Calls a tool that has to succeed. */
  async call<T = Reply>(name: string, given: Reply = {}): Promise<T> {
    const { isError, content, structuredContent } = await this.client.callTool({ name, arguments: { ...given } });
    const [first] = content;
    const text = first?.type === 'text' ? first.text : '';
    expect(isError ? text : '', name).toBe('');
    expect(JSON.parse(text)).toEqual(structuredContent);
    return structuredContent as T;
  }

  /** Calls a tool that has to refuse. */
  async refused(name: string, given: Reply = {}): Promise<Refusal> {
    const result = await this.client.callTool({ name, arguments: { ...given } });
    expect(result.isError, `${name} ${JSON.stringify(given).slice(0, 200)}`).toBe(true);
    const { error } = result.structuredContent as { readonly error: Refusal };
    return error;
  }

  /** The text of a resource. */
  async read(uri: string): Promise<string> {
    const { contents } = await this.client.readResource({ uri });
    const [content] = contents;
    return content && 'text' in content ? content.text : '';
  }
}

function clientOf({ name = 'tester', era = 'legacy', client = {} }: AgentOptions): Client {
  const versionNegotiation = { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } as const;
  return new Client({ name, version: '1.0.0' }, { versionNegotiation, ...client });
}

/** A folder with an empty plan. */
export function emptyProject(): Project {
  return new Project({ TM_AGENT_ID: 'ann' });
}

/** A server that listens, with what it said on standard error. */
export class Listener {
  readonly url: URL;
  readonly token: string;
  readonly process: ChildProcess;

  private constructor(process: ChildProcess, url: URL, token: string) {
    this.process = process;
    this.url = url;
    this.token = token;
  }

  static start(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Listener> {
    const child = spawn(nodeOfTest(), [serverFile(), '--http'], {
      cwd: folder,
      env: environment(folder, env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill());
    return new Promise((done, fail) => {
      let said = '';
      child.stderr.on('data', (data) => {
        said += data;
        const url = /http:\/\/\S+/.exec(said)?.[0];
        const token =
          /token: (\S+)\n/.exec(said)?.[1] ?? (said.includes('TM_MCP_TOKEN') ? env.TM_MCP_TOKEN : undefined);
        if (url && token) done(new Listener(child, new URL(url), token));
      });
      child.once('close', () => fail(new Error(said)));
    });
  }
}
