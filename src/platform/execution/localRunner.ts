import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type {
  CodeRunner,
  Confinement,
  PreparedRun,
  RunEnd,
  RunOrder,
  RunWatch,
} from '../../app/execution/codeRunner.js';
import { runEnvironment } from '../../core/execution/environment.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { installPackages } from './installPackages.js';
import { type Program, type ProgramParts, programFor } from './languages.js';
import { type ProcessOrder, runProcess } from './runProcess.js';
import { hiddenFolders, isInside, probeSandbox, type SystemSandbox } from './sandbox.js';

/** Where things are on this machine. */
export interface RunnerPlaces {
  /** The workspace's root. */
  readonly root: string;
  /** The folder of the store, which runs may read and not write. */
  readonly store: string;
  /** The folder with `sqlRunner.js`. */
  readonly product: string;
}

const WINDOWS = process.platform === 'win32';
/** Of what the system lets each process have beyond the limit (MiB): Node sets so much aside and does not use it. */
const HEADROOM = 1024;
/** Largest file that a run may write, in blocks of 512 bytes: 1 GiB. */
const LARGEST_FILE = 2_097_152;
/** Sets the limits of the system and becomes the program: data and numbers are arguments, nothing is read as a script. */
const LIMITER = 'ulimit -c 0; ulimit -f "$1" 2>/dev/null; ulimit -d "$2" 2>/dev/null; shift 2; exec "$@"';

/** Runs code in processes of this machine, in a folder that is thrown away, within limits, in a sandbox where one holds. */
export class LocalRunner implements CodeRunner {
  readonly #places: RunnerPlaces;

  constructor(places: RunnerPlaces) {
    this.#places = places;
  }

