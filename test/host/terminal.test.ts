import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { activated } from './support.js';

const SETTING = 'taskOrchestrator.terminal.tm';

/** What a new terminal, on whose PATH is nothing of its own, says to a command line. */
async function inNewTerminal(command: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'task-terminal-'));
  const terminal = vscode.window.createTerminal({ shellPath: '/bin/sh', env: { PATH: join(folder, 'nothing') } });
  try {
    terminal.sendText(`{ ${command}; } > '${folder}/out' 2>&1; : > '${folder}/done'`);
    const deadline = Date.now() + 30_000;
    while (!existsSync(join(folder, 'done'))) {
      assert.ok(Date.now() < deadline, 'the terminal does not answer');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return readFileSync(join(folder, 'out'), 'utf8').trim();
  } finally {
    terminal.dispose();
    rmSync(folder, { recursive: true });
  }
}

describe('terminals', () => {
  const version: string = vscode.extensions.getExtension('task-orchestrator.task-orchestrator')?.packageJSON.version;
  const settings = vscode.workspace.getConfiguration();

  before(activated);
  after(() => settings.update(SETTING, undefined, vscode.ConfigurationTarget.Global));

  it('have tm on their PATH, which needs no Node there', async () => {
    await until(async () => (await inNewTerminal('command -v tm')) !== '');
    const path = await inNewTerminal('command -v tm');
    assert.match(path, /globalStorage.*\/bin\/tm$/);
    assert.equal(await inNewTerminal('tm --version'), version);
    assert.match(await inNewTerminal('command -v node || echo none'), /none/);
    // Alone, as the shell runs it.
    assert.equal(execFileSync(path, ['--version'], { encoding: 'utf8', env: {} }).trim(), version);
    assert.equal(statSync(path).mode & 0o111, 0o111);
    const windows = readFileSync(join(dirname(path), 'tm.cmd'), 'utf8');
    assert.match(windows, /set ELECTRON_RUN_AS_NODE=1\r\n"[^"]+" "[^"]+tm\.js" %\*\r\n$/);
  });

  it('have none while the setting is off', async () => {
    await settings.update(SETTING, false, vscode.ConfigurationTarget.Global);
    await until(async () => (await inNewTerminal('command -v tm || echo none')) === 'none');
    await settings.update(SETTING, true, vscode.ConfigurationTarget.Global);
    await until(async () => (await inNewTerminal('command -v tm || echo none')) !== 'none');
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}
