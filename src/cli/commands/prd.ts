import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import type { PrdInput, PrdReport, PrdTaskChange } from '../../app/planning/prd/prdInputs.js';
import { Prds } from '../../app/planning/prd/prds.js';
import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { addTo } from '../../core/planning/prd/addTo.js';
import { type CliContext, type CommonOptions, reading, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { separated } from '../format.js';
import { decimal } from '../numbers.js';
import { readStandardInput } from '../standardInput.js';
import type { Style } from '../terminal/style.js';

interface PrdOptions extends CommonOptions {
  readonly apply?: boolean;
  readonly dryRun?: boolean;
  readonly project?: string;
  readonly confidence: string;
  readonly source?: string;
  readonly only?: string[];
  readonly cancelRemoved?: boolean;
  readonly prefer?: 'here' | 'file';
  readonly tasks: boolean;
  readonly dependencies: boolean;
  readonly stories: boolean;
  readonly criteria: boolean;
}

/** `tm prd parse`. */
export function addPrd(program: Command, context: CliContext): void {
  const prd = program.command('prd').description('plan from a product requirements document (Markdown)');
  const command = withJson(
    prd
      .command('parse')
      .description(
        'read a document as features, requirements and criteria; show or apply the tasks that follow from it',
      ),
  )
    .argument('<file>', 'a Markdown file, or - for standard input')
    .option('--dry-run', 'only say what applying it would change (the default)')
    .option('--apply', 'create and change the tasks, in one transaction that can be undone')
    .option('--project <name>', 'project of the tasks')
    .option('--confidence <n>', 'items read with less confidence need a review and become no tasks, 0 to 1', '0.7')
    .option('--only <item...>', 'apply only these features and requirements, by their ids in the document')
    .option('--cancel-removed', 'cancel open tasks whose item is no longer in the document')
    .option(
      '--prefer <side>',
      'whose value counts where a field was changed here and in the document: here, file',
      'here',
    )
    .option('--source <name>', 'name under which the document is known the next time, instead of its path')
    .option('--no-tasks', 'read the document without planning tasks (generate_tasks)')
    .option('--no-dependencies', 'leave out what items say they depend on (analyze_dependencies)')
    .option('--no-stories', 'leave out user stories (extract_user_stories)')
    .option('--no-criteria', 'leave out acceptance criteria (parse_acceptance_criteria)')
    .action(async (file: string, options: PrdOptions) => {
      if (options.apply && options.dryRun)
        throw new InvalidInputError('apply', 'Give either --apply or --dry-run, not both.');
      await (options.apply ? writing : reading)(context, async ({ plan, references, location }) => {
        const input = inputOf(file, options, { ...context, root: location.root });
        const prds = new Prds(plan, references);
        const report = options.apply ? await prds.apply(input) : prds.preview(input);
        const { output } = context;
        for (const warning of report.prd.warnings) output.message(plain(`Warning: ${warning}`));
        if (options.json) output.data(JSON.stringify(report));
        else await output.page(reportLines(report, output.style).join('\n'));
      });
    });
  withExamples(
    command,
    ['tm prd parse docs/prd.md', 'what is in it, and what applying it would change'],
    ['tm prd parse docs/prd.md --apply --project auth', 'make its tasks; again after an edit: change only those'],
    ['tm prd parse docs/prd.md --confidence 0.5', 'take uncertain items too'],
    ['pandoc prd.docx -t gfm | tm prd parse - --source prd.docx', 'a document of another kind'],
  );
}

function inputOf(
  file: string,
  options: PrdOptions,
  { workingFolder, root }: { workingFolder: string; root: string },
): PrdInput {
  const confidence = decimal('confidence', options.confidence);
  if (confidence < 0 || confidence > 1)
    throw new InvalidInputError('confidence', `--confidence ${options.confidence}: give a number from 0 to 1.`);
  const { project, source, only, cancelRemoved, prefer } = options;
  if (prefer !== 'here' && prefer !== 'file')
    throw new InvalidInputError('prefer', `--prefer ${prefer}: give here or file.`);
  return {
    ...contentOf(file, workingFolder, root),
    confidenceThreshold: confidence,
    generateTasks: options.tasks,
    analyzeDependencies: options.dependencies,
    extractUserStories: options.stories,
    parseAcceptanceCriteria: options.criteria,
    prefer,
    ...(project !== undefined && { project }),
    ...(source !== undefined && { source }),
    ...(file === '-' && source === undefined && !options.apply && { source: '-' }),
    ...(only && { only: separated(only) }),
    ...(cancelRemoved && { cancelRemoved }),
  };
}

/** A file inside the workspace is referred to by its tasks; one outside is only known by its path. */
function contentOf(file: string, workingFolder: string, root: string): Pick<PrdInput, 'content' | 'path' | 'source'> {
  if (file === '-') return { content: readStandardInput() };
  const path = resolve(workingFolder, file);
  const content = readText(file, path);
  const inside = relative(root, path).split(sep).join('/');
  return inside.startsWith('..') || /^(?:\/|[a-z]:)/i.test(inside)
    ? { content, source: path }
    : { content, path: inside };
}

function readText(name: string, path: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new NotFoundError(`There is no file ${name}.`);
    if (error instanceof TypeError)
      throw new InvalidInputError('file', `${name} is not text in UTF-8. Give a Markdown file.`);
    throw new InvalidInputError('file', `${name} cannot be read: ${(error as Error).message}`);
  }
  if (text.includes('\0')) throw new InvalidInputError('file', `${name} is not text. Give a Markdown file.`);
  return text;
}

