import { blank } from './blank.js';

/** An object of a JSON file that may have comments and trailing commas; empty where it is none. */
export function looseJson(text: string): Readonly<Record<string, unknown>> {
  const lexis = {
    lineComments: ['//'],
    blockComments: ['/*', '*/'] as const,
    quotes: ['"'],
    multiline: [],
    texts: false,
  };
  try {
    const value: unknown = JSON.parse(blank(text, lexis).replace(/,(?=\s*[}\]])/g, ' '));
    return asObject(value);
  } catch {
    return {};
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
