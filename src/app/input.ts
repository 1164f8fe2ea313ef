import * as z from 'zod';
import { InvalidInputError } from '../core/model/errors.js';

/** A schema that is made at its first use: making all of them takes longer than most commands do. */
export interface Schema<T extends z.ZodType = z.ZodType> {
  (): T;
  /** Reads what needs no schema as the schema would; undefined for everything else, also for what is not valid. */
  readonly plain?: PlainReader<z.output<T>> | undefined;
}

export type PlainReader<T> = (value: unknown) => { readonly value: T } | undefined;

export type Input<S extends Schema> = z.input<ReturnType<S>>;
export type Output<S extends Schema> = z.output<ReturnType<S>>;

export function schema<T extends z.ZodType>(make: () => T, plain?: PlainReader<z.output<T>>): Schema<T> {
  let made: T | undefined;
  const get = () => {
    if (made === undefined) {
      // Else zod makes programs of texts, which takes longer than most commands have to parse.
      z.config({ jitless: true });
      made = make();
    }
    return made;
  };
  return Object.assign(get, { plain });
}

/** A text: zod's schema and the short way are made from the same `read`, which may throw INVALID_INPUT. */
export function text<T>(description: string, read: (text: string) => T) {
  return schema(
    () => z.string().describe(description).transform(read),
    (value) => (typeof value === 'string' ? { value: read(value) as Awaited<T> } : undefined),
  );
}

/** The short way of a text that is trimmed where its length is bounded. */
export function plainText(min?: number, max = Number.POSITIVE_INFINITY): PlainReader<string> {
  return (value) => {
    if (typeof value !== 'string') return undefined;
    const text = min === undefined ? value : value.trim();
    return text.length >= (min ?? 0) && text.length <= max ? { value: text } : undefined;
  };
}

/** The short way of a whole number. */
export function plainNumber(min: number): PlainReader<number> {
  return (value) => (Number.isSafeInteger(value) && (value as number) >= min ? { value: value as number } : undefined);
}

/** The short way of an array. */
export function plainList<T>(plain: PlainReader<T> | undefined): PlainReader<T[]> {
  return (value) => {
    if (!Array.isArray(value) || !plain) return undefined;
    const read = value.map(plain);
    return read.every((one) => one !== undefined) ? { value: read.map((one) => one.value) } : undefined;
  };
}

/**
 * The short way of an object whose given fields are all of `fields`, where none of `required` is missing. They are read
 * in the order of `fields`, which is that of the schema.
 */
export function plainObject<T>(
  fields: Readonly<Record<string, PlainReader<unknown> | undefined>>,
  required: readonly string[],
): PlainReader<T> {
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const given = new Map(Object.entries(value).filter(([, one]) => one !== undefined));
    if (required.some((name) => !given.has(name))) return undefined;
    for (const name of given.keys()) if (!Object.hasOwn(fields, name)) return undefined;
    const result: Record<string, unknown> = {};
    for (const [name, plain] of Object.entries(fields)) {
      if (!given.has(name)) continue;
      const read = plain?.(given.get(name));
      if (!read) return undefined;
      result[name] = read.value;
    }
    return { value: result as T };
  };
}

/** The value in the schema's form. Throws INVALID_INPUT naming the first field that does not fit. */
export function parseInput<T extends z.ZodType>(schema: Schema<T>, value: unknown): z.output<T> {
  const plain = schema.plain?.(value);
  if (plain) return plain.value;
  const result = schema().safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'input';
  throw new InvalidInputError(field, `${field}: ${issue?.message ?? 'not valid'}.`, { issues: result.error.issues });
}