const SIGNS: Readonly<Record<PrdTaskChange['change'], string>> = {
  added: '+',
  changed: '~',
  editedHere: '=',
  unchanged: '=',
  removed: '-',
  cancelled: '-',
  deletedHere: '=',
};

/** The document as a tree with what becomes of each task, then what needs a look. */
function reportLines({ prd, source, message, applied, changes, counts, notes }: PrdReport, style: Style): string[] {
  const lines = [style.bold(plain(prd.title || source.replace(/^prd:/, ''))), plain(message)];
  const byParent = new Map<string | undefined, PrdTaskChange[]>();
  const keys = new Set(changes.map(({ key }) => key));
  for (const change of changes) {
    const parent = change.parentKey !== undefined && keys.has(change.parentKey) ? change.parentKey : undefined;
    addTo(byParent, parent, change);
  }
  const show = (parent: string | undefined, indent: string) => {
    for (const change of byParent.get(parent) ?? []) {
      const line = `${SIGNS[change.change]} ${indent}${change.name ? `${change.name}  ` : ''}${change.title}`;
      const remark = remarkOf(change);
      lines.push(plain(line) + (remark === '' ? '' : style.dim(plain(`  ${remark}`))));
      show(change.key, `${indent}  `);
    }
  };
  if (changes.length > 0) lines.push('');
  show(undefined, '');
  const list = (title: string, entries: readonly string[]) => {
    if (entries.length > 0) lines.push('', title, ...entries.map((entry) => plain(`  ${entry}`)));
  };
  list(
    'Needs review:',
    prd.needsReview.map(({ line, title, reason }) => `line ${line}  ${title}: ${reason}`),
  );
  list(
    'Depends on what is not there:',
    prd.unresolvedDependencies.map(({ line, text, reason }) => `line ${line}  “${text}”: ${reason}`),
  );
  list(
    'Changed here and in the document:',
    changes.flatMap(({ name, conflicts, fields }) =>
      conflicts.map(
        (field) => `${name}  ${field}: ${fields.includes(field) ? 'as in the document now' : 'kept as it is here'}`,
      ),
    ),
  );
  list('Left out:', notes);
  const words: [number, string][] = [
    [counts.added, applied ? 'added' : 'to add'],
    [counts.changed, applied ? 'changed' : 'to change'],
    [counts.cancelled, applied ? 'cancelled' : 'to cancel'],
    [counts.unchanged, 'unchanged'],
    [counts.editedHere, 'edited here'],
    [counts.removed, 'no longer in the document'],
    [counts.deletedHere, 'deleted here'],
  ];
  const counted = words.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  if (counted.length > 0) lines.push('', counted.join(' · '));
  if (!applied && counts.added + counts.changed + counts.cancelled > 0)
    lines.push('Nothing was written. Apply it with --apply.');
  return lines;
}

function remarkOf({ change, fields, renamedFrom, line, endLine, moved, skipped, editedHere }: PrdTaskChange): string {
  const parts = [
    ...(line === undefined ? [] : [line === endLine ? `line ${line}` : `lines ${line}-${endLine}`]),
    ...(moved ? ['moved'] : []),
    ...(renamedFrom === undefined ? [] : [`was “${renamedFrom}”`]),
    ...(change === 'changed' ? [fields.join(', ')] : []),
    ...(editedHere.length > 0 ? [`edited here: ${editedHere.join(', ')}`] : []),
    ...(change === 'removed' ? ['no longer in the document'] : []),
    ...(change === 'deletedHere' ? ['deleted here'] : []),
    ...(skipped && change !== 'deletedHere' ? ['left out'] : []),
  ];
  return parts.join(' · ');
}
