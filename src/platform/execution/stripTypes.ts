import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';

/** Node's own way to take the types out of TypeScript; from 22.13 on. */
type StripTypes = (code: string, options: { readonly mode: 'strip' | 'transform' }) => string;

/** What is used of esbuild, where the project has it. */
interface Esbuild {
  transform(code: string, options: Readonly<Record<string, string>>): Promise<{ readonly code: string }>;
}

/**
 * TypeScript as JavaScript, line for line where Node does it. Types are taken out and not checked. `folder` is where the
 * project's esbuild is looked for if this Node cannot do it. Throws INVALID_INPUT for what is no TypeScript and
 * EXECUTION_DISABLED where nothing here can do it.
 */
export async function stripTypes(code: string, folder: string): Promise<string> {
  const strip = ownStripTypes();
  if (strip) return withNode(strip, code);
  const esbuild = esbuildOf(folder);
  if (!esbuild)
    throw new OrchestratorError(
      'EXECUTION_DISABLED',
      `Node ${process.versions.node} cannot run TypeScript, and this project has no esbuild. Use Node 22.18 or later, install esbuild in the project, or give JavaScript. Nothing was run.`,
    );
  try {
    return (await esbuild.transform(code, { loader: 'ts', target: 'node20', logLevel: 'silent' })).code;
  } catch (error) {
    throw invalid(error);
  }
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

function esbuildOf(folder: string): Esbuild | undefined {
  try {
    return createRequire(join(folder, 'code.js'))('esbuild') as Esbuild;
  } catch {
    return undefined;
  }
}

function invalid(error: unknown): InvalidInputError {
  const message = error instanceof Error ? error.message : String(error);
  return new InvalidInputError('code', `This is no TypeScript that can be run: ${message.trim()}. Nothing was run.`);
}
