import type { Command } from 'commander';
import { recordFeedback } from '../../app/feedback/feedback.js';
import { type CliContext, type CommonOptions, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { decimal } from '../numbers.js';

interface FeedbackOptions extends CommonOptions {
  readonly quality?: string;
  readonly timeliness?: string;
  readonly note?: string[];
  readonly replace?: boolean;
}

/** `tm feedback`: nothing on stdout, as the scripts of seed 000's users expect. */
export function addFeedback(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('feedback').description('say what you think of a completed task'))
      .argument('<task>')
      .option('--quality <n>', '1 (poor) to 5 (excellent)')
      .option('--timeliness <n>', '1 (late) to 5 (early)')
      .option('--note <words...>', 'up to 500 characters, up to the next option')
      .option('--replace', 'change the feedback that it has; what is not given stays')
      .action(async (task: string, options: FeedbackOptions) =>
        writing(context, async ({ tasks }) => {
          const score = (name: 'quality' | 'timeliness') =>
            options[name] === undefined ? undefined : decimal(name, options[name]);
          const view = await recordFeedback(tasks, {
            task,
            quality: score('quality'),
            timeliness: score('timeliness'),
            note: options.note?.join(' '),
            replace: options.replace,
          });
          if (options.json) context.output.data(JSON.stringify(view));
          else context.output.message('Feedback recorded');
        }),
      ),
    ['tm feedback 12 --quality 5 --timeliness 4 --note Clear and tested', 'rate a finished task'],
    ['tm feedback 12 --timeliness 3 --replace', 'change one score'],
    ['tm metrics --feedback --period week', 'the averages'],
  );
}
