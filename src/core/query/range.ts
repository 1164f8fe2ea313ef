import { InvalidInputError } from '../model/errors.js';
import { parseSpan, type TimeContext, type TimeSpan } from '../model/time.js';

/** What a value of a filter bounds: `<x`, `<=x`, `>x`, `>=x`, `a..b`, `a..`, `..b`, or `x` itself. */
type Bounds =
  | { readonly kind: 'is'; readonly value: string }
  | { readonly kind: 'range'; readonly from?: Bound; readonly to?: Bound };

interface Bound {
  readonly value: string;
  readonly inclusive: boolean;
}

/** A test of a number of hours: `4`, `>2`, `2..8`. Throws INVALID_INPUT. */
export function numberTest(text: string): (value: number | undefined) => boolean {
  const bounds = readBounds(text);
  const read = (value: string) => {
    const number = Number(value);
    if (!Number.isFinite(number))
      throw new InvalidInputError('query', `“${text}”: ${value} is not a number. Write 4, >2 or 2..8.`);
    return number;
  };
  if (bounds.kind === 'is') {
    const wanted = read(bounds.value);
    return (value) => value === wanted;
  }
  const from = bounds.from && { value: read(bounds.from.value), inclusive: bounds.from.inclusive };
  const to = bounds.to && { value: read(bounds.to.value), inclusive: bounds.to.inclusive };
  return (value) =>
    value !== undefined &&
    (!from || value > from.value || (from.inclusive && value === from.value)) &&
    (!to || value < to.value || (to.inclusive && value === to.value));
}

/**
 * A test of a time: a date or a span of days is met from its start to its end, `>` by what comes after its end.
 * `clock` as in `parseSpan`. Throws INVALID_INPUT.
 */
export function timeTest(text: string, context: TimeContext, clock: boolean): (time: string | undefined) => boolean {
  const bounds = readBounds(text);
  const span = (value: string): TimeSpan => parseSpan('query', value, context, clock);
  if (bounds.kind === 'is') {
    const { from, to } = span(bounds.value);
    return (time) => time !== undefined && time >= from && time < to;
  }
  const from = bounds.from && (bounds.from.inclusive ? span(bounds.from.value).from : span(bounds.from.value).to);
  const to = bounds.to && (bounds.to.inclusive ? span(bounds.to.value).to : span(bounds.to.value).from);
  return (time) => time !== undefined && (from === undefined || time >= from) && (to === undefined || time < to);
}

function readBounds(text: string): Bounds {
  const [, operator, value = ''] = /^(<=|>=|<|>)\s*(.+)$/s.exec(text) ?? [];
  if (operator) {
    const bound = { value, inclusive: operator.endsWith('=') };
    return operator.startsWith('<') ? { kind: 'range', to: bound } : { kind: 'range', from: bound };
  }
  const [, from, to] = /^(.*?)\.\.(.*)$/s.exec(text) ?? [];
  if (from === undefined || to === undefined) return { kind: 'is', value: text };
  if (from === '' && to === '') throw new InvalidInputError('query', `“${text}” has no bound. Write a..b, a.. or ..b.`);
  return {
    kind: 'range',
    ...(from !== '' && { from: { value: from, inclusive: true } }),
    ...(to !== '' && { to: { value: to, inclusive: true } }),
  };
}
