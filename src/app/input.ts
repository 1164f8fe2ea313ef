import * as z from 'zod';
import { InvalidInputError } from '../core/model/errors.js';

/** A schema that is made at its first use: making all of them takes longer than most commands do. */
export type Schema<T extends z.ZodType = z.ZodType> = () => T;

export type Input<S extends Schema> = z.input<ReturnType<S>>;
export type Output<S extends Schema> = z.output<ReturnType<S>>;

export function schema<T extends z.ZodType>(make: () => T): Schema<T> {
  let made: T | undefined;
  return () => {
    if (made === undefined) {
      // Else zod makes programs of texts, which takes longer than most commands have to parse.
      z.config({ jitless: true });
      made = make();
    }
    return made;
  };
}

/** The value in the schema's form. Throws INVALID_INPUT naming the first field that does not fit. */
export function parseInput<T extends z.ZodType>(schema: Schema<T>, value: unknown): z.output<T> {
  const result = schema().safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'input';
  throw new InvalidInputError(field, `${field}: ${issue?.message ?? 'not valid'}.`, { issues: result.error.issues });
}
