import { isAbsolute, join } from 'node:path';
import { type Command, Option } from 'commander';
import { EXPORT_FORMATS, type ExportFormat } from '../../app/transfer/exportInputs.js';
import { Exports } from '../../app/transfer/exports.js';
import { IMPORT_FORMATS } from '../../app/transfer/formats/formats.js';
import type { ImportInput, ImportReport } from '../../app/transfer/importInputs.js';
import { Imports } from '../../app/transfer/imports.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { readImportSource } from '../../platform/importFile.js';
import { writeWholeFile } from '../../platform/wholeFile.js';
import { type CliContext, type CommonOptions, reading, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { storeOptions } from '../session.js';
import { startProgress } from '../terminal/progress.js';

interface ExportOptions {
  readonly format: ExportFormat;
  readonly output?: string;
  readonly query?: string;
  readonly assignee?: string;
  readonly status?: string;
  readonly lossless?: boolean;
}

interface ImportCommandOptions extends CommonOptions {
  readonly format?: string;
  readonly map?: string[];
  readonly headings?: 'milestone' | 'parent';
  readonly source?: string;
  readonly prefer?: 'here' | 'file';
  readonly strict?: boolean;
  readonly dryRun?: boolean;
}

/** `tm export`, `tm import`. */
export function addTransferCommands(program: Command, context: CliContext): void {
  addExport(program, context);
  addImport(program, context);
}

function addExport(program: Command, context: CliContext): void {
  const { output, workingFolder } = context;
  const command = program
    .command('export')
    .description('write tasks out: all, or those that a filter admits')
    .argument('[query...]', 'filter, such as: status:ready tag:api')
    .addOption(new Option('--format <format>', 'what is written').choices(EXPORT_FORMATS).default('json'))
    .option('-o, --output <file>', 'into this file, whole or not at all, instead of standard output')
    .option('--query <filter>', 'the filter, as one word')
    .option('--assignee <name>', 'only of this one; none for unassigned')
    .option('--status <status>', 'only these: pending, in_progress, blocked, completed, cancelled, ready, open')
    .option('--lossless', 'every row that belongs to the tasks: importing it gives the same store (json, jsonl)')
    .action(async (query: string[], options: ExportOptions) =>
      reading(context, ({ plan, tasks }) => {
        const exports = new Exports(plan, tasks);
        const input = { format: options.format, query: filterOf(query, options), lossless: options.lossless };
        const progress = startProgress('Exporting');
        const step = (done: number, total: number) => progress.step(done, total);
        try {
          if (options.output === undefined || options.output === '-') {
            exports.write(input, { write: (text) => output.data(text), progress: step });
            return;
          }
          const path = isAbsolute(options.output) ? options.output : join(workingFolder, options.output);
          const done = writeWholeFile(path, (piece) =>
            exports.write(input, { write: (text) => piece(`${text}\n`), progress: step }),
          );
          progress.end();
          output.message(`${done.tasks} task${done.tasks === 1 ? '' : 's'} written to ${options.output}`);
        } finally {
          progress.end();
        }
      }),
    );
  withExamples(
    command,
    ['tm export > tasks.json', 'all tasks with their dependencies as a JSON array'],
    ['tm export --format csv -o open.csv status:open', 'the open ones for a spreadsheet'],
    ['tm export --format markdown --assignee ann', 'what ann has, to read'],
    ['tm export --lossless -o plan.json', 'everything, to be imported elsewhere'],
  );
}

function addImport(program: Command, context: CliContext): void {
  const { output, workingFolder } = context;
  const command = withJson(
    program
      .command('import')
      .description('take tasks over from a file, of this tool or of another one; all or nothing'),
  )
    .argument('<file>', 'a file, a folder of another tool, or - for standard input')
    .addOption(
      new Option('--format <format>', 'what it is; auto finds out from the content')
        .choices(['auto', ...IMPORT_FORMATS])
        .default('auto'),
    )
    .option('--map <field=column...>', 'columns of a CSV file, such as title=Name,assignee=Owner')
    .addOption(
      new Option('--headings <what>', 'what headings above checklists become').choices(['milestone', 'parent']),
    )
    .option('--source <name>', 'name under which the tasks are known the next time')
    .addOption(
      new Option('--prefer <side>', 'whose value counts where a field was changed here and in the file').choices([
        'here',
        'file',
      ]),
    )
    .option('--strict', 'refuse where anything could not be taken over as it is')
    .option('--dry-run', 'only say what would be done')
    .action(async (file: string, { json, ...options }: ImportCommandOptions) => {
      if (file === '') throw new InvalidInputError('file', 'Name the file to import, or - for standard input.');
      await (options.dryRun ? reading : writing)(context, async ({ plan, location }) => {
        const source = readImportSource(file, { workingFolder, root: location.root, store: location.path });
        const imports = new Imports(plan, storeOptions(location, context).engine);
        const progress = startProgress('Importing');
        const report = await imports
          .import(source, options as ImportInput, progress.step)
          .finally(() => progress.end());
        output.data(json ? JSON.stringify(report) : reportLines(report).join('\n'));
      });
    });
  withExamples(
    command,
    ['tm import plan.json', 'what tm export wrote, or any JSON array of tasks'],
    ['tm import sheet.csv --map title=Name,assignee=Owner --dry-run', 'what a spreadsheet would become'],
    ['tm import TODO.md', 'checkboxes of a Markdown file, nested ones as subtasks'],
    ['tm import .', 'the tasks of beads, Task Master or Backlog.md in this folder'],
    ['task export | tm import -', 'what Taskwarrior has'],
  );
}

function filterOf(words: readonly string[], { query, assignee, status }: ExportOptions): string {
  const quoted = (key: string, value: string) => `${key}:${/^[^\s"]+$/.test(value) ? value : JSON.stringify(value)}`;
  return [
    ...words,
    ...(query === undefined ? [] : [query]),
    ...(status === undefined ? [] : [quoted('status', status)]),
    ...(assignee === undefined ? [] : [quoted('assignee', assignee)]),
  ].join(' ');
}

/** What was done, then what could not be taken over as it was. */
function reportLines(report: ImportReport): string[] {
  const { created, updated, unchanged, deletedHere, dependencies, conflicts, notes, rows } = report;
  const lines = [
    `${report.dryRun ? 'Would import' : 'Imported'} ${report.read} tasks from ${report.source} (${report.format})`,
  ];
  const count = (number: number, words: string) => {
    if (number > 0) lines.push(`  ${String(number).padStart(6)}  ${words}`);
  };
  count(created, 'created');
  count(updated, 'updated');
  count(unchanged, 'unchanged');
  count(deletedHere, 'deleted here, left so');
  count(dependencies, 'dependencies added');
  for (const [table, number] of Object.entries(rows ?? {}))
    if (table !== 'tasks' && table !== 'dependencies') count(number, `rows of ${table}`);
  if (conflicts.length > 0) {
    lines.push('Changed here and in the file, kept as here unless --prefer file:');
    for (const { task, field } of conflicts.slice(0, 20)) lines.push(`  ${task}  ${field}`);
    if (conflicts.length > 20) lines.push(`  … and ${conflicts.length - 20} more`);
  }
  if (notes.length === 0) return [...lines, 'Everything was taken over as it is'];
  lines.push('Not taken over as it is:');
  for (const { field, says, count: number, examples } of notes)
    lines.push(
      plain(
        `  ${String(number).padStart(6)}  ${field}: ${says} (${examples.join(', ')}${number > examples.length ? ', …' : ''})`,
      ),
    );
  return lines;
}
