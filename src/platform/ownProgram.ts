import { resolve } from 'node:path';

/** The program that runs now, for what is to run it later: Node, and the built `tm.js`. */
export function ownProgram(): { readonly executable: string; readonly script: string } {
  return { executable: process.execPath, script: resolve(process.argv[1] ?? '') };
}
