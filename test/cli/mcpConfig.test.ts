import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { type ClientChange, type ClientView, clientChange, clientList } from '../../src/app/clients/clientSetup.js';
import { expectRefused, Shell } from './shell.js';
import { hasTerminal, Terminal } from './terminal.js';

/** A project with a store; `tm` is on the PATH where `onPath`. */
function project({ onPath = true } = {}): Shell {
  const tm = new Shell();
  const bin = join(tm.folder, 'bin');
  put(join(bin, 'tm'), '#!/bin/sh\n');
  chmodSync(join(bin, 'tm'), 0o755);
  tm.say('init');
  return onPath ? tm.with({ env: { PATH: `${bin}:${process.env.PATH}` } }) : tm;
}

function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const read = (tm: Shell, path: string) => readFileSync(join(tm.folder, path), 'utf8');
const change = (tm: Shell, ...args: string[]) =>
  clientChange()
    .strict()
    .parse(tm.json<ClientChange>('mcp', 'config', ...args));
const stateOf = (tm: Shell, client: string) => tm.json<ClientView>('mcp', 'config', client).state;

describe('tm mcp config', () => {
  test('lists the clients, their files, and which are set up, and writes nothing', () => {
    const tm = project();
    const before = readdirSync(tm.folder);
    const { clients } = clientList().strict().parse(tm.json('mcp', 'config'));
    const placed = Object.fromEntries(clients.map(({ client, path }) => [client, path?.slice(tm.folder.length + 1)]));
    expect(placed).toMatchObject({
      'claude-code': '.mcp.json',
      codex: '.codex/config.toml',
      cursor: '.cursor/mcp.json',
      gemini: '.gemini/settings.json',
      opencode: 'opencode.json',
      vscode: '.vscode/mcp.json',
      windsurf: '.codeium/windsurf/mcp_config.json',
      zed: '.zed/settings.json',
    });
    expect(new Set(clients.map(({ state }) => state))).toEqual(new Set(['not set up']));
    expect(tm.say('mcp', 'config')).toMatch(/^claude-code +Claude Code +not set up +\S+\/\.mcp\.json$/m);
    expect(readdirSync(tm.folder)).toEqual(before);
  });

  test('shows the text of one, in the form of each, which file it belongs into, and what it starts', () => {
    const tm = project();
    const { stdout, stderr } = tm.run('mcp', 'config', 'claude-code');
    const usual = { command: 'tm', args: ['mcp'] };
    expect(JSON.parse(stdout)).toEqual({ mcpServers: { 'task-orchestrator': usual } });
    expect(stderr).toContain(`${join(tm.folder, '.mcp.json')} (not set up)`);
    expect(stderr).toContain('It starts tm, which is on the PATH');
    const shown = (client: string) => JSON.parse(tm.run('mcp', 'config', client).stdout);
    const env = (store: string) => ({ TM_DB_PATH: store });
    expect(shown('vscode')).toEqual({ servers: { 'task-orchestrator': { type: 'stdio', ...usual } } });
    expect(shown('opencode')).toEqual({ mcp: { 'task-orchestrator': { type: 'local', command: ['tm', 'mcp'] } } });
    expect(shown('zed')).toEqual({ context_servers: { 'task-orchestrator': usual } });
    expect(shown('windsurf')).toEqual({ mcpServers: { 'task-orchestrator': { ...usual, env: env(tm.storePath) } } });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the client's own
    const inCursor = env('${workspaceFolder}/.task-orchestrator/tasks.db');
    expect(shown('cursor')).toEqual({ mcpServers: { 'task-orchestrator': { ...usual, env: inCursor } } });
    expect(tm.run('mcp', 'config', 'codex').stdout).toBe(
      '[mcp_servers.task-orchestrator]\ncommand = "tm"\nargs = ["mcp"]\n',
    );
  });

  test('without tm on the PATH, starts this Node with the file of the server, which then serves', async () => {
    const tm = project({ onPath: false });
    change(tm, 'claude-code', '--write');
    const { command, args } = JSON.parse(read(tm, '.mcp.json')).mcpServers['task-orchestrator'];
    expect(args).toEqual([join(dirname(inject('tm')), 'mcp.js')]);
    const server = spawn(command, args, { cwd: tm.folder, env: { PATH: process.env.PATH } });
    onTestFinished(() => {
      server.kill();
    });
    const hello = {
      ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    };
    server.stdin.write(`${JSON.stringify(hello)}\n`);
    const reply = await new Promise<string>((done) => server.stdout.once('data', (data) => done(String(data))));
    expect(JSON.parse(reply)).toMatchObject({ id: 1, result: { capabilities: { tools: {} } } });
  });

  test.each([
    ['claude-code', '.mcp.json', '{\r\n\t// mine\r\n\t"mcpServers": {\r\n\t\t"a": {"command": "a",},\r\n\t},\r\n}'],
    ['vscode', '.vscode/mcp.json', '\uFEFF{"inputs": [], "servers": {}}'],
    ['gemini', '.gemini/settings.json', '{\n    "theme": "dark" // not that one\n}\n'],
    ['codex', '.codex/config.toml', '# mine\r\nmodel = "x"\r\n\r\n[mcp_servers.a]\r\ncommand = "a"'],
  ])('writes for %s beside what is there, says which file, and takes back every byte', (client, file, text) => {
    const tm = project();
    const path = join(tm.folder, file);
    put(path, text);
    chmodSync(path, 0o640);
    const written = tm.run('mcp', 'config', client, '--write');
    expect(written).toMatchObject({ code: 0, stdout: `${path}\n`, stderr: expect.stringContaining('is set up') });
    expect(read(tm, file)).toContain('task-orchestrator');
    expect(stateOf(tm, client)).toBe('set up');
    expect(change(tm, client, '--write')).toMatchObject({ changed: false, files: [] });
    expect(change(tm, client, '--remove')).toMatchObject({ changed: true, files: [path] });
    expect(readFileSync(path)).toEqual(Buffer.from(text));
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(change(tm, client, '--remove')).toMatchObject({
      changed: false,
      message: expect.stringContaining('is not'),
    });
  });

  test('removes a file that it made, with its folder, but not what others put there meanwhile', () => {
    const tm = project();
    const before = readdirSync(tm.folder);
    change(tm, 'cursor', '--write');
    expect(change(tm, 'cursor', '--remove').text).toBeNull();
    expect(readdirSync(tm.folder)).toEqual(before);
    change(tm, 'cursor', '--write');
    const mixed = JSON.parse(read(tm, '.cursor/mcp.json'));
    mixed.mcpServers.other = { command: 'other' };
    put(join(tm.folder, '.cursor/mcp.json'), JSON.stringify(mixed, null, 4));
    change(tm, 'cursor', '--remove');
    expect(JSON.parse(read(tm, '.cursor/mcp.json'))).toEqual({ mcpServers: { other: { command: 'other' } } });
  });

  test('only says what it would do with --dry-run', () => {
    const tm = project();
    const dry = change(tm, 'codex', '--write', '--dry-run');
    expect(dry).toMatchObject({ changed: true, dry_run: true, files: [join(tm.folder, '.codex/config.toml')] });
    expect(dry.text).toContain('[mcp_servers.task-orchestrator]');
    expect(existsSync(join(tm.folder, '.codex'))).toBe(false);
  });

  test('renews an entry for another place of the program, and leaves one that somebody changed until told', () => {
    const tm = project({ onPath: false });
    change(tm, 'claude-code', '--write');
    const withTm = tm.with({ env: { PATH: `${join(tm.folder, 'bin')}:${process.env.PATH}` } });
    expect(stateOf(withTm, 'claude-code')).toBe('outdated');
    change(withTm, 'claude-code', '--write');
    const path = join(tm.folder, '.mcp.json');
    const changed = read(tm, '.mcp.json').replace('"mcp"', '"mcp", "--tools", "core"');
    put(path, changed);
    expect(stateOf(withTm, 'claude-code')).toBe('changed');
    for (const action of ['--write', '--remove'])
      expectRefused(withTm.run('mcp', 'config', 'claude-code', action), 4, 'was changed since', '--force');
    expect(read(tm, '.mcp.json')).toBe(changed);
    change(withTm, 'claude-code', '--remove', '--force');
    expect(JSON.parse(read(tm, '.mcp.json'))).toEqual({});
  });

  test.each([
    ['claude-code', '.mcp.json', '{\n  "mcpServers": {\n    "a": {,}\n', ':3:11: a name in quotes is expected'],
    ['claude-code', '.mcp.json', '{"mcpServers": []}', ':1:16: “mcpServers” is no object'],
    ['claude-code', '.mcp.json', '{"mcpServers": {}, "mcpServers": {}}', '“mcpServers” is there twice'],
    ['claude-code', '.mcp.json', '[]', 'it holds no object'],
    ['claude-code', '.mcp.json', Buffer.from('{"a": "caf\xe9"}', 'latin1'), 'no text in UTF-8'],
    ['codex', '.codex/config.toml', 'a = "b\n', ':1:5: a text is not closed'],
    ['codex', '.codex/config.toml', 'mcp_servers = { a = { command = "a" } }\n', 'no table of its own'],
  ])('touches nothing where the file of %s (%s) is not what it should be', (client, file, text, says) => {
    const tm = project();
    put(join(tm.folder, file), text);
    for (const action of ['--write', '--remove'])
      expectRefused(tm.run('mcp', 'config', client, action), 4, says, 'Nothing was done');
    expect(readFileSync(join(tm.folder, file))).toEqual(Buffer.from(text));
    expect(stateOf(tm, client)).toBe('unreadable');
  });

  test('writes where a link leads, and the link stays', () => {
    const tm = project();
    put(join(tm.folder, 'dotfiles/mcp.json'), '{}\n');
    symlinkSync('dotfiles/mcp.json', join(tm.folder, '.mcp.json'));
    change(tm, 'claude-code', '--write');
    expect(lstatSync(join(tm.folder, '.mcp.json')).isSymbolicLink()).toBe(true);
    expect(read(tm, 'dotfiles/mcp.json')).toContain('task-orchestrator');
    change(tm, 'claude-code', '--remove');
    expect(read(tm, 'dotfiles/mcp.json')).toBe('{}\n');
  });

  test('takes the file of opencode that is there, and knows none for other clients', () => {
    const tm = project();
    put(join(tm.folder, 'opencode.jsonc'), '{ /* mine */ }\n');
    expect(change(tm, 'opencode', '--write').files).toEqual([join(tm.folder, 'opencode.jsonc')]);
    expectRefused(tm.run('mcp', 'config', 'generic', '--write'), 3, 'it is not known where it keeps its settings');
    expectRefused(tm.run('mcp', 'config', '--write'), 2, 'Say for which client');
    expectRefused(tm.run('mcp', 'config', 'nobody'), 2, 'claude-code', 'zed');
    expectRefused(tm.run('mcp', 'config', 'zed', '--write', '--remove'), 2, 'not both');
  });

  test.runIf(hasTerminal)('asks a person at a terminal, naming the file', async () => {
    const tm = project();
    const no = new Terminal(tm.folder, 'mcp', 'config', 'claude-code', '--write');
    await no.answer('.mcp.json? [y/N]', 'n\n');
    await no.sees('Nothing was changed');
    expect(existsSync(join(tm.folder, '.mcp.json'))).toBe(false);
    const yes = new Terminal(tm.folder, 'mcp', 'config', 'claude-code', '--write');
    await yes.answer('.mcp.json? [y/N]', 'y\n');
    await yes.sees('Claude Code is set up');
    expect(existsSync(join(tm.folder, '.mcp.json'))).toBe(true);
  });
});
