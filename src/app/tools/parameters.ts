import * as z from 'zod';
import { schema } from '../input.js';

/** A task's number, its id, the start of that, or `T-12`: never empty, and a number is never the start of an id. */
export const taskParameter = schema(() =>
  z
    .union(
      [z.int().min(1), z.string().trim().min(1, 'an empty name is no task')],
      'name a task by its number, key or T-12',
    )
    .transform((name) => (typeof name === 'number' ? `#${name}` : name)),
);

/** What every reply that may be cut says then. */
export const cutReply = {
  truncated: z.boolean().optional(),
  omitted: z.array(z.string()).optional().describe('What was cut; full: true gives all'),
};

/** For tools whose reply may be cut. */
export const fullParameter = schema(() => z.boolean().default(false).describe('Not cut to 8 KB'));

export const message = z.string();
