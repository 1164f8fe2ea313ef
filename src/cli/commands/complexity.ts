import { isAbsolute, resolve } from 'node:path';
import type { Command } from 'commander';
import { Complexity, type ComplexityProgress } from '../../app/planning/complexity/complexity.js';
import type { ComplexityView } from '../../app/planning/complexity/complexityInputs.js';
import { plain } from '../../core/model/plainText.js';
import { gitHistory } from '../../platform/gitHistory.js';
import { workspaceSurvey } from '../../platform/workspaceSurvey.js';
import { type CliContext, type CommonOptions, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { complexityLines } from '../planning/complexityLines.js';
import { readSelectionOrAll, selectionOrAllOptions } from '../tasks/selection.js';
import { rows } from '../terminal/rows.js';
import { withStages } from '../terminal/stages.js';

interface ComplexityOptions extends CommonOptions {
  readonly explain?: boolean;
  readonly all?: boolean;
  readonly query?: string;
  readonly store: boolean;
  readonly dependencies: boolean;
  readonly volume: boolean;
  readonly risk: boolean;
  readonly history: boolean;
  readonly projectRoot?: string;
}

const STAGES: Readonly<Record<ComplexityProgress['stage'], string>> = {
  listing: 'Listing files',
  history: 'Reading commits',
  reading: 'Reading imports',
};

/** `tm complexity`: how complex tasks are, and where that comes from. */
export function addComplexity(program: Command, context: CliContext): void {
  const { output } = context;
  const command = selectionOrAllOptions(
    withJson(
      program
        .command('complexity')
        .description(
          'score how complex tasks are (1–10) by their files, imports, commits and finished tasks like them',
        ),
    ),
  )
    .option('--explain', 'what each factor is reckoned from, and what was found by file and line')
    .option('--no-store', 'do not keep the result with the task')
    .option('--no-dependencies', 'leave out what imports its files and what it waits for')
    .option('--no-volume', 'leave out how much code it is about')
    .option('--no-risk', 'leave out hotspots, missing tests and other risks')
    .option('--no-history', 'leave out finished tasks that are like it')
    .option('--project-root <folder>', 'look at this folder of the workspace only')
    .action(async (words: string[], options: ComplexityOptions) =>
      writing(context, async ({ plan, tasks, location: { root } }) => {
        const { one, ...selection } = readSelectionOrAll(words, options);
        const complexity = new Complexity(plan, tasks, {
          workspace: workspaceSurvey(root),
          versions: gitHistory(root),
          environment: process.env,
        });
        const { projectRoot } = options;
        const given = {
          analyze_dependencies: options.dependencies,
          estimate_code_volume: options.volume,
          assess_risk: options.risk,
          use_historical_data: options.history,
          // As the shell means it: from the working folder.
          ...(projectRoot !== undefined && {
            project_root: isAbsolute(projectRoot) ? projectRoot : resolve(context.workingFolder, projectRoot),
          }),
          store: options.store && plan.store.problem === undefined,
        };
        const view = await withStages(STAGES, (onProgress) =>
          complexity.analyseMany({ ...given, ...selection }, { onProgress }),
        );
        if (options.json) output.data(JSON.stringify(one === undefined ? view : view.analyses[0]));
        else if (view.total === 0) output.message('No task is open.');
        else if (one === undefined && !options.explain) await output.page(table(output, view.analyses));
        else await output.page(text(view.analyses, options.explain ?? false, output));
      }),
    );
  withExamples(
    command,
    ['tm complexity 12', 'the score and what each factor adds to it'],
    ['tm complexity 12 --explain', 'files, finished tasks like it, findings by file and line'],
    ['tm complexity --all', 'every open task, the most complex first'],
    ['tm complexity tag:api', 'the tasks that a filter admits'],
    ['COMPLEXITY_WEIGHTS_TECHNICAL_RISK=0.6 tm complexity 12 --no-store', 'with other weights, keeping nothing'],
  );
}

function text(analyses: readonly ComplexityView[], explain: boolean, output: CliContext['output']): string {
  return analyses.map((view) => complexityLines(view, explain, output.style).join('\n')).join('\n\n');
}

/** One line a task, the most complex first, and those of which nothing is known last. */
function table(output: CliContext['output'], analyses: readonly ComplexityView[]): string {
  const score = ({ complexity }: ComplexityView) => complexity.score ?? 0;
  return rows(
    output,
    [
      { head: 'Task', cell: ({ task }) => task.name },
      { head: 'Id', cell: ({ task }) => task.id },
      { head: 'Complexity', cell: ({ complexity }) => String(complexity.score ?? '–'), right: true },
      { head: 'Risk', cell: ({ complexity }) => complexity.riskAssessment.level ?? '–' },
      { head: 'Known', cell: ({ complexity }) => `${Math.round(complexity.confidence * 100)}%`, right: true },
      { head: 'Title', cell: ({ task }) => plain(task.title), flexible: true },
    ],
    [...analyses].sort((a, b) => score(b) - score(a)),
  );
}
