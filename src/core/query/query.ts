import { InvalidInputError } from '../model/errors.js';
import { parsePriority } from '../model/priority.js';
import { STATUSES } from '../model/status.js';
import { WORK_STATES } from '../model/workState.js';

/** By what a list can be sorted; `order` is dependency order. */
export const SORT_KEYS = ['order', 'priority', 'created', 'updated', 'due', 'number', 'title', 'status'] as const;

export type SortKey = (typeof SORT_KEYS)[number];

export interface SortTerm {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The keys of the filter language; a bare word is a `text` term. */
export const QUERY_KEYS = ['status', 'priority', 'assignee', 'tag', 'text'] as const;

export type QueryKey = (typeof QUERY_KEYS)[number];

/** One term: it holds when the task has any of the values, or none of them when negated. */
export interface QueryTerm {
  readonly key: QueryKey;
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** A filter and an order, as every list of the product takes it. */
export interface Query {
  readonly terms: readonly QueryTerm[];
  readonly sort: readonly SortTerm[];
}

/** Statuses that a filter knows: the stored ones, the derived ones, and `open` for all that is not closed. */
export const STATUS_FILTERS: readonly string[] = [...new Set<string>([...STATUSES, ...WORK_STATES, 'open'])];

const QUOTED = /"((?:[^"\\]|\\.)*)"?/gs;
const TOKEN = new RegExp(`(?=\\S)(-(?=\\S))?(?:([A-Za-z_]+):)?((?:${QUOTED.source}|[^\\s"])*)`, 'gs');

/**
 * Reads `status:ready,blocked -tag:api "two words" sort:-priority`.
 * Terms must all hold; values after a comma are alternatives; `-` negates; a bare word is searched in title,
 * description and tags. Repeating a key that has one value in a task (status, priority, assignee) adds alternatives.
 * Throws INVALID_INPUT naming the term for an unknown key or value.
 */
export function parseQuery(text: string): Query {
  const terms: QueryTerm[] = [];
  const sort: SortTerm[] = [];
  for (const [whole, minus, name, rest = ''] of text.matchAll(TOKEN)) {
    const negated = minus !== undefined;
    if (name === undefined) {
      terms.push({ key: 'text', values: [unquote(rest)], negated });
      continue;
    }
    const values = alternatives(rest);
    if (values.length === 0) throw new InvalidInputError('query', `“${whole}” has no value after the colon.`);
    if (name.toLowerCase() !== 'sort') terms.push(parseTerm(name.toLowerCase(), values, negated, whole));
    else if (!negated) sort.push(...values.map(parseSort));
    else throw new InvalidInputError('sort', `“${whole}”: to reverse an order write sort:-${values[0]}.`);
  }
  return { terms: mergeAlternatives(terms), sort };
}

/** Reads `priority`, or `-priority` for descending. */
export function parseSort(text: string): SortTerm {
  const name = text.replace(/^[-+]/, '').toLowerCase();
  const key = SORT_KEYS.find((candidate) => candidate === name);
  if (!key) throw new InvalidInputError('sort', `Cannot sort by “${text}”. Use one of ${SORT_KEYS.join(', ')}.`);
  return { key, descending: text.startsWith('-') };
}

function parseTerm(name: string, values: readonly string[], negated: boolean, whole: string): QueryTerm {
  const key = QUERY_KEYS.find((candidate) => candidate === name);
  if (!key) {
    throw new InvalidInputError(
      'query',
      `“${whole}”: there is no filter “${name}”. Use ${QUERY_KEYS.join(', ')} or sort.`,
    );
  }
  return { key, values: values.map((value) => checkValue(key, value)), negated };
}

function checkValue(key: QueryKey, value: string): string {
  if (key === 'priority') return parsePriority(value);
  if (key === 'tag') return value.replace(/^#/, '');
  if (key !== 'status') return value;
  const status = value.toLowerCase().replace(/[-\s]/g, '_');
  const known = status === 'done' ? 'completed' : status;
  if (!STATUS_FILTERS.includes(known)) {
    throw new InvalidInputError('status', `Invalid status: “${value}”. Use one of ${STATUS_FILTERS.join(', ')}.`);
  }
  return known;
}

/** A task has one status, priority and assignee: asking for two of them means either. */
function mergeAlternatives(terms: readonly QueryTerm[]): QueryTerm[] {
  const merged: QueryTerm[] = [];
  for (const term of terms) {
    const single = !term.negated && term.key !== 'tag' && term.key !== 'text';
    const at = single ? merged.findIndex((other) => other.key === term.key && !other.negated) : -1;
    if (at === -1) merged.push(term);
    else merged[at] = { ...term, values: [...merged[at]!.values, ...term.values] };
  }
  return merged;
}

/** The values between commas, those that are empty left out. */
function alternatives(text: string): string[] {
  const values = [''];
  for (const [part] of text.matchAll(new RegExp(`${QUOTED.source}|,|[^",]+`, 'gs'))) {
    if (part === ',') values.push('');
    else values.push(values.pop() + unquote(part));
  }
  return values.filter((value) => value !== '');
}

function unquote(text: string): string {
  return text.replace(QUOTED, (_quoted, inner: string) => inner.replace(/\\(.)/gs, '$1'));
}
