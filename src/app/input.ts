import type { z } from 'zod';
import { InvalidInputError } from '../core/model/errors.js';

/** The value in the schema's form. Throws INVALID_INPUT naming the first field that does not fit. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'input';
  throw new InvalidInputError(field, `${field}: ${issue?.message ?? 'not valid'}.`, { issues: result.error.issues });
}
