import * as z from 'zod';
import type { Tool } from './tool.js';

export interface JsonObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

type Json = { readonly [keyword: string]: unknown };

/** What a tool takes. */
export function inputJsonSchema(tool: Tool): JsonObjectSchema {
  const made = z.toJSONSchema(tool.input(), { io: 'input', unrepresentable: 'any' });
  return terse(made as Json) as JsonObjectSchema;
}

/**
 * What a tool answers: the names and kinds of its first level, which is what a caller reads by. What is in them, `schema`
 * has, and the reference of the tools. An error is an answer too: there are callers that hold errors to the schema.
 */
export function outputJsonSchema(tool: Tool): JsonObjectSchema {
  const made = z.toJSONSchema(tool.output(), { io: 'output', unrepresentable: 'any' }) as Json;
  const properties = Object.entries(made.properties as Record<string, Json>)
    .filter(([name]) => !COMMON.includes(name))
    .map(([name, schema]) => [name, kindOf(schema)]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    anyOf: [{ required: made.required ?? [] }, { required: ['error'] }],
  };
}

/** What any reply may have. */
const COMMON: readonly string[] = ['omitted', 'notes'];

/** `string`, `object or null`. */
function kindOf(schema: Json): Json {
  const alternatives = schema.anyOf as Json[] | undefined;
  if (alternatives) {
    const kinds = [...new Set(alternatives.flatMap((one) => kindOf(one).type ?? []))];
    return kinds.length === 1 ? { type: kinds[0] } : { type: kinds };
  }
  return schema.type === undefined ? {} : { type: schema.type };
}

/** Bounds that every whole number has. */
const BOUNDLESS = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

/** What a refusal says better, with the parameter that was meant. */
const UNSAID = ['$schema', 'additionalProperties', 'minLength'];

/** Without what says nothing: tools are read by models, and each word of them costs. */
function terse(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(terse);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([keyword, value]) => !UNSAID.includes(keyword) && !(BOUNDLESS as unknown[]).includes(value),
  );
  const inner = Object.fromEntries(kept.map(([keyword, value]) => [keyword, terse(value)]));
  return typeof inner.anyOf === 'object' ? oneType(inner) : inner;
}

/** `{ anyOf: [{ type: 'string' }, { type: 'null' }] }` is `{ type: ['string', 'null'] }`. */
// Bounds of one kind say nothing about values of another.
function oneType({ anyOf, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const alternatives = anyOf as Record<string, unknown>[];
  const types = alternatives.map(({ type }) => type);
  const isPlain = alternatives.every((one) => typeof one.type === 'string' && !('properties' in one));
  const inner = Object.assign({}, ...alternatives.filter(({ type }) => type !== 'integer'));
  return isPlain ? { ...inner, ...rest, type: types } : { anyOf, ...rest };
}
