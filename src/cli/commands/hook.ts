import type { Command } from 'commander';
import type { HookChange, HookStatus } from '../../app/commits/commitHook.js';
import { CommitHooks } from '../../app/commits/commitHooks.js';
import { plain } from '../../core/model/plainText.js';
import { gitHooks } from '../../platform/gitHooks.js';
import { ownProgram } from '../../platform/ownProgram.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { withExamples } from '../definition.js';

/** `tm hook`: the lines in hooks of git that link commits to tasks, and that name the task in their messages. */
export function addHookCommand(program: Command, context: CliContext): void {
  const { output } = context;
  const hook = () => new CommitHooks(gitHooks(context.workingFolder), ownProgram());
  const group = withExamples(
    program.command('hook').description('link each commit to the tasks that it names, by a hook of git'),
    ['tm hook install', 'from now on, in this repository and all its worktrees'],
    ['tm hook install --trailer', 'messages of commits get a “Task: T-12”, too'],
    ['tm hook status', 'whether it is there, and where'],
    ['tm hook remove', 'what was there before is there again'],
  );
  const say = (change: HookChange, json: boolean | undefined) => {
    if (json) {
      output.data(JSON.stringify(change));
      return;
    }
    for (const file of change.files) output.data(plain(file));
    output.message(plain(change.message));
    if (change.note !== undefined) output.message(plain(change.note));
  };
  withJson(group.command('install').description('add the lines to post-commit; a hook that is there keeps its work'))
    .option('--trailer', 'and to prepare-commit-msg: “Task: T-12”, by the branch or the task that you work on')
    .action(async ({ json, trailer = false }: CommonOptions & { readonly trailer?: boolean }) =>
      say(await hook().install({ trailer }), json),
    );
  withJson(group.command('remove').description('take the lines out again')).action(async ({ json }: CommonOptions) =>
    say(await hook().remove(), json),
  );
  withJson(group.command('status', { isDefault: true }).description('say whether the hook is installed')).action(
    async ({ json }: CommonOptions) => {
      const status = await hook().status();
      if (json) output.data(JSON.stringify(status));
      else for (const one of [status, status.trailer]) output.data(plain(statusLine(one)));
    },
  );
}

function statusLine({ installed, path, chained, outdated }: HookStatus): string {
  if (!installed) return outdated ? `damaged: ${path}` : `not installed: ${path}`;
  const facts = [...(chained ? ['runs the hook beside it'] : []), ...(outdated ? ['“tm hook install” renews it'] : [])];
  return `installed: ${path}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}
