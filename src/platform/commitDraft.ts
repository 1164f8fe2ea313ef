import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommitDraft } from '../app/commits/commitTrailer.js';
import { NotFoundError, OrchestratorError } from '../core/model/errors.js';
import { branchOf, findWorktree } from './git.js';
import { runGit } from './runGit.js';

/** What git keeps while it makes commits again, or merges. */
const REPLAYS = ['rebase-merge', 'rebase-apply', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'MERGE_HEAD', 'sequencer'];

/** The message that git has in a file while a commit is made. */
export function commitDraft(folder: string, file: string): CommitDraft {
  const path = resolve(folder, file);
  const said = async (...args: string[]) => {
    let text = '';
    const { code, missing, complaint } = await runGit(folder, args, (piece) => {
      text += piece;
      return true;
    });
    if (missing) throw new NotFoundError('git is not installed.');
    return { code, text, complaint };
  };
  return {
    read() {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        throw new NotFoundError(`${path} cannot be read: ${(error as Error).message}`, { path });
      }
    },
    async commentPrefix() {
      for (const name of ['core.commentString', 'core.commentChar']) {
        const text = (await said('config', '--get', name)).text.trim();
        if (text !== '' && text !== 'auto') return text;
      }
      return '#';
    },
    async isReplay() {
      const { code, text } = await said('rev-parse', ...REPLAYS.flatMap((name) => ['--git-path', name]));
      if (code !== 0) throw new NotFoundError(`${folder} is in no git working tree.`);
      return text
        .trim()
        .split('\n')
        .some((one) => existsSync(resolve(folder, one)));
    },
    branch() {
      const worktree = findWorktree(folder);
      return worktree && branchOf(worktree);
    },
    async addTrailer(line) {
      const { code, complaint } = await said('interpret-trailers', '--in-place', '--trailer', line, path);
      if (code !== 0)
        throw new OrchestratorError('CONFLICT', `git could not add “${line}”: ${complaint.trim()}`, { path });
    },
  };
}
