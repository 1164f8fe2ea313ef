import type { Command } from 'commander';
import type { CommitView, SyncCommitsResult } from '../../app/commits/commitInputs.js';
import { CommitSync, type SyncProgress } from '../../app/commits/commitSync.js';
import { Commits } from '../../app/commits/commits.js';
import { CommitTrailer } from '../../app/commits/commitTrailer.js';
import { counted } from '../../core/model/counted.js';
import { plain } from '../../core/model/plainText.js';
import { commitDraft } from '../../platform/commitDraft.js';
import { gitCommits } from '../../platform/gitCommits.js';
import { dayOf, shortHash, statOf } from '../commitLines.js';
import { type CliContext, type CommonOptions, nameOf, reading, wholeNumber, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { listed } from '../format.js';
import type { Session } from '../session.js';
import { rows } from '../terminal/rows.js';
import { withStages } from '../terminal/stages.js';

interface LinkOptions extends CommonOptions {
  readonly message?: string;
  readonly author?: string;
}

interface ListOptions extends CommonOptions {
  readonly limit: string;
  readonly verify?: boolean;
}

interface SyncOptions extends CommonOptions {
  readonly branch?: string | true;
  readonly complete?: boolean;
}

const TASK = 'id, start of an id, 12, #12 or T-12';
const COMMIT = 'a hash, the start of one, HEAD, a tag or a branch';
const UNKNOWN_SHOWN = 10;

/** `tm link`, `tm unlink`, `tm commits`: the commits that belong to tasks. */
export function addCommitCommands(program: Command, context: CliContext): void {
  const { output } = context;
  const repository = () => gitCommits(context.workingFolder);
  const commits = ({ plan }: Session) => new Commits(plan, repository());

  withExamples(
    withJson(program.command('link').description('link a commit to a task'))
      .argument('<task>', TASK)
      .argument('<commit>', COMMIT)
      .option('--message <text>', 'its message, where git does not know it')
      .option('--author <name>', 'who made it, where git does not know it')
      .action(async (task: string, commit: string, { message, author, json }: LinkOptions) =>
        writing(context, async (session) => {
          const given = { task_id: task, commit_hash: commit, commit_message: message, author };
          const result = await commits(session).link(given);
          if (json) output.data(JSON.stringify(result));
          else {
            output.data(result.commit.commit_hash);
            output.message(plain(result.message));
          }
        }),
      ),
    ['tm link T-12 HEAD', 'the last commit'],
    ['tm link 12 a1b2c3d', 'one by the start of its hash'],
    ["tm link 12 a1b2c3d --message 'Mend the login' --author ann", 'one that is not in this repository'],
  );
  withExamples(
    withJson(program.command('unlink').description('take the link between a commit and a task away'))
      .argument('<task>', TASK)
      .argument('<commit>', COMMIT)
      .action(async (task: string, commit: string, { json }: CommonOptions) =>
        writing(context, async (session) => {
          const result = await commits(session).unlink({ task_id: task, commit_hash: commit });
          if (json) output.data(JSON.stringify(result));
          else {
            output.data(result.commit.commit_hash);
            output.message(plain(result.message));
          }
        }),
      ),
    ['tm unlink T-12 a1b2c3d', 'the commit stays as it is; “tm undo” links it again'],
  );

  const group = withExamples(
    program.command('commits').description('the commits that belong to tasks'),
    ['tm commits', 'of all tasks, the newest first'],
    ['tm commits T-12', 'of one task'],
    ['tm commits --verify', 'ask git again for what it did not know'],
    ['tm commits sync', 'link all commits up to HEAD to the tasks that they name'],
    ['tm commits sync main..HEAD --branch', 'of this branch, also to the task that the branch is named after'],
  );
  withJson(group.command('list', { isDefault: true }).description('list commits of a task, or of all'))
    .argument('[task]', TASK)
    .option('-n, --limit <n>', 'at most so many', '50')
    .option('--verify', 'ask git again for those that it did not know')
    .action(async (task: string | undefined, { limit, verify, json }: ListOptions) => {
      if (verify) return writing(context, (session) => checkAgain(session, task, json));
      return reading(context, async (session) => {
        const list = commits(session).list({ task_id: task, limit: wholeNumber('limit', limit) });
        if (json) output.data(JSON.stringify(list));
        else if (list.commits.length === 0) output.message('No commit is linked.');
        else await output.page(commitTable(list.commits, output));
        if (list.truncated && !json) output.message(`${list.total} in all; raise --limit.`);
      });
    });
  withJson(group.command('sync').description('link commits to the tasks that their messages name'))
    .argument('[range]', 'as git reads it: HEAD~20..HEAD, main..HEAD, HEAD^! for the last one; by itself all of HEAD')
    .option('--branch [name]', 'also to the tasks that this branch names; by itself the one that is checked out')
    .option('--complete', 'complete the tasks that they fix, close or resolve')
    .option('--no-complete', 'only link, whatever the project has set')
    .action(async (range: string | undefined, { branch, complete, json }: SyncOptions) =>
      writing(context, async (session) => {
        const result = await withStages(STAGES, (onProgress) =>
          new CommitSync(session.plan, session.tasks, repository()).sync(
            { range, branch: branch === true ? repository().branch() : branch, complete },
            onProgress,
          ),
        );
        if (json) output.data(JSON.stringify(result));
        else report(session, result);
      }),
    );

  withJson(group.command('trailer').description('name the task in the message of a commit that is being made'))
    .argument('<file>', 'the message, as git gives it to its hook prepare-commit-msg')
    .action(async (file: string, { json }: CommonOptions) =>
      reading(context, async ({ plan }) => {
        const result = await new CommitTrailer(plan, commitDraft(context.workingFolder, file)).add();
        if (json) output.data(JSON.stringify(result));
        else {
          if (result.added !== null) output.data(result.added);
          output.message(plain(result.message));
        }
      }),
    );

  async function checkAgain(session: Session, task: string | undefined, json: boolean | undefined): Promise<void> {
    const result = await commits(session).verify({ task_id: task });
    const { verified, unverified, reason } = result;
    if (json) {
      output.data(JSON.stringify(result));
      return;
    }
    if (verified.length > 0) output.data(commitTable(verified, output));
    if (verified.length + unverified.length === 0) output.message('Every commit is verified.');
    else output.message(`${verified.length} verified, ${unverified.length} not${reason ? `: ${plain(reason)}` : ''}`);
  }

  function report(session: Session, result: SyncCommitsResult): void {
    const { scanned, linked, replaced, completed, notCompleted, unknown } = result;
    const called = nameOf(session);
    if (linked.length > 0) output.data(commitTable(linked, output));
    const counts = [
      `${counted(scanned, 'commit')} read`,
      `${linked.length} linked`,
      ...(replaced.length > 0 ? [`${replaced.length} that were amended or rebased taken out`] : []),
    ];
    output.message(counts.join(', '));
    if (completed.length > 0) output.message(`${listed(completed.map(called))} completed`);
    for (const { task, reason } of notCompleted) output.message(`${called(task)} not completed: ${plain(reason)}`);
    if (unknown.length > 0) {
      const more = unknown.length > UNKNOWN_SHOWN ? ` and ${unknown.length - UNKNOWN_SHOWN} more` : '';
      output.message(`No task is called ${unknown.slice(0, UNKNOWN_SHOWN).join(', ')}${more}.`);
    }
  }
}

function commitTable(commits: readonly CommitView[], output: CliContext['output']): string {
  const columns = [
    { head: 'COMMIT', cell: shortHash },
    { head: 'DATE', cell: dayOf },
    { head: 'TASK', cell: ({ name }: CommitView) => name },
    { head: 'AUTHOR', cell: ({ author }: CommitView) => plain(author ?? '') },
    { head: 'CHANGE', cell: statOf },
    { head: 'SUBJECT', cell: ({ commit_message }: CommitView) => plain(commit_message ?? ''), flexible: true },
  ];
  return rows(output, columns, commits);
}

const STAGES: Readonly<Record<SyncProgress['stage'], string>> = {
  messages: 'Reading commits',
  files: 'Reading what they changed',
};
