import { execFile } from 'node:child_process';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import type { Interpreter } from './interpreters.js';

/** Node's own way to take the types out of TypeScript; from 22.13 on. */
type StripTypes = (code: string, options: { readonly mode: 'strip' | 'transform' }) => string;

/** The same in another Node: the code is its standard input. */
const IN_ANOTHER = `
const { stripTypeScriptTypes: strip } = require('node:module');
const code = require('node:fs').readFileSync(0, 'utf8');
try {
  process.stdout.write(strip(code, { mode: 'strip' }));
} catch (error) {
  if (error.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error;
  process.stdout.write(strip(code, { mode: 'transform' }));
}`;
const PATIENCE = 30_000;
const LARGEST = 16 * 1024 * 1024;

/**
 * TypeScript as JavaScript, line for line: by this Node, else by the one that will run it. Types are taken out and not
 * checked. Nothing of the project is loaded: nobody has approved anything yet. Throws INVALID_INPUT for what is no
 * TypeScript and EXECUTION_DISABLED where neither Node can do it.
 */
export async function stripTypes(code: string, node: Interpreter): Promise<string> {
  const strip = ownStripTypes();
  if (strip) return withNode(strip, code);
  const [major = 0, minor = 0] = node.version;
  if (major > 22 || (major === 22 && minor >= 13)) return inAnother(node, code);
  throw new OrchestratorError(
    'EXECUTION_DISABLED',
    `${node.label} cannot run TypeScript. Put Node 22.13 or later on the PATH, or give JavaScript. Nothing was run.`,
  );
}

function ownStripTypes(): StripTypes | undefined {
  const { stripTypeScriptTypes } = process.getBuiltinModule('node:module') as { stripTypeScriptTypes?: StripTypes };
  return stripTypeScriptTypes;
}

/** Enums and namespaces are more than types: where taking out is not enough they are rewritten. */
function withNode(strip: StripTypes, code: string): string {
  // It says that it is new, on each run.
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return strip(code, { mode: 'strip' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw invalid(error);
    try {
      return strip(code, { mode: 'transform' });
    } catch (second) {
      throw invalid(second);
    }
  } finally {
    process.emitWarning = emitWarning;
  }
}

function inAnother({ file, environment }: Interpreter, code: string): Promise<string> {
  return new Promise((done, fail) => {
    const options = {
      timeout: PATIENCE,
      maxBuffer: LARGEST,
      windowsHide: true,
      env: { ...process.env, ...environment },
    };
    const child = execFile(file, ['--no-warnings', '-e', IN_ANOTHER], options, (error, stdout, stderr) => {
      if (error) fail(invalid(new Error(/^.*Error.*$/m.exec(stderr)?.[0] ?? error.message)));
      else done(stdout);
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(code);
  });
}

function invalid(error: unknown): InvalidInputError {
  const message = error instanceof Error ? error.message : String(error);
  return new InvalidInputError('code', `This is no TypeScript that can be run: ${message.trim()}. Nothing was run.`);
}
