import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Shell } from './shell.js';

/** Reports whoever makes a program of a text, also one that would catch the refusal. */
const GUARD = `
  const report = (what) => { process.stderr.write('made a program of a text: ' + what + '\\n' + new Error().stack); process.exit(99); };
  globalThis.eval = () => report('eval');
  globalThis.Function = new Proxy(Function, { construct: () => report('new Function'), apply: () => report('Function') });
`;

test('defect: nothing that is typed, and no library, is run as a program', () => {
  const plain = new Shell();
  writeFileSync(join(plain.folder, 'guard.cjs'), GUARD);
  const options = `--disallow-code-generation-from-strings --require ${join(plain.folder, 'guard.cjs')}`;
  const shell = plain.with({ env: { NODE_OPTIONS: options, TM_ENCRYPTION_KEY: 'a passphrase of several words' } });
  for (const args of [
    ['init'],
    ['add', '{{().__class__.__base__}}', '-d', "{{process.exit(1)}} {{constructor.constructor('return 1')()}}"],
    ['add', 'Two', '--depends-on', '1', '--tag', 'api', '--due', '2026-12-01'],
    ['list', 'status:ready,waiting sort:-priority'],
    ['claim', '1'],
    ['encryption', 'enable'],
    ['complete', '1', '--summary', 'done'],
    ['config', '--preset', 'standard'],
    ['show', '1', '--json'],
    ['graph'],
    ['log', '--json'],
    ['undo'],
    ['doctor'],
    ['--help'],
  ])
    expect(shell.run(...args), args.join(' ')).toMatchObject({ code: 0 });
});
