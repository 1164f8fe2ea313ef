import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Shell } from './shell.js';

/** A project with a store, and files of its own beside it. */
export class Project extends Shell {
  constructor(env: NodeJS.ProcessEnv = {}) {
    super({ env });
    this.say('init');
  }

  /** A file in the store's folder. */
  beside(path: string): string {
    return join(this.folder, '.task-orchestrator', path);
  }

  put(path: string, text: string, mode = 0o644): void {
    const file = this.beside(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  }

  /** Writes hooks and allows them. */
  hooks(scripts: Readonly<Record<string, string>>): void {
    for (const [name, script] of Object.entries(scripts)) this.put(`hooks/${name}`, `#!/bin/sh\n${script}\n`, 0o755);
    this.say('hooks', 'trust');
  }

  plugin(file: string, text: string): void {
    this.put(`plugins/${file}`, text);
    this.say('hooks', 'trust');
  }

  /** A file of the workspace that a hook wrote. */
  written(path: string): string {
    const file = join(this.folder, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }
}
