import { InvalidInputError } from '../model/errors.js';
import { parsePriority } from '../model/priority.js';
import { STATUSES } from '../model/status.js';
import { parseTaskAddress } from '../model/taskId.js';
import { WORK_STATES } from '../model/workState.js';
import { nearest } from './nearest.js';
import { numberTest, timeTest } from './range.js';

/** By what a list can be sorted; `order` is dependency order. */
export const SORT_KEYS = [
  'order',
  'priority',
  'created',
  'updated',
  'due',
  'number',
  'title',
  'status',
  'estimate',
  'completed',
] as const;

export type SortKey = (typeof SORT_KEYS)[number];

export interface SortTerm {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The keys of the filter language; a bare word is a `text` term. `custom` is written `custom.<field>:`. */
export const QUERY_KEYS = [
  ...(['status', 'priority', 'assignee', 'tag', 'text', 'type', 'parent', 'project', 'milestone'] as const),
  ...([
    'due',
    'created',
    'updated',
    'completed',
    'estimate',
    'claimed',
    'creator',
    'id',
    'is',
    'has',
    'custom',
  ] as const),
] as const;

export type QueryKey = (typeof QUERY_KEYS)[number];

/** Other names for keys. */
const KEY_ALIASES: Readonly<Record<string, QueryKey>> = {
  phase: 'milestone',
  deadline: 'due',
  hours: 'estimate',
  by: 'creator',
  number: 'id',
};

/** The keys of times, and whether these are of the clock (something happened then) or calendar days. */
export const TIME_KEYS: Readonly<Partial<Record<QueryKey, 'clock' | 'calendar'>>> = {
  due: 'calendar',
  created: 'clock',
  updated: 'clock',
  completed: 'clock',
};

/** What a task can be, beside its status. */
export const IS_FILTERS = ['overdue', 'unassigned', 'archived', 'claimed', 'leaf', 'root'] as const;

/** What a task can have. */
export const HAS_FILTERS = ['deps', 'files', 'criteria', 'estimate', 'due', 'subtasks', 'description'] as const;

const HAS_ALIASES: Readonly<Record<string, string>> = {
  dependencies: 'deps',
  dep: 'deps',
  file: 'files',
  refs: 'files',
};

/** One term: it holds when the task has any of the values, or none of them when negated. */
export interface QueryTerm {
  readonly key: QueryKey;
  readonly values: readonly string[];
  readonly negated: boolean;
  /** The project's own field that a `custom` term is about. */
  readonly field?: string;
}

/** A filter and an order, as every list of the product takes it. */
export interface Query {
  readonly terms: readonly QueryTerm[];
  readonly sort: readonly SortTerm[];
}

/** Statuses that a filter knows: the stored ones, the derived ones, and `open` for all that is not closed. */
export const STATUS_FILTERS: readonly string[] = [...new Set<string>([...STATUSES, ...WORK_STATES, 'open'])];

const QUOTED = /"((?:[^"\\]|\\.)*)"?/gs;
const TOKEN = new RegExp(`(?=\\S)(-(?=\\S))?(?:([A-Za-z_]+(?:\\.[^\\s:",]+)?):)?((?:${QUOTED.source}|[^\\s"])*)`, 'gs');

/**
 * Reads `status:ready,blocked -tag:api "two words" sort:-priority`.
 * Terms must all hold; values after a comma are alternatives; `-` negates; a bare word is searched in title,
 * description and tags. Repeating a key that has one value in a task (status, priority, assignee) adds alternatives.
 * Times and numbers can be bounded: `due:<friday created:2026-01-01..2026-03-31 estimate:>4`.
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
    if (name.toLowerCase() !== 'sort') terms.push(parseTerm(keyOf(name), values, negated, whole));
    else if (!negated) sort.push(...values.map(parseSort));
    else throw new InvalidInputError('sort', `“${whole}”: to reverse an order write sort:-${values[0]}.`);
  }
  return { terms: mergeAlternatives(terms), sort };
}

/** Reads `priority`, or `-priority` for descending. */
export function parseSort(text: string): SortTerm {
  const name = text.replace(/^[-+]/, '').toLowerCase();
  const key = SORT_KEYS.find((candidate) => candidate === name);
  if (!key) {
    const near = nearest(name, SORT_KEYS);
    throw new InvalidInputError(
      'sort',
      `Cannot sort by “${text}”.${near ? ` Did you mean ${near}?` : ''} Use one of ${SORT_KEYS.join(', ')}.`,
    );
  }
  return { key, descending: text.startsWith('-') };
}

