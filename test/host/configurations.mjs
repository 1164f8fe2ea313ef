import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { mustRun } from '../../scripts/lib/processes.mjs';
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

async function withStore() {
  const workspace = await makeWorkspace(files);
  await workspace.tm('init');
  return { open: workspace.dir, remove: workspace.remove, tm: workspace.tm };
}

/** A repository in `main`, and a second worktree of it in `second`. */
async function withWorktrees() {
  const workspace = await makeWorkspace({
    'main/a.ts': '// TODO: Share it\n',
    'both.code-workspace': JSON.stringify({ folders: [{ path: 'main' }, { path: 'second' }] }),
  });
  const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    [...author, 'commit', '--quiet', '-m', 'Begin'],
    ['worktree', 'add', '--quiet', '../second'],
  ])
    await mustRun('git', 'git', args, { cwd: join(workspace.dir, 'main') });
  await workspace.write('second/only-here.ts', 'export {};\n');
  return workspace;
}

/** @type {readonly Configuration[]} */
export const configurations = [
  {
    name: 'folder with a store',
    tests: ['withStore', 'commands', 'contextFiles', 'editor', 'complexity', 'terminal'],
    setUp: withStore,
  },
  { name: 'a store that is locked for a while', tests: ['locked'], setUp: withStore },
  {
    name: 'a store that is locked for too long',
    tests: ['locked'],
    async setUp() {
      const settings = { 'taskOrchestrator.store.lockTimeout': 1 };
      return { ...(await withStore()), settings, env: { TASK_HOST_LOCK_TIMEOUT: '1' } };
    },
  },
  {
    name: 'damaged settings and a damaged store',
    tests: ['damaged'],
    async setUp() {
      const workspace = await makeWorkspace({
        ...files,
        '.vscode/settings.json': '{ "taskOrchestrator.gutter.enabled": ',
        '.task-orchestrator/tasks.db': 'not a database\n'.repeat(100),
      });
      const sound = await withStore();
      await sound.tm('add', 'From the backup');
      const backup = await sound.tm('backup');
      await cp(backup, join(workspace.dir, '.task-orchestrator/backups', basename(backup)));
      await sound.remove();
      const settings = {
        'taskOrchestrator.gutter.enabled': 'perhaps',
        'taskOrchestrator.graph.depth': { deep: true },
        'taskOrchestrator.store.lockTimeout': 'long',
      };
      return { open: workspace.dir, settings, remove: workspace.remove };
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
  {
    name: 'claims and history',
    tests: ['claims', 'history', 'review'],
    async setUp() {
      const workspace = await makeWorkspace(files);
      return { open: workspace.dir, remove: workspace.remove };
    },
  },
  {
    name: 'expansion',
    tests: ['expansion', 'clients'],
    // Keys of the machine's own must not reach a service.
    setUp: async () => ({
      ...(await withStore()),
      env: { ANTHROPIC_API_KEY: '', OPENAI_API_KEY: '', TM_MODEL_BASE_URL: '' },
    }),
  },
  {
    name: 'commits',
    tests: ['commits'],
    async setUp() {
      const workspace = await makeWorkspace({ 'a.txt': 'a\n', '.gitignore': '.task-orchestrator\n.vscode\n' });
      await workspace.tm('init');
      for (const args of [
        ['init', '--quiet', '--initial-branch=main'],
        ['config', 'user.name', 'Ann'],
        ['config', 'user.email', 'ann@example.org'],
        ['add', '.'],
        ['commit', '--quiet', '-m', 'Begin'],
      ])
        await mustRun('git', 'git', args, { cwd: workspace.dir });
      return {
        open: workspace.dir,
        settings: { 'git.openRepositoryInParentFolders': 'never' },
        remove: workspace.remove,
      };
    },
  },
  {
    name: 'estimates and forecasts',
    tests: ['forecast'],
    async setUp() {
      const workspace = await makeWorkspace(files);
      return { open: workspace.dir, remove: workspace.remove };
    },
  },
  {
    name: 'the next task',
    tests: ['next'],
    async setUp() {
      const workspace = await makeWorkspace(files);
      return { open: workspace.dir, remove: workspace.remove };
    },
  },
  {
    name: 'running code',
    tests: ['execution'],
    setUp: withStore,
  },
  {
    name: 'agents of the editor',
    tests: ['agents'],
    async setUp() {
      const workspace = await makeWorkspace(files);
      return { open: workspace.dir, settings: { 'chat.disableAIFeatures': false }, remove: workspace.remove };
    },
  },
  {
    name: 'hooks and plugins',
    tests: ['automation'],
    async setUp() {
      const workspace = await withStore();
      return { ...workspace, env: { XDG_CONFIG_HOME: join(workspace.open, 'config') } };
    },
  },
  {
    name: 'a store of an older schema',
    tests: ['olderStore'],
    async setUp() {
      const workspace = await makeWorkspace(files);
      const fixture = join(root, 'test/fixtures/stores/schema-1');
      await cp(fixture, join(workspace.dir, '.task-orchestrator'), { recursive: true });
      return { open: workspace.dir, remove: workspace.remove };
    },
  },
  {
    name: 'a store of a newer schema',
    tests: ['newerStore'],
    async setUp() {
      const { open, remove, tm } = await withStore();
      await tm('add', 'From the future');
      const database = join(open, '.task-orchestrator/tasks.db');
      const bytes = await readFile(database);
      // Where a SQLite file keeps its `user_version`.
      bytes.writeUInt32BE(99, 60);
      await writeFile(database, bytes);
      return { open, remove };
    },
  },
  {
    name: 'two worktrees',
    tests: ['worktrees'],
    async setUp() {
      const workspace = await withWorktrees();
      const settings = { 'taskOrchestrator.store.shared': true };
      return { open: join(workspace.dir, 'both.code-workspace'), settings, remove: workspace.remove };
    },
  },
  {
    name: 'a linked worktree alone',
    tests: ['linkedWorktree'],
    async setUp() {
      const workspace = await withWorktrees();
      return { open: join(workspace.dir, 'second'), remove: workspace.remove };
    },
  },
];
