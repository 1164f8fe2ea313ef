import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const AUTHOR = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.org' };
const COMMITTER = { GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.org' };

/** A git repository that a test makes commits in. */
export class Repository {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: this.folder, GIT_CONFIG_NOSYSTEM: '1', ...AUTHOR, ...COMMITTER },
    });
  }

  /** Writes files and commits them. */
  commit(message: string, files: Readonly<Record<string, string | Buffer>>): void {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.git('add', '--all', '--', ...Object.keys(files));
    this.git('commit', '--quiet', '--message', message);
  }

  write(path: string, text: string | Buffer): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** So many commits at once, each of which changes `path`. */
  pile(count: number, path: string): void {
    const commits = Array.from({ length: count }, (_, at) => {
      const content = `// ${at}\n`;
      const message = `Change ${at}`;
      return [
        'commit refs/heads/main',
        `mark :${at + 1}`,
        `committer Ann <ann@example.org> ${1_700_000_000 + at} +0000`,
        `data ${message.length}`,
        message,
        ...(at === 0 ? [] : [`from :${at}`]),
        `M 100644 inline ${path}`,
        `data ${content.length}`,
        content,
      ].join('\n');
    });
    execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: this.folder, input: `${commits.join('\n')}\n` });
    this.git('checkout', '--quiet', '--force', 'main');
  }
}

/** A text of so many lines. */
export function linesOf(count: number, line = 'work();'): string {
  return `${Array.from({ length: count }, () => line).join('\n')}\n`;
}
