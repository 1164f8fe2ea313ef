import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { OrchestratorError } from '../../core/model/errors.js';

/** A program that runs code. */
export interface Interpreter {
  /** Absolute. */
  readonly file: string;
  /** As people call it, with its version. */
  readonly label: string;
  readonly version: readonly number[];
  /** Folders that it needs to read. */
  readonly folders: readonly string[];
  /** What it needs to find in its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export type InterpreterName = 'python' | 'node' | 'bash';

const WINDOWS = process.platform === 'win32';
/** How long a program may take to say what it is (ms). */
const PATIENCE = 20_000;

const QUESTIONS: Readonly<Record<InterpreterName, { names: readonly string[]; args: readonly string[] }>> = {
  // What stands on the PATH may be a launcher that needs the person's home; the program itself does not.
  python: {
    names: ['python3', 'python'],
    args: ['-c', 'import sys; print(sys.executable, sys.version.split()[0], sys.prefix, sys.base_prefix, sep="\\n")'],
  },
  node: { names: ['node'], args: ['-p', '[process.execPath, process.versions.node].join("\\n")'] },
  bash: { names: ['bash'], args: ['-c', 'printf "%s\\n" "" "$BASH_VERSION"'] },
};

const HINTS: Readonly<Record<InterpreterName, string>> = {
  python: 'Python 3 is not on the PATH. Install it, or put it there.',
  node: 'Node.js is not on the PATH. Install it, or put it there.',
  bash: 'bash is not on the PATH. Install it, or put it there.',
};

const found = new Map<string, Promise<Interpreter>>();

/** The program of that name on the PATH, asked once what it is. Throws EXECUTION_DISABLED where there is none. */
export function findInterpreter(name: InterpreterName, path = process.env.PATH ?? ''): Promise<Interpreter> {
  const key = `${name}\n${path}`;
  const known = found.get(key);
  if (known) return known;
  const asked = search(name, path);
  found.set(key, asked);
  // Somebody may install it.
  asked.catch(() => found.delete(key));
  return asked;
}

async function search(name: InterpreterName, path: string): Promise<Interpreter> {
  const { names, args } = QUESTIONS[name];
  for (const file of programsOnPath(names, path)) {
    const interpreter = interpreterOf(name, file, await answerOf(file, args));
    if (interpreter) return interpreter;
  }
  // The editor brings a Node along, as does whoever runs `tm`.
  if (name === 'node') {
    const environment: Record<string, string> = process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {};
    const own = interpreterOf(name, process.execPath, `${process.execPath}\n${process.versions.node}`);
    if (own) return { ...own, environment };
  }
  throw new OrchestratorError('EXECUTION_DISABLED', `${HINTS[name]} Nothing was run.`, { program: name });
}

function interpreterOf(name: InterpreterName, file: string, answer: string | undefined): Interpreter | undefined {
  const [own = '', text = '', ...folders] = (answer ?? '').split(/\r?\n/).map((line) => line.trim());
  const version = text.split(/[.(]/).map((part) => Number.parseInt(part, 10));
  if (Number.isNaN(version[0]) || (name === 'python' && version[0] !== 3)) return undefined;
  const program = isAbsolute(own) ? own : file;
  const label = { python: 'Python', node: 'Node.js', bash: 'bash' }[name];
  return {
    file: program,
    label: `${label} ${text}`,
    version,
    folders: [...new Set([...folders.filter(isAbsolute), join(program, '..', '..')])],
    environment: {},
  };
}

/** Programs on the PATH in its order; folders that are relative are not looked at. */
export function programsOnPath(names: readonly string[], path = process.env.PATH ?? ''): string[] {
  const files = WINDOWS ? names.map((name) => `${name}.exe`) : names;
  const folders = path.split(delimiter).filter(isAbsolute);
  return files.flatMap((name) => folders.map((folder) => join(folder, name)).filter(isProgram));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What it prints; undefined where it does not end well. */
export function answerOf(file: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(file, [...args], { timeout: PATIENCE, windowsHide: true, encoding: 'utf8' }, (error, stdout) =>
      done(error ? undefined : stdout),
    );
  });
}
