import * as assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, folder, run, show, tm, until } from './support.js';

describe('the complexity of a task', () => {
  const key = folder();
  const files = join(key, 'measured');
  let task: string;
  let bare: string;

  before(async () => {
    await activated();
    mkdirSync(files);
    writeFileSync(join(files, 'part.ts'), "import './other.js';\n// TODO: mend it\nexport const part = 1;\n");
    writeFileSync(join(files, 'other.ts'), 'export {};\n');
    writeFileSync(join(files, 'user.ts'), "import { part } from './part.js';\n");
    task = tm(key, 'add', 'Change the part', '--file', 'measured/part.ts');
    bare = tm(key, 'add', 'Water the plants');
    await run('task.reveal', key, bare);
  });
  after(() => rmSync(files, { recursive: true, force: true }));

  const shown = () => {
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'task-complexity');
    return document as vscode.TextDocument;
  };

  it('is shown as a document that says where it comes from, and is kept', async () => {
    await run('task.analyseComplexity', key, task);
    const document = shown();
    const { name } = show(key, task);
    assert.equal(document.uri.path, `/${name} complexity.md`);
    assert.equal(document.languageId, 'markdown');
    const text = document.getText();
    assert.match(text, new RegExp(`^# ${name} Change the part\n\n\\*\\*Complexity [\\d.]+ of 10\\*\\* · risk low`));
    assert.match(text, /- \*\*Dependencies\*\* 0\.05 × 0\.29 → \*\*\+0\.\d\d\*\*: 1 file imports its files/);
    assert.match(text, /- `measured\/part\.ts:2` Work is marked here/);
    assert.match(text, /- `measured\/part\.ts` · 3 lines · imported by 1/);
    const kept = JSON.parse(tm(key, 'complexity', task, '--json'));
    assert.ok(text.includes(`**Complexity ${kept.complexity.score} of 10**`));
    assert.equal(kept.complexity.basis.files[0].importedBy, 1);
  });

  it('its places are links to the lines', async () => {
    await run('task.analyseComplexity', key, task);
    const document = shown();
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const found = links.map(
      (link) => `${document.getText(link.range)} ${link.target?.scheme} ${link.target?.fragment}`,
    );
    assert.ok(found.includes('measured/part.ts:2 file L2'), found.join('\n'));
    assert.ok(found.includes('measured/part.ts file '), found.join('\n'));
  });

  it('follows the files: what was found again is what is shown', async () => {
    writeFileSync(join(files, 'second.ts'), "import './part.js';\n");
    await run('task.analyseComplexity', key, task);
    await until(
      () => shown().getText(),
      (text) => text.includes('imported by 2'),
    );
  });

  it('of a task of which nothing is known says so, and keeps nothing', async () => {
    await run('task.analyseComplexity', key, bare);
    const text = shown().getText();
    assert.match(text, /# T-\d+ Water the plants\n\n\*\*Complexity unknown\*\*: no factor has data\.[\s\S]*Not kept\./);
  });
});
