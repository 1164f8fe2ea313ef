import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { InvalidInputError } from '../../core/model/errors.js';
import {
  pathText,
  type Template,
  type TemplatePath,
  TemplateProblem,
  type TemplateTask,
  type TemplateValue,
  VARIABLE_TYPES,
} from '../../core/templates/template.js';
import { checkValue } from '../../core/templates/variables.js';
import { schema } from '../input.js';

/** A larger file is no template (characters). */
const LARGEST = 256 * 1024;

/** A template and where its parts stand. */
export interface TemplateFile {
  /** As it is called in messages. */
  readonly file: string;
  readonly template: Template;
  /** What the file says that means nothing. */
  readonly warnings: readonly string[];
  /** `file:12: tasks[1].title: message`, as an error. */
  problem(path: TemplatePath, message: string): InvalidInputError;
}

const word = () => z.string();
const words = () => z.union([z.string(), z.array(z.string())]);

const taskSchema: () => z.ZodType<TemplateTask> = schema(() =>
  z.looseObject({
    id: z
      .string()
      .regex(/^[a-z][\w-]*$/i, 'has to begin with a letter, and go on with letters, digits, - and _')
      .optional(),
    title: word().min(1, 'is empty'),
    description: word().optional(),
    priority: word().optional(),
    status: word().optional(),
    type: word().optional(),
    assignee: word().optional(),
    tags: words().optional(),
    estimated_hours: z.union([z.number(), z.string()]).optional(),
    due: word().optional(),
    not_before: word().optional(),
    project: word().optional(),
    milestone: word().optional(),
    context: word().optional(),
    files: words().optional(),
    criteria: z
      .array(
        z.union([
          z.string(),
          z.looseObject({
            criterion: z.string(),
            measurable: z.union([z.string(), z.number(), z.boolean()]).optional(),
          }),
        ]),
      )
      .optional(),
    depends_on: z.union([z.int(), z.string(), z.array(z.union([z.int(), z.string()]))]).optional(),
    subtasks: z.array(z.lazy(taskSchema)).optional(),
  }),
);

const value: z.ZodType<TemplateValue> = z.lazy(() => z.union([z.string(), z.number(), z.boolean(), z.array(value)]));

const templateSchema = schema(() =>
  z.looseObject({
    name: z
      .string('is missing')
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'has to be small letters and digits with hyphens, as bug-fix'),
    version: z.string('has to be a text: write it in quotes, as "1.0"'),
    description: z.string('is missing'),
    tags: z.array(z.string()).default([]),
    variables: z
      .record(
        z.string().regex(/^[A-Za-z_][\w-]*$/, 'has to begin with a letter, and go on with letters, digits, - and _'),
        z.looseObject({
          type: z.enum(VARIABLE_TYPES).default('string'),
          description: z.string().optional(),
          required: z.boolean().default(false),
          default: value.optional(),
          validation: z
            .looseObject({
              pattern: z.string().refine(isPattern, 'is not a regular expression').optional(),
              min: z.number().optional(),
              max: z.number().optional(),
              enum: z.array(value).min(1, 'is empty').optional(),
            })
            .optional(),
        }),
      )
      .default({}),
    tasks: z.array(taskSchema(), 'are missing: a list of tasks').min(1, 'there is none'),
    dependencies: z.record(z.string().regex(/^\d+$/, 'has to be a position, from "0"'), z.array(z.int())).default({}),
  }),
);

const KNOWN = {
  template: ['name', 'version', 'description', 'tags', 'variables', 'tasks', 'dependencies'],
  variable: ['type', 'description', 'required', 'default', 'validation'],
  validation: ['pattern', 'min', 'max', 'enum'],
} as const;

/** Reads YAML or JSON. Throws INVALID_INPUT with every problem, each with its line. */
export function parseTemplate(text: string, file: string): TemplateFile {
  const refuse = (problems: readonly string[]) =>
    new InvalidInputError('template', problems.join('\n'), { file, problems });
  if (text.length > LARGEST) throw refuse([`${file}: is larger than ${LARGEST / 1024} KB: no template.`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) throw refuse([`${file}:${lines.linePos(broken.pos[0]).line}: ${broken.message}`]);
  const place = (path: TemplatePath): string => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      const range = (node as { range?: readonly [number, number, number] | null } | null | undefined)?.range;
      if (range) return `${file}:${lines.linePos(range[0]).line}`;
    }
    return file;
  };
  const say = (path: TemplatePath, message: string) =>
    path.length === 0 ? `${place(path)}: ${message}` : `${place(path)}: ${pathText(path)}: ${message}`;
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw refuse([`${file}: ${(error as Error).message}`]);
  }
  const result = templateSchema().safeParse(data);
  if (!result.success)
    throw refuse(result.error.issues.map((issue) => say(issue.path as (string | number)[], issue.message)));
  const template = result.data as Template;
  const problems = defaultProblems(template).map(({ path, message }) => say(path, message));
  if (problems.length > 0) throw refuse(problems);
  return {
    file,
    template,
    warnings: unknownKeys(template).map((path) => say(path, 'is not known, and left out')),
    problem: (path, message) => refuse([say(path, message)]),
  };
}

/** A default has to be a value that could be given. */
function defaultProblems({ variables }: Template): TemplateProblem[] {
  return Object.entries(variables).flatMap(([name, variable]) => {
    try {
      if (variable.default !== undefined) checkValue(name, variable, variable.default);
      return [];
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error;
      return [new TemplateProblem([...error.path, 'default'], error.message)];
    }
  });
}

/** Where the template has fields that nothing is made of. */
function unknownKeys(template: Template): TemplatePath[] {
  const among = (known: readonly string[], object: object, path: TemplatePath): TemplatePath[] =>
    Object.keys(object)
      .filter((key) => !known.includes(key))
      .map((key) => [...path, key]);
  const taskKeys = Object.keys((taskSchema() as unknown as { shape: object }).shape);
  const ofTasks = (tasks: readonly TemplateTask[], path: TemplatePath): TemplatePath[] =>
    tasks.flatMap((task, at) => [
      ...among(taskKeys, task, [...path, at]),
      ...ofTasks(task.subtasks ?? [], [...path, at, 'subtasks']),
    ]);
  const ofVariables = Object.entries(template.variables).flatMap(([name, variable]) => [
    ...among(KNOWN.variable, variable, ['variables', name]),
    ...among(KNOWN.validation, variable.validation ?? {}, ['variables', name, 'validation']),
  ]);
  return [...among(KNOWN.template, template, []), ...ofVariables, ...ofTasks(template.tasks, ['tasks'])];
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
