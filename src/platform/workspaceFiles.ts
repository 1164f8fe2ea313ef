import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { WorkspaceFiles } from '../app/ports.js';

/** Files larger than this are not read for anchors (bytes). */
const LARGEST = 8 * 1024 * 1024;

/** The files under a folder on this machine. A file is read again only when it changed. */
export class DiskFiles implements WorkspaceFiles {
  readonly #root: string;
  readonly #cache = new Map<string, { readonly stamp: string; readonly lines: readonly string[] | undefined }>();

  constructor(root: string) {
    this.#root = root;
  }

  exists(path: string): boolean {
    return statOf(join(this.#root, path)) !== undefined;
  }

  isInside(path: string): boolean {
    try {
      const inside = relative(realpathSync(this.#root), realpathSync(join(this.#root, path)));
      return !isAbsolute(inside) && inside !== '..' && !inside.startsWith(`..${sep}`);
    } catch {
      return false;
    }
  }

  readLines(path: string): readonly string[] | undefined {
    const file = join(this.#root, path);
    const stat = statOf(file);
    if (!stat?.isFile() || stat.size > LARGEST) return undefined;
    const stamp = `${stat.mtimeMs}:${stat.size}`;
    const cached = this.#cache.get(path);
    if (cached?.stamp === stamp) return cached.lines;
    const lines = readText(file);
    this.#cache.set(path, { stamp, lines });
    return lines;
  }
}

/** Splits a text as editors number its lines. */
export function splitLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Undefined too for links in a circle, and for what may not be looked at. */
function statOf(file: string) {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function readText(file: string): readonly string[] | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.includes('\0') ? undefined : splitLines(text);
  } catch {
    return undefined;
  }
}
