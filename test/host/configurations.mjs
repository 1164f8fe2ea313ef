import { join } from 'node:path';
import { makeWorkspace } from '../../scripts/lib/workspace.mjs';

/**
 * A window that host tests run in: each configuration is a VS Code of its own.
 * @typedef {object} Configuration
 * @property {string} name
 * @property {readonly string[]} tests the test files, without `.test.ts`
 * @property {() => Promise<SetUp>} setUp
 *
 * @typedef {object} SetUp
 * @property {string} open the folder, or the `.code-workspace` file, to open
 * @property {Record<string, unknown>} [settings] the user's settings
 * @property {NodeJS.ProcessEnv} [env] added to the extension host's environment
 * @property {() => Promise<void>} remove
 */

const files = { 'src/main.ts': 'export const answer = 42;\n', 'README.md': '# A workspace\n' };

/** @type {readonly Configuration[]} */
export const configurations = [
  {
    name: 'folder with a store',
    tests: ['withStore'],
    async setUp() {
      const workspace = await makeWorkspace(files);
      await workspace.tm('init');
      return { open: workspace.dir, remove: workspace.remove };
    },
  },
  {
    name: 'folder without a store',
    tests: ['withoutStore'],
    async setUp() {
      const workspace = await makeWorkspace(files);
      return { open: workspace.dir, remove: workspace.remove };
    },
  },
  {
    name: 'two folders',
    tests: ['multiRoot'],
    async setUp() {
      const workspace = await makeWorkspace({
        'one/a.ts': files['src/main.ts'],
        'two/b.ts': files['src/main.ts'],
        'both.code-workspace': JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }),
      });
      return { open: join(workspace.dir, 'both.code-workspace'), remove: workspace.remove };
    },
  },
];
