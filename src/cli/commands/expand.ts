import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { parseInput } from '../../app/input.js';
import type { AskingProgress } from '../../app/planning/expansion/asking.js';
import { Expansion } from '../../app/planning/expansion/expansion.js';
import {
  type AcceptedExpansion,
  DEFAULT_DEPTH,
  DEFAULT_MAX_DEPTH,
  DEFAULT_MAX_TOKENS,
  EXPANSION_PROVIDERS,
  type ExpandedTask,
  type ExpandTaskInput,
  expandedTask,
} from '../../app/planning/expansion/expansionInputs.js';
import { readSettings } from '../../app/settings/settingsFile.js';
import { counted } from '../../core/model/counted.js';
import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import { plain, plainLines } from '../../core/model/plainText.js';
import { itemIds } from '../../core/planning/expansion/expandedTask.js';
import { modelSource } from '../../platform/models/modelSource.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { writeText } from '../files.js';
import { listed, separated } from '../format.js';
import { decimal } from '../numbers.js';
import { expansionLines, sourceSentence, taskCount } from '../planning/expansionLines.js';
import type { Session } from '../session.js';
import { ask } from '../terminal/ask.js';
import { startProgress } from '../terminal/progress.js';

interface ExpandOptions extends CommonOptions {
  readonly depth?: string;
  readonly maxDepth?: string;
  readonly provider?: (typeof EXPANSION_PROVIDERS)[number];
  readonly model?: string;
  readonly maxTokens?: string;
  readonly temperature?: string;
  readonly tests: boolean;
  readonly docs: boolean;
  readonly implementation: boolean;
  readonly out?: string;
  readonly from?: string;
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  readonly apply?: boolean;
  readonly yes?: boolean;
}

/** `tm expand`: a proposal, and the tasks that it becomes once somebody accepts it. */
export function addExpand(program: Command, context: CliContext): void {
  const expand = withJson(
    program.command('expand').description('break a task down: shows a proposal, and makes it tasks when told'),
  )
    .argument('[task]', 'absent with --from')
    .option('--depth <n>', `levels of subtasks (${DEFAULT_DEPTH})`)
    .option('--max-depth <n>', `levels that there may be below the topmost task (${DEFAULT_MAX_DEPTH})`)
    .addOption(
      new Option('--provider <name>', 'who is asked').choices(EXPANSION_PROVIDERS.filter((name) => name !== 'client')),
    )
    .option('--model <name>', "the provider's default if absent")
    .option('--max-tokens <n>', `tokens of an answer at most (${DEFAULT_MAX_TOKENS})`)
    .option('--temperature <n>', "0 to 2; the provider's default if absent")
    .option('--no-tests', 'without test tasks')
    .option('--no-docs', 'without documentation tasks')
    .option('--no-implementation', 'without implementation steps')
    .option('--only <item...>', 'accept only these, such as s1 s2 t1 steps')
    .option('--out <file>', 'save the proposal as JSON')
    .option('--from <file>', 'take a saved proposal, and ask nobody')
    .option('--dry-run', 'only show the proposal, and do not ask')
    .option('--apply', 'make the tasks: all of them or none, as one change')
    .option('-y, --yes', 'with --apply: do not ask on a terminal')
    .action((task: string | undefined, options: ExpandOptions) => run(context, task, options));
  withExamples(
    expand,
    ['tm expand 12', 'show how T-12 could be broken down; on a terminal, ask whether to do it'],
    ['tm expand 12 --out plan.json', 'save the proposal, to read or to edit it'],
    ['tm expand --from plan.json --apply', 'make exactly these tasks'],
    ['tm expand 12 --provider template --apply', 'the fixed plan for tasks of its type; asks no model'],
    ['tm undo', 'take all of it back'],
  );
}

const NOTHING_STORED = 'Nothing is stored.';

/** Nothing is locked while a model thinks: the store is written when the proposal is there and accepted. */
async function run(context: CliContext, task: string | undefined, options: ExpandOptions): Promise<void> {
  requireSense(task, options);
  const work = async (session: Session) => {
    const expansionCase = await expansionOf(session);
    const expansion =
      options.from === undefined
        ? await propose(context, expansionCase, task ?? '', options)
        : readProposal(context, options.from);
    if (task !== undefined && session.tasks.resolve(task) !== expansion.originalTaskId)
      throw new InvalidInputError(
        'task',
        `${plain(options.from ?? '')} is a proposal for ${plain(expansion.originalTask.name)}, not for ${plain(task)}.`,
      );
    if (options.out !== undefined) {
      writeText(context, options.out, `${JSON.stringify(expansion, null, 2)}\n`);
      context.output.message(
        `Saved in ${plain(options.out)}. “tm expand --from ${plain(options.out)} --apply” makes the tasks.`,
      );
    }
    const items = separated(options.only);
    const mayAsk = !options.json && !options.yes && !options.dryRun && canAsk(context);
    const asks = mayAsk && (options.apply || options.out === undefined);
    // Refused, it has nothing on stdout: it is shown first only to somebody who decides by it.
    if (asks || !options.apply) show(context, expansion, options);
    if (!(asks ? await isWanted(context, expansion, options) : options.apply)) {
      if (options.json) context.output.data(JSON.stringify({ expansion, message: NOTHING_STORED }));
      else if (!asks && options.out === undefined)
        context.output.message(`${NOTHING_STORED} --apply makes these tasks; --out FILE saves the proposal.`);
      return;
    }
    const accepted = await expansionCase.accept({ expansion, ...(items && { items }) });
    const message = doneSentence(accepted);
    if (options.json) context.output.data(JSON.stringify({ expansion, message, accepted }));
    else {
      if (!asks) show(context, expansion, options);
      context.output.message(`${message}. “tm undo” takes it back.`);
    }
  };
  const mayWrite = options.apply || (!options.json && !options.dryRun && canAsk(context));
  await (mayWrite ? writing(context, work) : reading(context, work));
}