/** Keys in lower case; names of the project's own fields as they are. */
function keyOf(name: string): string {
  const [first = '', ...field] = name.split('.');
  return [first.toLowerCase(), ...field].join('.');
}

function parseTerm(name: string, values: readonly string[], negated: boolean, whole: string): QueryTerm {
  const [first = '', ...rest] = name.split('.');
  const key =
    QUERY_KEYS.find((candidate) => candidate === first) ?? (Object.hasOwn(KEY_ALIASES, name) && KEY_ALIASES[name]);
  const field = rest.join('.');
  if (!key || (key === 'custom') !== (field !== '')) {
    const near = nearest(first, [...QUERY_KEYS, ...Object.keys(KEY_ALIASES), 'sort']);
    const meant = key === 'custom' ? ' Name the field: custom.team:red.' : near ? ` Did you mean ${near}:?` : '';
    throw new InvalidInputError(
      'query',
      `“${whole}”: there is no filter “${name}”.${meant} Use ${QUERY_KEYS.join(', ')} or sort.`,
    );
  }
  try {
    return { key, values: values.map((value) => checkValue(key, value)), negated, ...(field && { field }) };
  } catch (error) {
    if (!(error instanceof InvalidInputError) || error.message.includes(whole)) throw error;
    throw new InvalidInputError('query', `“${whole}”: ${error.message}`, error.details);
  }
}

/** Dates are read again when the list is made; here any moment serves to see that they can be. */
const SOME_TIME = { now: '2026-01-01T12:00:00.000Z' };

function checkValue(key: QueryKey, value: string): string {
  switch (key) {
    case 'priority':
      return parsePriority(value);
    case 'tag':
      return value.replace(/^#/, '');
    case 'status':
      return checkStatus(value);
    case 'is':
      return checkWord('is', value, IS_FILTERS) ?? checkStatus(value, IS_FILTERS);
    case 'has':
      return checkWord('has', value, HAS_FILTERS) ?? refuseWord('has', value, [...HAS_FILTERS], 'task can have');
    case 'id':
    case 'parent':
      if (!parseTaskAddress(value) && !(key === 'parent' && value.toLowerCase() === 'none'))
        throw new InvalidInputError(
          'query',
          `“${value}” names no task. Write 12, T-12 or 3 or more characters of an id.`,
        );
      return value;
    case 'estimate':
      if (value.toLowerCase() !== 'none') numberTest(value);
      return value;
    case 'due':
    case 'created':
    case 'updated':
    case 'completed':
      if (!(key === 'due' && value.toLowerCase() === 'overdue') && value.toLowerCase() !== 'none')
        timeTest(value, SOME_TIME, false);
      return value;
    default:
      return value;
  }
}

function checkWord(key: 'is' | 'has', value: string, words: readonly string[]): string | undefined {
  const word = value.toLowerCase();
  const known = key === 'has' && Object.hasOwn(HAS_ALIASES, word) ? HAS_ALIASES[word] : word;
  return words.find((candidate) => candidate === known);
}

function refuseWord(key: string, value: string, words: readonly string[], what: string): never {
  const near = nearest(value.toLowerCase(), words);
  throw new InvalidInputError(
    'query',
    `${key}:${value} is nothing that a ${what}.${near ? ` Did you mean ${key}:${near}?` : ''} Use one of ${words.join(', ')}.`,
  );
}

function checkStatus(value: string, others: readonly string[] = []): string {
  const status = value.toLowerCase().replace(/[-\s]/g, '_');
  const known = status === 'done' ? 'completed' : status;
  if (STATUS_FILTERS.includes(known)) return known;
  if (others.length > 0) return refuseWord('is', value, [...others, ...STATUS_FILTERS], 'task can be');
  throw new InvalidInputError('status', `Invalid status: “${value}”. Use one of ${STATUS_FILTERS.join(', ')}.`);
}

/** Keys of which a task has one value at most: asking for two of them means either. */
const SINGLE: readonly QueryKey[] = [
  ...([
    'status',
    'priority',
    'assignee',
    'type',
    'parent',
    'project',
    'milestone',
    'claimed',
    'creator',
    'id',
  ] as const),
];

/** Joins the terms of one such key. */
function mergeAlternatives(terms: readonly QueryTerm[]): QueryTerm[] {
  const merged: QueryTerm[] = [];
  for (const term of terms) {
    const single = !term.negated && SINGLE.includes(term.key);
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
