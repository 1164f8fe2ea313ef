import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunOrder } from '../../app/execution/codeRunner.js';
import type { CodeLanguage } from '../../core/execution/language.js';
import { findInterpreter, type Interpreter, type InterpreterName } from './interpreters.js';
import { stripTypes } from './stripTypes.js';

/** What is started. */
export interface ProgramParts {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A file that is its standard input. */
  readonly input?: string;
}

/** How code of one order is run: the interpreter, and what it is given once there is a folder for it. */
export interface Program {
  readonly label: string;
  /** The interpreter. */
  readonly file: string;
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  parts(folders: { readonly own: string; readonly packages: string }): Promise<ProgramParts>;
}

interface Places {
  /** Where the code runs. */
  readonly folder: string;
  readonly product: string;
}

const INTERPRETERS: Readonly<Record<CodeLanguage, InterpreterName>> = {
  python: 'python',
  javascript: 'node',
  typescript: 'node',
  bash: 'bash',
  sql: 'node',
};

/** The program for an order. Throws EXECUTION_DISABLED where there is none, and INVALID_INPUT for code that is none. */
export async function programFor(order: RunOrder, places: Places): Promise<Program> {
  const interpreter = await findInterpreter(INTERPRETERS[order.language]);
  // Before anybody is asked: what cannot be run need not be approved.
  const code = order.language === 'typescript' ? await stripTypes(order.code, interpreter) : order.code;
  const { label, file, folders, environment } = interpreter;
  return {
    label: order.language === 'sql' ? 'SQLite (WebAssembly)' : label,
    ...{ file, folders, environment },
    parts: async (own) => PARTS[order.language]({ order, code, interpreter, places, own }),
  };
}

interface Given {
  readonly order: RunOrder;
  readonly code: string;
  readonly interpreter: Interpreter;
  readonly places: Places;
  readonly own: { readonly own: string; readonly packages: string };
}

/** The code is a file, or standard input: no shell and no command line ever holds it. */
const PARTS: Readonly<Record<CodeLanguage, (given: Given) => ProgramParts>> = {
  python: ({ code, order, interpreter, places, own }) => ({
    file: order.packages.length > 0 ? venvPython(own.packages) : interpreter.file,
    args: [write(own.own, 'main.py', code)],
    environment: {
      // As if the file lay where it runs.
      PYTHONPATH: places.folder,
      ...{ PYTHONUTF8: '1', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1', PYTHONNOUSERSITE: '1' },
    },
  }),
  javascript,
  typescript: javascript,
  bash: ({ code, interpreter, own }) => ({
    file: interpreter.file,
    args: ['--noprofile', '--norc', write(own.own, 'main.sh', code)],
  }),
  sql: ({ code, order, interpreter, places, own }) => ({
    file: interpreter.file,
    args: [
      `--max-old-space-size=${order.memory}`,
      join(places.product, 'sqlRunner.js'),
      write(own.own, 'store.db', order.image()),
      write(own.own, 'main.sql', code),
    ],
  }),
};

/** From standard input Node finds modules from the folder that it runs in; beside packages of its own, from there. */
function javascript({ code, order, interpreter, own }: Given): ProgramParts {
  const heap = `--max-old-space-size=${order.memory}`;
  if (order.packages.length === 0)
    return { file: interpreter.file, args: [heap, '-'], input: write(own.own, 'main.js', code) };
  const quiet = '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON';
  return { file: interpreter.file, args: [heap, quiet, write(own.packages, 'main.js', code)] };
}

/** The interpreter of a virtual environment. */
export function venvPython(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

function write(folder: string, name: string, text: string | Uint8Array): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
