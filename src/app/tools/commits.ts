import * as z from 'zod';
import { Commits } from '../commits/commits.js';
import { message, taskParameter } from './parameters.js';
import { defineTool, SETS, type Tool } from './tool.js';

const linkGitCommit = defineTool({
  name: 'link_git_commit',
  title: 'Link a commit to a task',
  description:
    'Link a commit to a task, resolved by git: full hash, author, date, subject, files, lines. One that git does not know is kept as given, not verified.',
  set: 'execution',
  annotations: SETS,
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      commit_hash: z.string().describe('Its hash, the start of it, HEAD, a tag or a branch'),
      commit_message: z.string().optional().describe('Where git does not know it'),
      author: z.string().optional(),
    }),
  output: () =>
    z.object({
      commit: z.record(z.string(), z.unknown()),
      changed: z.boolean(),
      unresolved: z.string().optional(),
      message,
    }),
  run: async ({ plan, repository }, given) => {
    const { commit, ...result } = await new Commits(plan, repository()).link(given);
    const { task, name: _, ...facts } = commit;
    return { ...result, commit: { task_id: plan.graph.get(task)?.task.number ?? null, task_key: task, ...facts } };
  },
});

export const COMMIT_TOOLS: readonly Tool[] = [linkGitCommit];