function requireSense(task: string | undefined, { from, out, only, apply, dryRun, yes, json }: ExpandOptions): void {
  if (task === undefined && from === undefined)
    throw new InvalidInputError('task', 'Say which task to break down: tm expand TASK, or tm expand --from FILE.');
  if (from !== undefined && out !== undefined)
    throw new InvalidInputError('out', 'A proposal that comes from a file is saved already: leave out --out.');
  if (only !== undefined && separated(only)?.length === 0)
    throw new InvalidInputError('only', 'Say which items to accept, such as --only s1 s2.');
  if (apply && dryRun) throw new InvalidInputError('apply', 'Give either --apply or --dry-run, not both.');
  if (!apply && (yes || (only !== undefined && (json || dryRun))))
    throw new InvalidInputError('apply', `--${yes ? 'yes' : 'only'} goes with --apply: give that too.`);
}

async function expansionOf({ plan, tasks, references }: Session): Promise<Expansion> {
  const { models } = await readSettings(plan.world.folder);
  return new Expansion(plan, tasks, references, modelSource({ env: process.env, settings: models }));
}

async function propose(
  { output }: CliContext,
  expansion: Expansion,
  task: string,
  options: ExpandOptions,
): Promise<ExpandedTask> {
  const { depth, maxDepth, provider, model, maxTokens, temperature, tests, docs, implementation } = options;
  const input: ExpandTaskInput = {
    task,
    includeTests: tests,
    includeDocumentation: docs,
    includeImplementation: implementation,
    ...(depth !== undefined && { depth: wholeNumber('depth', depth) }),
    ...(maxDepth !== undefined && { maxDepth: wholeNumber('max-depth', maxDepth) }),
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(maxTokens !== undefined && { maxTokens: wholeNumber('max-tokens', maxTokens) }),
    ...(temperature !== undefined && { temperature: decimal('temperature', temperature) }),
  };
  let asked = '';
  const progress = startProgress('Waiting for the answer');
  const onProgress = ({ label, about, characters }: AskingProgress) => {
    const question = `Asking ${plain(label)}${about === undefined ? '' : ` about “${plain(about)}”`}…`;
    if (question !== asked) output.message(question);
    asked = question;
    progress.step(characters);
  };
  const clock = setInterval(() => progress.step(0), 200);
  try {
    return await expansion.propose(input, { onProgress });
  } finally {
    clearInterval(clock);
    progress.end();
  }
}

function readProposal({ workingFolder }: CliContext, file: string): ExpandedTask {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(resolve(workingFolder, file), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidInputError('from', `${file} is not JSON: ${error.message}`);
    throw new NotFoundError(`${file} cannot be read: ${(error as Error).message}`);
  }
  // What `--json` printed has it inside.
  const inner = typeof value === 'object' && value !== null && 'expansion' in value ? value.expansion : value;
  return parseInput(expandedTask, inner);
}

function show({ output }: CliContext, expansion: ExpandedTask, { json, from }: ExpandOptions): void {
  for (const warning of from === undefined ? expansion.metadata.warnings : [])
    output.message(`Note: ${plainLines(warning)}`);
  if (json) return;
  output.data(expansionLines(expansion, output.style).join('\n'));
  output.message(sourceSentence(expansion));
}

function canAsk({ output }: CliContext): boolean {
  return output.terminal && process.stdin.isTTY === true;
}

/** `--apply` is the answer of a script; a person is asked unless `--yes` says so too. */
async function isWanted({ output }: CliContext, expansion: ExpandedTask, { only }: ExpandOptions): Promise<boolean> {
  const items = separated(only);
  const what =
    items === undefined
      ? counted(taskCount(expansion), 'task')
      : `the chosen ${counted(items.length, 'item')} of ${itemIds(expansion).length}`;
  const answer = await ask(`Create ${what}? [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  output.message('Nothing was changed.');
  return false;
}

function doneSentence({ task, tasks }: AcceptedExpansion): string {
  const names = tasks.length > 0 ? `: ${listed(tasks.map(({ name }) => name))}` : '';
  return `${counted(tasks.length, 'task')} of ${task.name} created${names}`;
}
