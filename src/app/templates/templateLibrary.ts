import { InvalidInputError, NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { expandTemplate } from '../../core/templates/expand.js';
import { splitPlaceholders } from '../../core/templates/placeholders.js';
import { type TemplatePath, TemplateProblem } from '../../core/templates/template.js';
import { readValues, sampleValue } from '../../core/templates/variables.js';
import type { StoreFolder } from '../ports.js';
import { Expressions } from './expressions.js';
import { parseTemplate, type TemplateFile } from './templateFile.js';
import type { TemplateListView, TemplateView } from './templateViews.js';

export const TEMPLATES_FOLDER = 'templates';
const TEMPLATE = /\.(ya?ml|json)$/i;

/** The templates there are: the project's own, and those that ship; the project's goes before one of the same name. */
export class TemplateLibrary {
  readonly #folder: StoreFolder;
  readonly #shipped: StoreFolder;

  /** `shipped` has the files that come with the product at its top. */
  constructor(folder: StoreFolder, shipped: StoreFolder) {
    this.#folder = folder;
    this.#shipped = shipped;
  }

  list(): TemplateListView {
    const { files, problems } = this.#read();
    const templates = files.map(summary).sort((a, b) => (a.name < b.name ? -1 : 1));
    return { templates, total: templates.length, truncated: false, problems };
  }

  show(name: string): TemplateView {
    return templateViewOf(this.get(name));
  }

  /** Throws NOT_FOUND, or INVALID_INPUT where the file of that name is no template. */
  get(name: string): TemplateFile {
    const own = this.#own().find((file) => file.replace(TEMPLATE, '') === `${TEMPLATES_FOLDER}/${name}`);
    // A file that is called so is meant, be it broken or not.
    if (own !== undefined) {
      const file = this.parse(this.#folder.read(own) ?? '', own);
      if (file.template.name === name) return file;
    }
    const { files } = this.#read();
    const found = files.find((file) => file.template.name === name);
    if (found) return found;
    const names = files.map((file) => file.template.name).sort();
    throw new NotFoundError(`There is no template “${name}”. There is ${names.join(', ')}.`, { template: name });
  }

  /** Throws INVALID_INPUT unless a template's variable may have this value. */
  checkVariable(name: string, variable: string, given: string): void {
    const file = this.get(name);
    const { [variable]: declared } = file.template.variables;
    try {
      readValues({ ...file.template, variables: declared ? { [variable]: declared } : {} }, { [variable]: given });
    } catch (error) {
      throw error instanceof TemplateProblem ? new InvalidInputError(variable, error.message) : error;
    }
  }

  /** Reads a template and makes sure that all its expressions can be read. Throws INVALID_INPUT with the places. */
  parse(text: string, file: string): TemplateFile {
    const read = parseTemplate(text, file);
    const { template } = read;
    const expressions = new Expressions(Object.keys(template.variables));
    try {
      for (const { expression, path } of placeholders(template.tasks, ['tasks'])) expressions.check(expression, path);
    } catch (error) {
      throw located(read, error);
    }
    return read;
  }

  /** The same, and whether tasks could be made of it with values that are allowed. */
  validate(text: string, file: string): TemplateView {
    const read = this.parse(text, file);
    const { template } = read;
    const expressions = new Expressions(Object.keys(template.variables));
    const samples = Object.fromEntries(
      Object.entries(template.variables).map(([name, variable]) => [name, sampleValue(variable)]),
    );
    try {
      expandTemplate(template, (expression, path) => expressions.evaluate(expression, samples, path));
    } catch (error) {
      throw located(read, error);
    }
    return templateViewOf(read);
  }

  /** Path of a new template's file. Throws CONFLICT where there is one already. */
  newFile(name: string, overwrite: boolean): string {
    const path = `${TEMPLATES_FOLDER}/${name}.yaml`;
    const there = this.#own().find((file) => file.replace(TEMPLATE, '') === `${TEMPLATES_FOLDER}/${name}`);
    if (there !== undefined && !(overwrite && there === path))
      throw new OrchestratorError('CONFLICT', `${there} is there already. Choose another name, or say --force.`, {
        file: there,
      });
    return path;
  }

  #own(): readonly string[] {
    return this.#folder
      .list(TEMPLATES_FOLDER)
      .filter((name) => TEMPLATE.test(name))
      .map((name) => `${TEMPLATES_FOLDER}/${name}`);
  }

  #read(): { files: TemplateFile[]; problems: string[] } {
    const problems: string[] = [];
    const files: TemplateFile[] = [];
    const add = (text: string | undefined, path: string) => {
      try {
        const file = this.parse(text ?? '', path);
        const { name } = file.template;
        const first = files.find((other) => other.template.name === name);
        if (!first) files.push(file);
        else if (!path.startsWith('shipped/')) problems.push(`${path}: ${first.file} has the name “${name}” already`);
      } catch (error) {
        if (!(error instanceof OrchestratorError)) throw error;
        problems.push(error.message);
      }
    };
    for (const path of this.#own()) add(this.#folder.read(path), path);
    for (const name of this.#shipped.list('.').filter((one) => TEMPLATE.test(one)))
      add(this.#shipped.read(name), `shipped/${name}`);
    return { files, problems };
  }
}

/** An error of the template's as a refusal that names file and line. */
export function located(file: TemplateFile, error: unknown): unknown {
  return error instanceof TemplateProblem ? file.problem(error.path, error.message) : error;
}

/** Every expression in the texts of a part of the template. */
function placeholders(part: unknown, path: TemplatePath): { expression: string; path: TemplatePath }[] {
  if (typeof part === 'string')
    return splitPlaceholders(part, path).flatMap((one) => ('expression' in one ? [{ ...one, path }] : []));
  if (Array.isArray(part)) return part.flatMap((one, at) => placeholders(one, [...path, at]));
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, one]) => placeholders(one, [...path, key]));
}

function summary({ file, template }: TemplateFile) {
  const { name, version, description, tags, tasks } = template;
  return { name, version, description, tags: [...tags], file, tasks: titles(tasks).length };
}

function templateViewOf(file: TemplateFile): TemplateView {
  const { template, warnings } = file;
  const variables = Object.entries(template.variables).map(([name, variable]) => ({
    name,
    type: variable.type,
    required: variable.required && variable.default === undefined,
    ...(variable.description !== undefined && { description: variable.description }),
    ...(variable.default !== undefined && { default: variable.default as string }),
    ...(variable.validation?.enum && { choices: [...variable.validation.enum] as string[] }),
  }));
  return { ...summary(file), variables, titles: titles(template.tasks), warnings: [...warnings] };
}

function titles(tasks: TemplateFile['template']['tasks'], depth = 0): string[] {
  return tasks.flatMap((task) => [`${'  '.repeat(depth)}${task.title}`, ...titles(task.subtasks ?? [], depth + 1)]);
}
