import * as z from 'zod';
import { checkCriteria } from '../../core/model/criteria.js';
import { checkFieldName } from '../../core/model/customFields.js';
import { checkPlace, parsePlace } from '../../core/model/fileReference.js';
import { parsePriority } from '../../core/model/priority.js';
import { parseStatus } from '../../core/model/status.js';
import { checkDescription, checkTags, checkTitle } from '../../core/model/task.js';
import { parseTime, type TimeContext } from '../../core/model/time.js';
import { type Input, plainList, plainNumber, plainObject, plainText, schema, text } from '../input.js';

/** A task's id, the start of its id, its number, or `T-12`. */
export const taskAddress = schema(
  () => z.string().describe('A task: its 8-character id, the start of it, or its number as 12, #12 or T-12'),
  plainText(),
);

/** Which claim the change is made under. */
export const leaseVersion = schema(
  () =>
    z
      .number()
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .describe('Version of the claim under which this is done: refused if that claim was lost'),
  plainNumber(1),
);

function boundedText(max: number) {
  return schema(
    () =>
      z
        .string()
        .trim()
        .min(1, 'must not be empty')
        .max(max, `is longer than ${max.toLocaleString('en')} characters`),
    plainText(1, max),
  );
}

const title = text('What is to be done, 1 to 500 characters', checkTitle);
const description = text('Markdown, at most 5,000 characters', checkDescription);
const priority = text('critical, high, medium, low or background', parsePriority);
const status = text('pending, in_progress, blocked, completed or cancelled', parseStatus);
const tags = schema(
  () => z.array(z.string()).describe('Tags without spaces').transform(checkTags),
  (value) => {
    const texts = plainList(plainText())(value);
    return texts && { value: checkTags(texts.value) };
  },
);
const word = boundedText(200);
const hours = schema(() =>
  z.number().positive('must be more than 0').max(100_000, 'is more than 100,000 hours').describe('Hours'),
);
/** Read by the use cases, which know what time it is: see `resolveTimes`. */
const date = schema(
  () =>
    z.string().describe('2026-12-01, an ISO time, or words such as tomorrow, friday, +3d, 1 Dec 2026, end of month'),
  plainText(),
);
const longText = boundedText(5000);
const businessValue = schema(() =>
  z.number().int('must be a whole number').min(0, 'must not be negative').max(1_000_000, 'is more than 1,000,000'),
);

/** Success criteria; `measurable` is an expression that decides whether one is met. */
const criteria = schema(() =>
  z
    .array(
      z.object({
        criterion: z.string(),
        measurable: z
          .union([z.string(), z.number(), z.boolean()])
          .nullish()
          .describe('An expression, or true or false'),
        done: z.boolean().optional(),
      }),
    )
    .describe('What has to be true for it to be done')
    .transform(checkCriteria),
);

/** Fields of the project's own. */
const custom = schema(() =>
  z
    .record(z.string(), z.json())
    .describe("Fields of the project's own")
    .transform((fields) =>
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [checkFieldName(name), value])),
    ),
);

/** A place in the code, as an object or as `path:line:end`. */
export const codePlace = schema(() =>
  z
    .union([
      z.string(),
      z.object({ path: z.string(), line: z.number().int().optional(), endLine: z.number().int().optional() }),
    ])
    .describe('A place in the code: path, path:line or path:line:end, relative to the workspace folder')
    .transform((place) =>
      typeof place === 'string'
        ? parsePlace(place)
        : checkPlace({
            path: place.path,
            ...(place.line !== undefined && { line: place.line }),
            ...(place.endLine !== undefined && { endLine: place.endLine }),
          }),
    ),
);

/** What is read without a schema wherever it is given: tasks are mostly described by these. */
const TEXTS = {
  title: title.plain,
  description: description.plain,
  priority: priority.plain,
  type: word.plain,
  assignee: word.plain,
  tags: tags.plain,
  parent: taskAddress.plain,
  due: date.plain,
  notBefore: date.plain,
  project: word.plain,
  milestone: word.plain,
  codeLanguage: word.plain,
  executionEnvironment: word.plain,
  context: longText.plain,
  impactNotes: longText.plain,
};

