import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, folder, run } from './support.js';

describe('settings of the wrong kind and a store that is none', () => {
  const database = join(folder(), '.task-orchestrator/tasks.db');

  it('leave the extension running and the files as they are', async () => {
    const before = readFileSync(database);
    await activated();
    assert.equal(vscode.extensions.getExtension('task-orchestrator.task-orchestrator')?.isActive, true);
    await run('task.start', folder(), 'ffffffff');
    await run('graph.show');
    await vscode.window.showTextDocument(vscode.Uri.file(join(folder(), 'README.md')));
    assert.deepEqual(readFileSync(database), before);
  });
});
