import * as z from 'zod';
import { InvalidInputError } from '../../core/model/errors.js';
import { type Input, type Output, schema } from '../input.js';
import { taskAddress } from '../tasks/taskInputs.js';

/** What agents leave on a task. A note is for whoever wrote it alone; the others are for everybody. */
export const EVENT_TYPES = ['update', 'discovery', 'sync', 'progress', 'note'] as const;
export const SHARED_TYPES = ['update', 'discovery', 'sync', 'progress'] as const;

export type EventType = (typeof EVENT_TYPES)[number];

const LONGEST_TEXT = 20_000;

/** The text without NULs and blank ends. Throws INVALID_INPUT where nothing is left or it is too long. */
export function checkText(text: string): string {
  const content = text.replace(/\0/g, '').trim();
  if (content === '') throw new InvalidInputError('text', 'The text is empty. Say something.');
  const length = [...content].length;
  if (length > LONGEST_TEXT) {
    throw new InvalidInputError(
      'text',
      `The text is too long: ${length} characters, at most ${LONGEST_TEXT}. Put it into a file and name that.`,
    );
  }
  return content;
}

export const eventInput = schema(() =>
  z.object({
    task: taskAddress(),
    type: z.enum(EVENT_TYPES).describe('update, discovery, sync and progress are for all; a note is for its writer'),
    text: z.string().describe('What to say, at most 20,000 characters; @name tells that agent').transform(checkText),
  }),
);

export const contextInput = schema(() =>
  z.object({
    task: taskAddress(),
    limit: z
      .number()
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .optional()
      .describe('At most so many shared entries, the last ones; absent: all'),
  }),
);

export const eventView = schema(() =>
  z.object({
    id: z.string(),
    type: z.string().describe('update, discovery, sync, progress or note'),
    agent: z.string(),
    at: z.string().describe('UTC ISO 8601'),
    text: z.string(),
    percent: z.number().optional().describe('Of progress that names one'),
  }),
);

export const participantView = schema(() => z.object({ agent: z.string(), joinedAt: z.string() }));

export const contextView = schema(() =>
  z.object({
    task: z.string(),
    name: z.string().describe('T-<number>'),
    title: z.string(),
    createdAt: z.string(),
    participants: z.array(participantView()),
    shared: z.array(eventView()).describe('What was shared, in its order'),
    total: z.number().describe('How many there are'),
    truncated: z.boolean().describe('True where the limit left out earlier ones'),
    percent: z.number().optional().describe('The last percentage that was reported'),
    notes: z.array(eventView()).describe('Your own private notes, in their order'),
  }),
);

export const participantsView = schema(() =>
  z.object({ task: z.string(), name: z.string(), participants: z.array(participantView()) }),
);

/** A place in a task's conversation that was entered, and what there is to say about its files. */
export interface Written<T> {
  readonly entry: T;
  readonly task: string;
}

export type EventInput = Input<typeof eventInput>;
export type ContextInput = Input<typeof contextInput>;
export type EventView = Output<typeof eventView>;
export type ParticipantView = Output<typeof participantView>;
export type ContextView = Output<typeof contextView>;
export type ParticipantsView = Output<typeof participantsView>;
