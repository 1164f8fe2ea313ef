import * as z from 'zod';
import { COMMIT_SOURCES } from '../../store/repositories/commitRows.js';
import { type Input, type Output, schema } from '../input.js';
import { taskAddress } from '../tasks/taskInputs.js';

/** The task by whatever name; a bare number is always the task's number, as seed 002 has it. */
const taskId = schema(() =>
  z.union([
    z
      .number()
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .describe('The number of the task')
      .transform((number) => `#${number}`),
    taskAddress(),
  ]),
);

const commitHash = schema(() =>
  z
    .string()
    .trim()
    .min(1, 'must name a commit')
    .max(250, 'is longer than 250 characters')
    .describe('The commit: its hash, the start of it, or what git understands, such as HEAD or a tag'),
);

export const linkCommitInput = schema(() =>
  z.object({
    task_id: taskId(),
    commit_hash: commitHash(),
    commit_message: z
      .string()
      .trim()
      .max(10_000, 'is longer than 10,000 characters')
      .optional()
      .describe('Used where git does not know the commit'),
    author: z
      .string()
      .trim()
      .max(300, 'is longer than 300 characters')
      .optional()
      .describe('Used where git does not know the commit'),
  }),
);

export const unlinkCommitInput = schema(() => z.object({ task_id: taskId(), commit_hash: commitHash() }));

export const listCommitsInput = schema(() =>
  z.object({
    task_id: taskId().optional().describe('Only the commits of this task'),
    limit: z.number().int('must be a whole number').min(1, 'must be at least 1').default(50),
  }),
);

export const verifyCommitsInput = schema(() =>
  z.object({ task_id: taskId().optional().describe('Only the commits of this task') }),
);

export const syncCommitsInput = schema(() =>
  z.object({
    range: z
      .string()
      .trim()
      .default('HEAD')
      .describe('What to look through, as git reads it: HEAD~20..HEAD, main..HEAD, HEAD^! for the last commit only'),
    branch: z
      .string()
      .trim()
      .optional()
      .describe('Name of the branch that the commits were made on: the tasks that it names count for each of them'),
    complete: z
      .boolean()
      .optional()
      .describe('Complete the tasks that a commit fixes, closes or resolves; by default as the project has set it'),
  }),
);

/** A commit as every surface shows it. */
export const commitView = schema(() =>
  z.object({
    task: z.string().describe('Id of the task'),
    name: z.string().describe('T-<number>'),
    commit_hash: z.string().describe('In full where git knows it'),
    commit_message: z.string().optional().describe('Its first line'),
    author: z.string().optional(),
    committedAt: z.string().optional(),
    filesChanged: z.number().optional(),
    insertions: z.number().optional(),
    deletions: z.number().optional(),
    verified: z.boolean().describe('True where git said all this; false: as somebody gave it'),
    source: z.enum(COMMIT_SOURCES).describe('Why it belongs to the task: given, or what names the task'),
    linkedAt: z.string(),
    linkedBy: z.string(),
  }),
);

export const linkCommitResult = schema(() =>
  z.object({
    message: z.string(),
    commit: commitView(),
    changed: z.boolean().describe('False where it was linked already'),
    unresolved: z.string().optional().describe('Why git does not know the commit'),
  }),
);

export const unlinkCommitResult = schema(() =>
  z.object({ message: z.string(), commit: commitView(), seq: z.number().describe('The transaction, for undoing it') }),
);

export const commitList = schema(() =>
  z.object({ commits: z.array(commitView()), total: z.number(), truncated: z.boolean() }),
);

export const verifyCommitsResult = schema(() =>
  z.object({
    verified: z.array(commitView()).describe('What git knows by now'),
    unverified: z.array(commitView()).describe('What it still does not know'),
    reason: z.string().optional().describe('Why git does not know the last of them'),
  }),
);

export const syncCommitsResult = schema(() =>
  z.object({
    scanned: z.number().describe('How many commits were looked through'),
    linked: z.array(commitView()),
    replaced: z.array(commitView()).describe('Commits that an amend or a rebase put others in the place of'),
    completed: z.array(z.string()).describe('Ids of the tasks that were completed'),
    notCompleted: z.array(z.object({ task: z.string(), reason: z.string() })),
    unknown: z.array(z.string()).describe('Names in these commits that no task has'),
  }),
);

export type LinkCommitInput = Input<typeof linkCommitInput>;
export type UnlinkCommitInput = Input<typeof unlinkCommitInput>;
export type ListCommitsInput = Input<typeof listCommitsInput>;
export type VerifyCommitsInput = Input<typeof verifyCommitsInput>;
export type SyncCommitsInput = Input<typeof syncCommitsInput>;
export type CommitView = Output<typeof commitView>;
export type LinkCommitResult = Output<typeof linkCommitResult>;
export type UnlinkCommitResult = Output<typeof unlinkCommitResult>;
export type CommitList = Output<typeof commitList>;
export type VerifyCommitsResult = Output<typeof verifyCommitsResult>;
export type SyncCommitsResult = Output<typeof syncCommitsResult>;
