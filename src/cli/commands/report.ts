import { type Command, Option } from 'commander';
import { assess } from '../../app/metrics/assessment.js';
import type { AssessmentView } from '../../app/metrics/assessmentInputs.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { writeText } from '../files.js';
import { assessmentMarkdown, assessmentText } from '../reportLines.js';

interface ReportOptions extends CommonOptions {
  readonly assessment?: boolean;
  readonly days?: string;
  readonly format: 'text' | 'json' | 'markdown';
  readonly output?: string;
  readonly save?: boolean;
}

const EXTENSIONS = { text: 'txt', json: 'json', markdown: 'md' } as const;

/** `tm report`: how the project did in the last days. It writes a file only where it is told to. */
export function addReport(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('report').description('assess the last days: what was done, how well, what stands out'))
      .option('--assessment', 'the assessment, which is the only report and need not be named')
      .option('--days <n>', 'how many days it looks back (30)')
      .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json', 'markdown']).default('text'))
      .option('--output <file>', 'write it to this file and print nothing')
      .option('--save', "write it to the reports folder beside the store, as text and JSON, as seed 000's tool did")
      .action(async (options: ReportOptions) =>
        reading(context, async ({ plan }) => {
          const { output } = context;
          const view = assess(plan, {
            days: options.days === undefined ? undefined : wholeNumber('days', options.days),
          });
          const format = options.json ? 'json' : options.format;
          const text = inFormat(format, view);
          if (options.save) {
            const path = `reports/${view.days}_day_assessment`;
            for (const kind of new Set(['text', 'json', format] as const))
              plan.world.folder.write(`${path}.${EXTENSIONS[kind]}`, `${inFormat(kind, view)}\n`);
            output.message(`Report saved as ${path}.txt and .json beside the store`);
          }
          if (options.output === undefined) await output.page(text);
          else {
            writeText(context, options.output, `${text}\n`);
            output.message(`Report written to ${options.output}`);
          }
        }),
      ),
    ['tm report --assessment', 'the last 30 days'],
    ['tm report --days 7 --format markdown --output week.md', 'the last week as a file'],
  );
}

function inFormat(format: ReportOptions['format'], view: AssessmentView): string {
  if (format === 'json') return JSON.stringify(view, null, 2);
  return format === 'markdown' ? assessmentMarkdown(view) : assessmentText(view);
}
