import * as z from 'zod';
import { checkPlace, parsePlace } from '../../core/model/fileReference.js';
import { parsePriority } from '../../core/model/priority.js';
import { parseStatus } from '../../core/model/status.js';
import { checkDescription, checkTags, checkTime, checkTitle } from '../../core/model/task.js';
import { type Input, schema } from '../input.js';

/** A task's id, the start of its id, its number, or `T-12`. */
export const taskAddress = schema(() =>
  z.string().describe('A task: its 8-character id, the start of it, or its number as 12, #12 or T-12'),
);

/** Which claim the change is made under. */
export const leaseVersion = schema(() =>
  z
    .number()
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .describe('Version of the claim under which this is done: refused if that claim was lost'),
);

const title = schema(() => z.string().describe('What is to be done, 1 to 500 characters').transform(checkTitle));
const description = schema(() => z.string().describe('Markdown, at most 5,000 characters').transform(checkDescription));
const priority = schema(() =>
  z.string().describe('critical, high, medium, low or background').transform(parsePriority),
);
const tags = schema(() => z.array(z.string()).describe('Tags without spaces').transform(checkTags));
const word = schema(() => z.string().trim().min(1, 'must not be empty').max(200, 'is longer than 200 characters'));
const hours = schema(() =>
  z.number().positive('must be more than 0').max(100_000, 'is more than 100,000 hours').describe('Hours'),
);
const due = schema(() =>
  z
    .string()
    .describe('When it is due: 2026-12-01 or an ISO time')
    .transform((text) => checkTime('due', text)),
);
const notBefore = schema(() =>
  z
    .string()
    .describe('Not to be started before: 2026-12-01 or an ISO time')
    .transform((text) => checkTime('notBefore', text)),
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

/** A new task. */
export const createTaskInput = schema(() =>
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
    due: due().optional(),
    notBefore: notBefore().optional(),
    estimatedHours: hours().optional(),
  }),
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
    due: due().nullable().optional(),
    notBefore: notBefore().nullable().optional(),
    estimatedHours: hours().nullable().optional(),
    lease: leaseVersion().optional(),
  }),
);

export const setStatusInput = schema(() =>
  z.object({
    task: taskAddress(),
    status: z.string().describe('pending, in_progress, blocked, completed or cancelled').transform(parseStatus),
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
export const changeTaskInput = schema(() =>
  z.object({ ...setStatusInput().partial().shape, ...updateTaskInput().shape }),
);

export const listTasksInput = schema(() =>
  z.object({
    query: z.string().optional().describe('Filter and order, such as: status:ready tag:api sort:-priority'),
    limit: z.number().int('must be a whole number').min(1, 'must be at least 1').optional(),
  }),
);

export type CreateTaskInput = Input<typeof createTaskInput>;
export type UpdateTaskInput = Input<typeof updateTaskInput>;
export type ChangeTaskInput = Input<typeof changeTaskInput>;
export type SetStatusInput = Input<typeof setStatusInput>;
export type ListTasksInput = Input<typeof listTasksInput>;
