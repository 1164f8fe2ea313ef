import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { TemplateLibrary } from '../../app/templates/templateLibrary.js';
import { Templates } from '../../app/templates/templates.js';
import type { AppliedTemplateView, PlannedTaskView, TemplateView } from '../../app/templates/templateViews.js';
import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import { plain, plainLines } from '../../core/model/plainText.js';
import { DiskFolder } from '../../platform/storeFolder.js';
import { shippedFile } from '../automation.js';
import { type CliContext, type CommonOptions, reading, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import type { Session } from '../session.js';

interface ApplyOptions extends CommonOptions {
  readonly var?: readonly string[];
  readonly dryRun?: boolean;
}

interface CreateOptions extends CommonOptions {
  readonly from?: readonly string[];
  readonly fromTask?: string;
  readonly description?: string;
  readonly var?: readonly string[];
  readonly force?: boolean;
}

/** `tm template`: many tasks at once, with their dependencies. */
export function addTemplateCommands(program: Command, context: CliContext): void {
  const { output } = context;
  const template = withExamples(
    program.command('template').description('make many tasks at once from a template'),
    ['tm template list', 'the project’s own templates, and those that ship'],
    ['tm template apply feature --var feature="Dark mode" days=3', 'make its tasks'],
    ['tm template apply release --var version=2.0 --dry-run', 'say what would be made'],
    ['tm template create onboarding --from tag:onboarding', 'make a template from tasks'],
  );

  withJson(template.command('list', { isDefault: true }).description('list the templates')).action(
    async ({ json }: CommonOptions) =>
      reading(context, (session) => {
        const list = libraryOf(session).list();
        if (json) output.data(JSON.stringify(list));
        else if (list.total === 0) output.message('No templates found in .task-orchestrator/templates/');
        else output.data(listText(list.templates));
        if (!json) for (const problem of list.problems) output.message(`Warning: ${plainLines(problem)}`);
      }),
  );

  withJson(template.command('show').description('show a template: its variables and tasks'))
    .argument('<name>')
    .action(async (name: string, { json }: CommonOptions) =>
      reading(context, (session) => {
        const view = libraryOf(session).show(name);
        output.data(json ? JSON.stringify({ template: view }) : showText(view));
        if (!json) for (const warning of view.warnings) output.message(`Warning: ${plainLines(warning)}`);
      }),
    );

  withJson(template.command('apply').description('make the tasks of a template: all of them or none'))
    .argument('<name>')
    .option('--var <name=value...>', 'values of its variables')
    .option('--dry-run', 'only say what would be made')
    .action(async (name: string, { var: variables, dryRun = false, json }: ApplyOptions) => {
      const work = async (session: Session) => {
        const applied = await templatesOf(session).apply({
          template: name,
          variables: readVariables(variables),
          dryRun,
        });
        output.data(json ? JSON.stringify(applied) : appliedText(applied));
      };
      return dryRun ? reading(context, work) : writing(context, work);
    });

  withJson(template.command('create').description('make a template from tasks'))
    .argument('<name>', 'small letters and digits with hyphens')
    .option('--from <task...>', 'tasks, or a filter such as tag:onboarding')
    .option('--from-task <task>', 'a task with its subtasks')
    .option('-d, --description <text>')
    .option('--var <name=text...>', 'variables, each with the text in the tasks that it replaces')
    .option('--force', 'write over a template of that name')
    .action(async (name: string, { from, fromTask, description, var: variables, force, json }: CreateOptions) =>
      reading(context, (session) => {
        if ((from === undefined) === (fromTask === undefined))
          throw new InvalidInputError(
            'from',
            'Say what it is made from: --from TASKS or a filter, or --from-task TASK.',
          );
        const view = templatesOf(session).create({
          name,
          from: [...(from ?? [fromTask ?? ''])],
          subtasks: fromTask !== undefined,
          variables: readVariables(variables),
          ...(description !== undefined && { description }),
          overwrite: force ?? false,
        });
        if (json) output.data(JSON.stringify({ template: view }));
        else output.data(`Template '${view.name}' created with ${count(view.tasks, 'task')}: ${view.file}`);
      }),
    );

  withJson(template.command('validate').description('check a template’s file'))
    .argument('<file>')
    .action((file: string, { json }: CommonOptions) => {
      const path = resolve(context.workingFolder, file);
      const library = new TemplateLibrary(new DiskFolder(context.workingFolder), shipped());
      const view = library.validate(readFile(path, file), relative(context.workingFolder, path) || file);
      if (json) output.data(JSON.stringify({ template: view }));
      else
        output.data(
          `Template '${view.name}' is valid: ${count(view.tasks, 'task')}, ${count(view.variables.length, 'variable')}`,
        );
      if (!json) for (const warning of view.warnings) output.message(`Warning: ${plainLines(warning)}`);
    });
}

/** Also for the wizard. */
export function libraryOf({ plan }: Session): TemplateLibrary {
  return new TemplateLibrary(plan.world.folder, shipped());
}

export function templatesOf(session: Session): Templates {
  return new Templates(session.plan, session.tasks, session.references, libraryOf(session));
}

function shipped(): DiskFolder {
  return new DiskFolder(shippedFile('templates'));
}

export function appliedText({ template, tasks, planned, total }: AppliedTemplateView): string {
  if (planned)
    return [...planned.map(plannedLine), '', `Would create ${count(total, 'task')} from template '${template}'`].join(
      '\n',
    );
  const lines = tasks.map((task) => `Created task ${task.id}: ${plain(task.title)}`);
  return [...lines, '', `Successfully created ${total} tasks from template '${template}'`].join('\n');
}

function plannedLine({ title, parent, dependsOn }: PlannedTaskView): string {
  const notes = [
    parent && `part of ${plain(parent)}`,
    dependsOn.length > 0 && `after ${dependsOn.map(plain).join(', ')}`,
  ];
  return [`Would create: ${plain(title)}`, ...notes.filter((note) => note)].join(' · ');
}

function listText(
  templates: readonly { name: string; version: string; description: string; tags: readonly string[] }[],
): string {
  const entries = templates.map(({ name, version, description, tags }) => {
    const lines = [`${name} (v${plain(version)})`, `  ${plain(description)}`];
    return [...lines, ...(tags.length > 0 ? [`  Tags: ${tags.map(plain).join(', ')}`] : [])].join('\n');
  });
  return ['Available Templates:', '='.repeat(50), '', ...entries].join('\n');
}

function showText({ name, version, description, tags, file, variables, titles }: TemplateView): string {
  const lines = variables.map((variable) => {
    const notes = [
      variable.required ? 'required' : undefined,
      variable.default === undefined ? undefined : `default ${JSON.stringify(variable.default)}`,
      variable.choices && `one of ${variable.choices.map((choice) => JSON.stringify(choice)).join(', ')}`,
    ].filter((note) => note !== undefined);
    const about = variable.description === undefined ? '' : ` - ${variable.description}`;
    return plain(`  ${variable.name} (${[variable.type, ...notes].join(', ')})${about}`);
  });
  return [
    `${name} (v${plain(version)})`,
    `  ${plain(description)}`,
    ...(tags.length > 0 ? [`  Tags: ${tags.map(plain).join(', ')}`] : []),
    `  File: ${plain(file)}`,
    ...(lines.length > 0 ? ['', 'Variables:', ...lines] : []),
    '',
    'Tasks:',
    ...titles.map((title, at) => `  ${at}. ${plain(title)}`),
  ].join('\n');
}

/** `name=value`, each. Throws INVALID_INPUT for anything else. */
function readVariables(given: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new InvalidInputError('var', `--var ${text}: write name=value.`);
      return [text.slice(0, at).trim(), text.slice(at + 1)];
    }),
  );
}

function readFile(path: string, asked: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new NotFoundError(`${asked} cannot be read: ${(error as Error).message}`);
  }
}

export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
