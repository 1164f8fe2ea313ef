import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type {
  HookFile,
  PluginDescription,
  PluginEnd,
  PluginRequest,
  ProgramEnd,
  ProjectPrograms,
  Trust,
} from '../../app/ports.js';
import type { RunnerAnswer, RunnerOrder } from './pluginProtocol.js';
import { HOOKS_FOLDER, PLUGINS_FOLDER } from './projectFolders.js';
import { runProgram } from './runProgram.js';
import { TrustRecord } from './trust.js';

const WINDOWS = process.platform === 'win32';
const MODULE = /\.(mjs|js|cjs)$/;

/** Where things are on this machine. */
export interface ProgramPlaces {
  /** The SQLite file. */
  readonly path: string;
  /** The workspace's root, where hooks run. */
  readonly root: string;
  /** The folder with `pluginRunner.js` and `tm.js`. */
  readonly product: string;
}

type Run = { readonly env: Readonly<Record<string, string>>; readonly limit?: number };

/** The hooks and plugins in a store's folder on this machine. */
export class DiskPrograms implements ProjectPrograms {
  readonly #places: ProgramPlaces;
  readonly #folder: string;
  readonly #trust: TrustRecord;

  constructor(places: ProgramPlaces) {
    this.#places = places;
    this.#folder = join(places.path, '..');
    this.#trust = new TrustRecord(this.#folder, [HOOKS_FOLDER, PLUGINS_FOLDER]);
  }

  get running(): readonly string[] {
    return (process.env.TM_HOOKS_RUNNING ?? '').split(',').filter((name) => name !== '');
  }

  hooks(): readonly HookFile[] {
    return this.#names(HOOKS_FOLDER).map((file) => {
      const fault = this.#faultOf(file);
      return { name: nameOf(file), ...(fault !== undefined && { fault }) };
    });
  }

  plugins(): readonly string[] {
    return this.#names(PLUGINS_FOLDER).filter((file) => MODULE.test(file) && !this.#isFolder(PLUGINS_FOLDER, file));
  }

  trust(): Trust {
    return this.#trust.trust();
  }

  decide(allowed: boolean): readonly string[] {
    return this.#trust.decide(allowed);
  }

  runHook(name: string, { args, input, env, limit }: Run & { args: readonly string[]; input: string }) {
    const file = this.#names(HOOKS_FOLDER).find((one) => nameOf(one) === name) ?? name;
    return runProgram({
      file: join(this.#folder, HOOKS_FOLDER, file),
      args,
      input,
      folder: this.#places.root,
      env: this.#environment(env),
      ...(limit !== undefined && { limit }),
    });
  }

  async callPlugin(file: string, request: PluginRequest, { env, limit }: Run): Promise<PluginEnd> {
    const { root, product } = this.#places;
    let answer: RunnerAnswer | undefined;
    const order: RunnerOrder = {
      file: join(this.#folder, PLUGINS_FOLDER, file),
      request,
      tm: join(product, 'tm.js'),
      root,
      folder: this.#folder,
      actor: env.TM_AGENT_ID ?? '',
    };
    const end = await runProgram({
      file: process.execPath,
      args: [join(product, 'pluginRunner.js')],
      folder: root,
      // Inside VS Code the running program is the editor.
      env: { ...this.#environment(env), ELECTRON_RUN_AS_NODE: '1', NODE_NO_WARNINGS: '1' },
      ...(limit !== undefined && { limit }),
      inherit: request.kind === 'command',
      onStart: (child) => {
        child.on('message', (message: RunnerAnswer) => {
          answer ??= message;
        });
        child.send(order, () => undefined);
      },
    });
    return { ...end, ...pluginEnd(end, answer, request) };
  }

  /** A change that a program makes by `tm` is not a repetition of the one that it was started by. */
  #environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const { TM_REQUEST_ID: _request, ...own } = process.env;
    return { ...own, TM_DB_PATH: this.#places.path, ...env };
  }

  #faultOf(file: string): string | undefined {
    if (this.#isFolder(HOOKS_FOLDER, file)) return 'a folder';
    try {
      accessSync(join(this.#folder, HOOKS_FOLDER, file), constants.X_OK);
      return undefined;
    } catch {
      return 'not executable (chmod +x makes it so)';
    }
  }

  #isFolder(folder: string, file: string): boolean {
    return statSync(join(this.#folder, folder, file), { throwIfNoEntry: false })?.isFile() !== true;
  }

  #names(folder: string): readonly string[] {
    try {
      return readdirSync(join(this.#folder, folder))
        .filter((name) => !name.startsWith('.'))
        .sort();
    } catch {
      return [];
    }
  }
}

/** On Windows a program has its kind at the end of its name. */
function nameOf(file: string): string {
  return WINDOWS ? file.replace(/\.exe$/i, '') : file;
}

/** A plugin that went without an answer failed, whatever its exit code says; but a command may end as it likes. */
function pluginEnd(end: ProgramEnd, answer: RunnerAnswer | undefined, { kind }: PluginRequest): Partial<PluginEnd> {
  if (end.timedOut || end.problem !== undefined || (answer === undefined && kind === 'command')) return {};
  if (answer === undefined) return { problem: `it ended before it was done (exit code ${end.code ?? end.signal})` };
  if (answer.error !== undefined) return { problem: answer.error };
  return { ...(answer.description && { description: answer.description satisfies PluginDescription }) };
}