/** A new task. */
export const createTaskInput = schema(
  () =>
    z.object({
      title: title(),
      description: description().optional(),
      priority: priority().optional(),
      type: word().optional().describe('Kind of work, such as feature, bug or chore'),
      assignee: word().optional(),
      tags: tags().optional(),
      parent: taskAddress().optional(),
      dependsOn: z.array(taskAddress()).optional().describe('Tasks that must be completed first'),
      fileRefs: z.array(codePlace()).optional(),
      due: date().optional().describe('When it is due'),
      notBefore: date().optional().describe('Not to be started before'),
      estimatedHours: hours().optional(),
      project: word().optional(),
      milestone: word().optional().describe('Milestone or phase'),
      businessValue: businessValue().optional().describe('What it is worth, in whatever unit the project uses'),
      codeLanguage: word().optional(),
      executionEnvironment: word().optional(),
      context: longText().optional().describe('What somebody needs to know to begin: WHY: … WHAT: … DONE: …'),
      impactNotes: longText().optional().describe('What else it touches'),
      criteria: criteria().optional(),
      custom: custom().optional(),
    }),
  plainObject({ ...TEXTS, dependsOn: plainList(taskAddress.plain) }, ['title']),
);

/** Changes of a task's fields; null empties one. The status has its own use case. */
export const updateTaskInput = schema(() =>
  z.object({
    task: taskAddress(),
    title: title().optional(),
    description: description().nullable().optional(),
    priority: priority().optional(),
    type: word().optional(),
    assignee: word().nullable().optional(),
    tags: tags().optional(),
    parent: taskAddress().nullable().optional(),
    due: date().nullable().optional(),
    notBefore: date().nullable().optional(),
    estimatedHours: hours().nullable().optional(),
    actualHours: z
      .number()
      .min(0, 'must not be less than 0')
      .max(100_000, 'is more than 100,000 hours')
      .nullable()
      .optional()
      .describe('Hours that it took; set by hand, it stands for what was tracked'),
    project: word().nullable().optional(),
    milestone: word().nullable().optional(),
    businessValue: businessValue().nullable().optional(),
    codeLanguage: word().nullable().optional(),
    executionEnvironment: word().nullable().optional(),
    context: longText().nullable().optional(),
    impactNotes: longText().nullable().optional(),
    criteria: criteria().optional(),
    custom: custom().optional().describe('Fields to set; null removes one'),
    addTags: tags().optional(),
    removeTags: tags().optional(),
    addDependencies: z.array(taskAddress()).optional(),
    removeDependencies: z.array(taskAddress()).optional(),
    addFileRefs: z.array(codePlace()).optional(),
    lease: leaseVersion().optional(),
    ifVersion: z
      .number()
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .optional()
      .describe('The version that the change is meant for: refused if the task was changed since'),
  }),
);

export const setStatusInput = schema(() =>
  z.object({
    task: taskAddress(),
    status: status(),
    reason: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(1000)
      .optional()
      .describe('Why it is blocked or cancelled'),
    summary: z.string().trim().max(5000).optional().describe('What was done, when completing'),
    force: z.boolean().optional().describe('Start or complete although dependencies are open'),
    lease: leaseVersion().optional(),
  }),
);

/** Changes of fields and of the status together. */
export const changeTaskInput = schema(
  () => z.object({ ...setStatusInput().partial().shape, ...updateTaskInput().shape }),
  plainObject(
    {
      task: taskAddress.plain,
      status: status.plain,
      lease: leaseVersion.plain,
      ...TEXTS,
      addTags: tags.plain,
      removeTags: tags.plain,
    },
    ['task'],
  ),
);

export const listTasksInput = schema(() =>
  z.object({
    query: z.string().optional().describe('Filter and order, such as: status:ready tag:api sort:-priority'),
    limit: z.number().int('must be a whole number').min(1, 'must be at least 1').optional(),
  }),
);

/** The present and the place's clocks, by which dates are read. */
export function timeContext(now: string): TimeContext {
  return { now, zone: (moment) => -moment.getTimezoneOffset() };
}

/** The same fields with the dates as UTC ISO times. Throws INVALID_INPUT for one that is none, or could be several. */
export function resolveTimes<T extends { due?: string | null | undefined; notBefore?: string | null | undefined }>(
  given: T,
  now: string,
): T {
  const read = (field: 'due' | 'notBefore') =>
    given[field] ? { [field]: parseTime(field, given[field], timeContext(now)) } : {};
  return { ...given, ...read('due'), ...read('notBefore') };
}

export type CreateTaskInput = Input<typeof createTaskInput>;
export type UpdateTaskInput = Input<typeof updateTaskInput>;
export type ChangeTaskInput = Input<typeof changeTaskInput>;
export type SetStatusInput = Input<typeof setStatusInput>;
export type ListTasksInput = Input<typeof listTasksInput>;