  async within(folder: string): Promise<string | undefined> {
    try {
      const top = realpathSync(this.#places.root);
      const asked = realpathSync(resolve(top, folder));
      const path = relative(top, asked);
      const isOutside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
      if (isOutside || !statSync(asked).isDirectory()) return undefined;
      return path === '' ? '.' : path.split(sep).join('/');
    } catch {
      return undefined;
    }
  }

  async prepare(order: RunOrder): Promise<PreparedRun> {
    const folder = join(realpathSync(this.#places.root), order.folder);
    const program = await programFor(order, { folder, product: this.#places.product });
    const { sandbox, reason } = await chooseSandbox(order);
    const confinement = confinementOf(order, sandbox, reason);
    return {
      confinement,
      runtime: program.label,
      run: async (watch) => this.#run(order, { folder, program, sandbox }, watch),
    };
  }

  async #run(order: RunOrder, { folder, program, sandbox }: Prepared, watch: RunWatch): Promise<RunEnd> {
    const own = realpathSync(mkdtempSync(join(tmpdir(), 'task-orchestrator-run-')));
    const run: OwnFolders = {
      own,
      home: join(own, 'home'),
      temporary: join(own, 'tmp'),
      packages: join(own, 'packages'),
    };
    for (const one of [run.home, run.temporary, run.packages]) mkdirSync(one);
    try {
      const confine = this.#confiner(order, run, { folder, program, sandbox });
      if (order.packages.length > 0) {
        const failed = await installPackages(order, program, { ...run, confine: confine('packages') }, watch);
        if (failed) return failed;
      }
      const parts = await program.parts(run);
      const input = parts.input === undefined ? undefined : openSync(parts.input, 'r');
      try {
        return await runProcess({ ...confine('code')(parts), ...(input !== undefined && { input }) }, watch);
      } finally {
        if (input !== undefined) closeSync(input);
      }
    } catch (error) {
      return notStarted(error);
    } finally {
      removeFolder(own);
    }
  }

  /** What turns a program into an order within the limits and the sandbox of this run. */
  #confiner(order: RunOrder, run: OwnFolders, { folder, program, sandbox }: Prepared) {
    const environment = runEnvironment(process.env, order.environment, { ...run, windows: WINDOWS });
    const marker = randomBytes(12).toString('hex');
    const isMemoryOnly = order.language === 'sql';
    return (step: 'code' | 'packages') =>
      (parts: ProgramParts): ProcessOrder => {
        const workingFolder = step === 'packages' || isMemoryOnly ? run.packages : folder;
        const wrapped = sandbox?.wrap({
          hidden: hiddenFolders(),
          ...this.#reachable(program, run, step === 'packages' || isMemoryOnly),
          network: order.network || step === 'packages',
          workingFolder,
        });
        const command = [...(wrapped ?? []), parts.file, ...parts.args];
        const data = (order.memory + HEADROOM) * 1024;
        const limited = WINDOWS
          ? command
          : ['/bin/sh', '-c', LIMITER, 'sh', String(LARGEST_FILE), String(data), ...command];
        const [file = '', ...args] = limited;
        return {
          ...{ file, args, marker, memory: order.memory },
          folder: workingFolder,
          environment: { ...environment, ...program.environment, ...parts.environment },
          milliseconds: order.timeout * 1000,
        };
      };
  }

  /** Where what is installed gets nothing of the workspace. */
  #reachable({ folders }: Program, { own }: OwnFolders, isAlone: boolean) {
    const { root, store, product } = this.#places;
    const [top, kept, ours] = [root, store, product].map((folder) => realpathSync(folder)) as [string, string, string];
    const hidden = hiddenFolders();
    const readable = [...folders, ours].filter(
      (folder) =>
        hidden.some((one) => isInside(folder, one)) && !hidden.some((one) => one === folder || isInside(one, folder)),
    );
    if (isAlone) return { readable, writable: [own], guarded: [] };
    return { readable, writable: [top, own], guarded: isInside(kept, top) ? [kept] : [] };
  }
}

interface Prepared {
  /** Where the code runs. */
  readonly folder: string;
  readonly program: Program;
  readonly sandbox: SystemSandbox | undefined;
}

/** The folders of one run, gone after it. */
export interface OwnFolders {
  readonly own: string;
  readonly home: string;
  readonly temporary: string;
  readonly packages: string;
}

async function chooseSandbox({
  sandbox,
}: RunOrder): Promise<{ readonly sandbox: SystemSandbox | undefined; readonly reason?: string }> {
  if (sandbox === 'none') return { sandbox: undefined, reason: 'none was asked for' };
  const probe = await probeSandbox();
  if ('sandbox' in probe) return probe;
  if (sandbox === 'auto') return { sandbox: undefined, reason: probe.reason };
  throw new OrchestratorError(
    'EXECUTION_DISABLED',
    `A sandbox is required, and there is none: ${probe.reason}. Nothing was run.`,
    { reason: probe.reason },
  );
}

function confinementOf({ language, network }: RunOrder, sandbox: SystemSandbox | undefined, reason = ''): Confinement {
  const isJavascript = language !== 'python' && language !== 'bash';
  const elsewhere = isJavascript ? 'heap' : 'nothing';
  return {
    sandbox: sandbox?.name ?? 'none',
    ...(!sandbox && { reason }),
    // SQL reaches neither, whatever is around it: SQLite runs as WebAssembly with a file system in memory.
    network: language === 'sql' || (sandbox && !network) ? 'off' : 'open',
    files: language === 'sql' ? 'memory' : sandbox ? 'workspace' : 'user',
    memory: process.platform === 'linux' ? 'processes and their sum' : elsewhere,
  };
}

/** What went wrong before there was a process. */
function notStarted(error: unknown): RunEnd {
  const message = error instanceof Error ? error.message : String(error);
  return {
    ...{ exitCode: null, signal: null, stoppedBy: null, output: '', truncated: false, milliseconds: 0 },
    error: `It could not be started: ${message}`,
  };
}

/** Code may have left folders that cannot be listed; they are its own. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // The system clears its temporary folder.
  }
}
