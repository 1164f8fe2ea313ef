import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoreFolder } from '../app/ports.js';
import { StoreError } from '../core/model/errors.js';

/** A store's folder on this machine. Throws PERMISSION_DENIED naming the file where the system refuses one. */
export class DiskFolder implements StoreFolder {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  read(path: string): string | undefined {
    return this.#ifThere(path, () => readFileSync(join(this.#root, path), 'utf8'));
  }

  write(path: string, text: string): void {
    const file = join(this.#root, path);
    const temporary = `${file}.${process.pid}.tmp`;
    this.#try(path, () => {
      mkdirSync(dirname(file), { recursive: true });
      try {
        writeFileSync(temporary, text);
        renameSync(temporary, file);
      } finally {
        rmSync(temporary, { force: true });
      }
    });
  }

  append(path: string, text: string): void {
    const file = join(this.#root, path);
    this.#try(path, () => {
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, text);
    });
  }

  remove(path: string): void {
    this.#try(path, () => rmSync(join(this.#root, path), { force: true }));
  }

  list(folder: string): readonly string[] {
    const entries = this.#ifThere(folder, () => readdirSync(join(this.#root, folder), { withFileTypes: true })) ?? [];
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  }

  /** Undefined where the file or folder is not there. */
  #ifThere<T>(path: string, work: () => T): T | undefined {
    return this.#try(path, () => {
      try {
        return work();
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        throw error;
      }
    });
  }

  #try<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new StoreError('PERMISSION_DENIED', `${join(this.#root, path)}: ${(error as Error).message}`, {
        path,
      });
    }
  }
}
