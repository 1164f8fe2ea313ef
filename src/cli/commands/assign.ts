import type { Command } from 'commander';
import { OrchestratorError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { specialistMismatch } from '../../core/model/specialist.js';
import { type CliContext, type CommonOptions, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';

/** `tm assign`: whose task it is. */
export function addAssign(program: Command, context: CliContext): void {
  const { output } = context;
  const command = withJson(program.command('assign').description('give a task to somebody'))
    .argument('<task>', 'id, start of an id, 12, #12 or T-12')
    .argument('<who>', 'a person or an agent')
    .action(async (name: string, who: string, { json }: CommonOptions) =>
      writing(context, async ({ tasks }) => {
        try {
          const task = await tasks.update({ task: name, assignee: who });
          const warning = specialistMismatch(task.description, process.env.TM_AGENT_SPECIALTY);
          if (warning) output.message(plain(warning));
          output.data(json ? JSON.stringify({ task }) : `Task ${task.id} assigned to ${plain(who)}`);
        } catch (error) {
          if (!(error instanceof OrchestratorError)) throw error;
          throw new OrchestratorError(error.code, `${error.message} Failed to assign task ${name}`, error.details);
        }
      }),
    );
  withExamples(command, ['tm assign 12 ann', 'the task is hers'], ['tm assign 12 agent-2', "an agent's"]);
}
