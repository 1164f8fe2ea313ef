import * as assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ModelServer } from '../support/modelServer.js';
import { Person } from './person.js';
import { activated, run } from './support.js';

const person = new Person();
const file = (name: string) => join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', name);
const read = (name: string) => readFileSync(file(name), 'utf8');

/** What the editor shows while somebody is asked: both sides of the comparison, or the text alone. */
let seen: string[] = [];

async function shownNow(): Promise<string[]> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uris =
    input instanceof vscode.TabInputTextDiff
      ? [input.original, input.modified]
      : input instanceof vscode.TabInputText
        ? [input.uri]
        : [];
  return Promise.all(uris.map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()));
}

describe("settings of agents' clients", () => {
  before(activated);
  beforeEach(() => {
    person.sit();
    const window = vscode.window as unknown as { showQuickPick: (...args: unknown[]) => Promise<unknown> };
    const pick = window.showQuickPick;
    window.showQuickPick = async (...args) => {
      seen = await shownNow();
      return pick(...args);
    };
    person.statusBar.length = 0;
  });
  afterEach(() => {
    person.leave();
    person.will({});
  });

  it('are listed with their state, and nothing is written by looking', async () => {
    person.will({});
    await run('mcp.setUpClient');
    assert.ok(person.offered.includes('Cursor · not set up'), person.offered.join('\n'));
    person.will({ pick: 'Claude Code' });
    await run('mcp.setUpClient');
    assert.equal(existsSync(file('.mcp.json')), false);
  });

  it('are shown beside what is there, written, said, and taken back byte for byte', async () => {
    const before = '{\n\t// mine\n\t"mcpServers": {\n\t\t"a": { "command": "a" }\n\t}\n}\n';
    writeFileSync(file('.mcp.json'), before);
    person.will({ pick: 'Write' });
    await run('mcp.setUpClient', 'claude-code');
    assert.deepEqual(person.offered, ['Write · .mcp.json', 'Copy · to the clipboard; writes nothing']);
    assert.deepEqual(seen, [before, read('.mcp.json')]);
    assert.match(read('.mcp.json'), /"task-orchestrator": \{/);
    assert.match(person.statusBar.join('\n'), /Claude Code is set up · written: \.mcp\.json/);
    const command = /"command": "([^"]+)"/.exec(read('.mcp.json'))?.[1] ?? '';
    assert.match(command, /^tm$|[\\/]bin[\\/]tm$/);
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 0);

    person.will({ pick: 'Remove' });
    await run('mcp.setUpClient', 'claude-code');
    assert.deepEqual(person.offered, ['Copy · to the clipboard; writes nothing', 'Remove · .mcp.json']);
    assert.equal(read('.mcp.json'), before);
  });

  it('are copied, also for clients without a file', async () => {
    person.will({ pick: 'Copy' });
    await run('mcp.setUpClient', 'generic');
    assert.equal(await vscode.env.clipboard.readText(), seen[0]);
    assert.match(seen[0] ?? '', /"mcpServers"/);
  });

  it('that somebody changed are only removed after a question', async () => {
    person.will({ pick: 'Write' });
    await run('mcp.setUpClient', 'codex');
    const changed = read('.codex/config.toml').replace('"mcp"', '"mcp", "--tools", "core"');
    writeFileSync(file('.codex/config.toml'), changed);
    person.will({ pick: 'Remove' });
    await run('mcp.setUpClient', 'codex');
    assert.equal(read('.codex/config.toml'), changed);
    assert.match(person.told.at(-1)?.text ?? '', /Codex was changed by hand/);
    person.will({ pick: 'Remove', press: 'Remove It' });
    await run('mcp.setUpClient', 'codex');
    assert.equal(existsSync(file('.codex')), false);
  });

  it('that cannot be read are left alone, and the place is said', async () => {
    writeFileSync(file('.mcp.json'), '{"mcpServers": ');
    person.will({ pick: 'Copy' });
    await run('mcp.setUpClient', 'claude-code');
    assert.deepEqual(person.offered, ['Copy · to the clipboard; writes nothing']);
    assert.equal(read('.mcp.json'), '{"mcpServers": ');
  });
});

describe('model services', () => {
  before(activated);
  beforeEach(() => person.sit());
  afterEach(() => person.leave());

  it('are asked on request whether they answer; without one, nothing is', async () => {
    const server = await ModelServer.start();
    const kept = { ...process.env };
    try {
      await run('model.check');
      assert.match(person.told.at(-1)?.text ?? '', /No model service is set up|language model answers/);
      Object.assign(process.env, { ANTHROPIC_API_KEY: 'sk-ant-very-secret', ANTHROPIC_BASE_URL: server.address });
      await run('model.check');
      assert.match(person.told.at(-1)?.text ?? '', /Anthropic at http:\S+ answers/);
      server.listing = { kind: 'error', status: 401, message: 'no' };
      await run('model.check');
      assert.match(person.told.at(-1)?.text ?? '', /Anthropic at http:\S+ refused the key/);
      assert.equal(server.questions.length, 0);
    } finally {
      process.env.ANTHROPIC_API_KEY = kept.ANTHROPIC_API_KEY;
      delete process.env.ANTHROPIC_BASE_URL;
      await server.stop();
    }
  });
});
