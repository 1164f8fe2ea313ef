import type { Command } from 'commander';
import { Criteria } from '../../app/criteria/criteria.js';
import type { CriteriaView } from '../../app/criteria/criteriaInputs.js';
import { parseValues } from '../../core/criteria/values.js';
import { counted } from '../../core/model/counted.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson, writing } from '../context.js';
import { criterionLine, validationReport } from '../criteriaLines.js';
import { withExamples } from '../definition.js';
import type { Output } from '../terminal/output.js';

interface CriteriaOptions extends CommonOptions {
  readonly value?: string[];
  readonly report?: boolean;
}

/** `tm criteria`: by what a task's success is told. */
export function addCriteria(program: Command, context: CliContext): void {
  const criteria = withExamples(
    withJson(program.command('criteria').description("show a task's success criteria and whether they are met"))
      .argument('<task>')
      .option('--value <name=value...>', 'what the expressions may name, such as coverage=82')
      .option('--report', 'as the report that “tm complete --validate” prints')
      .action(async (task: string, options: CriteriaOptions) =>
        reading(context, async ({ plan, tasks }) => {
          const { output } = context;
          const view = await new Criteria(plan, tasks).list({ task, values: parseValues(options.value ?? []) });
          if (options.json) output.data(JSON.stringify(view));
          else if (options.report) output.data(validationReport(view, output.style));
          else print(output, view);
        }),
      ),
    ['tm criteria 12', 'the criteria, each with its verdict and why'],
    ['tm criteria 12 --value coverage=82', 'the same with a value that only you know'],
    ["tm criteria add 12 'Covered :: coverage >= 80'", 'a criterion with an expression'],
    ['tm criteria check 12 2', 'check the second one off'],
  );
  const change = (name: string, description: string) => withJson(criteria.command(name).description(description));
  const run = (options: CommonOptions, work: (criteria: Criteria) => Promise<CriteriaView>) =>
    writing(context, async ({ plan, tasks }) => {
      const view = await work(new Criteria(plan, tasks));
      const { output } = context;
      if (options.json) output.data(JSON.stringify(view));
      else output.message(`${view.task.name}: ${counted(view.total, 'criterion', 'criteria')}, ${view.passed} met`);
    });
  change('add', 'add success criteria')
    .argument('<task>')
    .argument('<criteria...>', 'a text, or a text and an expression: text :: expression')
    .action((task: string, criteria: string[], _options: CommonOptions, command: Command) =>
      run(command.optsWithGlobals(), (use) => use.add({ task, criteria })),
    );
  const chosen = (name: string, description: string, work: (use: Criteria, input: Chosen) => Promise<CriteriaView>) =>
    change(name, description)
      .argument('<task>')
      .argument('<numbers...>', 'which criteria, counted from 1')
      .action((task: string, words: string[], _options: CommonOptions, command: Command) => {
        const numbers = words.map((word) => wholeNumber('number', word));
        return run(command.optsWithGlobals(), (use) => work(use, { task, numbers }));
      });
  chosen('check', 'check criteria off', (use, input) => use.check(input));
  chosen('uncheck', 'take that back', (use, input) => use.check(input, false));
  chosen('remove', 'remove criteria', (use, input) => use.remove(input));
}

interface Chosen {
  readonly task: string;
  readonly numbers: number[];
}

function print(output: Output, { criteria, passed, total, task }: CriteriaView): void {
  if (total === 0) {
    output.message(`${task.name} has no success criteria. “tm criteria add ${task.name} TEXT” adds one.`);
    return;
  }
  output.data(criteria.map((criterion) => criterionLine(criterion, output.style)).join('\n'));
  output.message(`${passed} of ${total} met`);
}
