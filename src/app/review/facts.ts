import { normaliseCriteria } from '../../core/criteria/criteria.js';
import { diffLines } from '../../core/review/lineDiff.js';
import type { Value } from '../../store/record.js';
import { readJson, readTags } from '../../store/repositories/taskRows.js';
import type { ChangeView } from '../history/historyInputs.js';
import type { ReviewedTaskView } from './reviewInputs.js';

/** What is counted rather than quoted. */
export type Counted = 'criteria' | 'dependency' | 'link' | 'reference' | 'note' | 'time' | 'commit';

/** One thing that is to say of a changed task, most telling first; the surfaces have the words. */
export type Fact =
  | { readonly kind: 'created' | 'deleted' }
  | {
      readonly kind: 'value';
      readonly field: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  /** Lists such as tags: what is new and what is gone. */
  | {
      readonly kind: 'list';
      readonly field: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  /** A long text is another one. */
  | { readonly kind: 'text'; readonly field: string }
  | {
      readonly kind: 'count';
      readonly of: Counted;
      readonly added: number;
      readonly removed: number;
      readonly changed: number;
    };

/** Longer values are not quoted. */
const SHORT = 40;
/** First what people look for. */
const FIRST = ['status', 'title', 'priority', 'assignee'];

/** What a task's changes say in short. */
export function factsOf({ kind, changes }: Pick<ReviewedTaskView, 'kind' | 'changes'>): Fact[] {
  if (kind === 'removed') return [{ kind: 'deleted' }];
  const parts: readonly Counted[] = ['dependency', 'link', 'reference', 'note', 'time', 'commit'];
  const counts = parts.flatMap((of) =>
    countOf(
      of,
      changes.filter(({ what }) => what === of),
    ),
  );
  if (kind === 'added') return [{ kind: 'created' }, ...counts];
  const fields = changes.filter(({ what }) => what === 'task').flatMap((change) => change.fields);
  const place = (field: string) => (FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length);
  return [...[...fields].sort((a, b) => place(a.field) - place(b.field)).map(fieldFact), ...counts];
}

function fieldFact({ field, before, after }: ChangeView['fields'][number]): Fact {
  if (field === 'criteria') {
    const [old, now] = [before, after].map((value) => normaliseCriteria(readJson(value as Value)));
    const done = (list: typeof old) =>
      new Map((list ?? []).map((one) => [`${one.criterion}\n${one.measurable}`, one.done]));
    const [was, is] = [done(old), done(now)];
    return {
      kind: 'count',
      of: 'criteria',
      added: [...is.keys()].filter((name) => !was.has(name)).length,
      removed: [...was.keys()].filter((name) => !is.has(name)).length,
      changed: [...is].filter(([name, value]) => was.has(name) && was.get(name) !== value).length,
    };
  }
  if (field === 'tags') {
    const lines = diffLines(
      ...([before, after].map((value) => readTags(value as Value).join('\n')) as [string, string]),
    );
    const of = (sign: '+' | '-') => lines.filter((line) => line.sign === sign).map((line) => line.text);
    return { kind: 'list', field, added: of('+'), removed: of('-') };
  }
  const [old, now] = [before, after].map((value) =>
    value === null || value === undefined ? undefined : String(value),
  );
  const isShort = [old, now].every((value) => (value ?? '').length <= SHORT && !/[\n{[]/.test(value ?? ''));
  return isShort ? { kind: 'value', field, before: old, after: now } : { kind: 'text', field };
}

function countOf(of: Counted, changes: readonly ChangeView[]): Fact[] {
  if (changes.length === 0) return [];
  const count = (kind: ChangeView['kind']) => changes.filter((change) => change.kind === kind).length;
  return [{ kind: 'count', of, added: count('added'), removed: count('removed'), changed: count('changed') }];
}
