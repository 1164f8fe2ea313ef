import { type Command, Option } from 'commander';
import { parseCriteria, parseCriterion } from '../../core/model/criteria.js';
import { parseCustomField } from '../../core/model/customFields.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { type CommonOptions, withJson } from '../context.js';
import { readStandardInput } from '../standardInput.js';

/** Options for a task's fields, as `tm add` and `tm update` take them. */
export interface FieldOptions extends CommonOptions {
  readonly title?: string;
  readonly description?: string;
  readonly priority?: string;
  readonly type?: string;
  readonly assignee?: string;
  readonly tag?: string[];
  readonly parent?: string;
  readonly due?: string;
  readonly notBefore?: string;
  readonly estimate?: string;
  readonly project?: string;
  readonly milestone?: string;
  readonly businessValue?: string;
  readonly codeLanguage?: string;
  readonly executionEnvironment?: string;
  readonly context?: string;
  readonly impact?: string;
  readonly criteria?: string;
  readonly criterion?: string[];
  readonly meta?: string[];
}

export function fieldOptions(command: Command): Command {
  return withJson(command)
    .option('--title <text>', 'what is to be done, at most 500 characters')
    .option('-d, --description <text>', 'Markdown; - reads it from standard input')
    .option('-p, --priority <priority>', 'critical, high, medium, low or background')
    .option('--type <type>', 'kind of work, such as feature or bug')
    .option('--assignee <name>', 'whose task it is')
    .addOption(new Option('--tags, --tag <tag...>', 'tags, also separated by commas'))
    .option('--parent <task>', 'the task that this is a part of')
    .option('--deadline, --due <date>', '2026-12-01, tomorrow, friday, +3d, 1 Dec 2026, end of month or an ISO time')
    .option('--not-before <date>', 'not to be started before')
    .option('--estimated-hours, --estimate <hours>', 'estimated hours')
    .option('--project <name>', 'the project that it belongs to')
    .option('--phase, --milestone <name>', 'the milestone or phase that it belongs to')
    .option('--business-value <n>', 'what it is worth, a whole number')
    .option('--code-language <name>', 'programming language of the work')
    .option('--execution-environment <name>', 'where its code runs')
    .option('--context <text>', 'what one has to know to begin: WHY: … WHAT: … DONE: …')
    .option('--impact <text>', 'what else it touches')
    .option('--criteria <json>', 'success criteria: [{"criterion": "…", "measurable": "…"}]')
    .addOption(
      new Option(
        '--criterion <text>',
        'one success criterion, as "text" or "text :: expression"; repeatable',
      ).argParser(collect),
    )
    .addOption(new Option('--meta <key:value>', "a field of the project's own; repeatable").argParser(collect));
}

/** The given fields as the use cases take them; those that were not given are undefined. */
export function fields(options: FieldOptions) {
  const { title, description, priority, type, assignee, parent, due, notBefore, estimate, context, impact } = options;
  const { project, milestone, businessValue, codeLanguage, executionEnvironment, meta } = options;
  return {
    ...{ title, priority, type, assignee, parent, due, notBefore, context, impactNotes: impact },
    ...{ project, milestone, codeLanguage, executionEnvironment },
    description: description === '-' ? readStandardInput() : description,
    tags: options.tag && splitTags(options.tag),
    estimatedHours: estimate === undefined ? undefined : numberOf('estimate', estimate),
    businessValue: businessValue === undefined ? undefined : numberOf('business-value', businessValue),
    criteria: criteriaOf(options),
    custom: meta && (Object.fromEntries(meta.map(parseCustomField)) as Record<string, never>),
  };
}

/** Fields that an empty value clears. */
const CLEARABLE = [
  ...(['description', 'assignee', 'due', 'notBefore', 'parent', 'project', 'milestone', 'codeLanguage'] as const),
  ...(['executionEnvironment', 'context', 'impact', 'estimate', 'businessValue'] as const),
];

/** The same for a change: an empty value clears the field if it may be empty. */
export function changedFields(options: FieldOptions) {
  const cleared = CLEARABLE.filter((field) => options[field]?.trim() === '');
  const given = { ...options, ...Object.fromEntries(cleared.map((field) => [field, undefined])) };
  const names = { impact: 'impactNotes', estimate: 'estimatedHours' } as Readonly<Record<string, string>>;
  return { ...fields(given), ...Object.fromEntries(cleared.map((field) => [names[field] ?? field, null])) };
}

/** Tags between commas or spaces; empty ones are left out. */
export function splitTags(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => tag.split(',')).filter((tag) => tag !== '');
}

function criteriaOf({ criteria, criterion }: FieldOptions) {
  if (criteria === undefined && criterion === undefined) return undefined;
  const listed = criteria === undefined || criteria.trim() === '' ? [] : parseCriteria(criteria);
  return [...listed, ...(criterion ?? []).filter((text) => text !== '').map(parseCriterion)];
}

export function numberOf(field: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidInputError(field, `--${field} ${text}: give a number.`);
  return value;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
