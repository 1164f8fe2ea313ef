import { parseTaskAddress, type TaskId } from '../model/taskId.js';
import { findTaskNames } from './taskNames.js';

/** Where a commit names a task, what says most first: `Task: T-12` on a line of its own, anywhere else, its branch. */
export const MENTION_SOURCES = ['trailer', 'message', 'branch'] as const;

export type MentionSource = (typeof MENTION_SOURCES)[number];

/** A task that a commit names; whether there is one is not known here. */
export interface TaskMention {
  readonly task: { readonly number: number } | { readonly id: TaskId };
  readonly source: MentionSource;
  /** True where the commit says that it completes the task: `fixes T-12`. */
  readonly closes: boolean;
}

const TRAILER = /^[ \t]*tasks?[ \t]*:[ \t]*(\S.*?)[ \t]*$/gim;
/** An id in running text, where `Task:` stands before it: eight digits alone are too often something else. */
const INLINE_ID = /\bTask:\s*([0-9a-f]{8})(?![\w-])/gi;
/**
 * The words that GitHub and GitLab know. With a colon only in the forms that are no type of a conventional commit:
 * `fix: T-12 …` is about the task, `Fixes: T-12` completes it.
 */
const CLOSING =
  /(?<!\b(?:not|never|without|cannot)\s{1,3}|n['’]t\s{1,3}|[\p{L}\p{N}_-])(?:fix|close|resolve|(?:fixe[sd]|close[sd]|resolve[sd])\s?:?)\s{1,3}(T-\d{1,9}(?:(?:\s?,\s?(?:and\s)?|\s(?:and|&)\s)T-\d{1,9})*)(?![\p{L}\p{N}_]|[-.]\d)/giu;
/** What git writes: the tasks are the reverted commit's. */
const REVERT = /^Revert "/;

/** The tasks that a commit's message names, each once, in the order in which they are found. */
export function mentionsInMessage(message: string): TaskMention[] {
  const found: TaskMention[] = [];
  for (const [, list = ''] of message.matchAll(TRAILER))
    found.push(...(listedTasks(list) ?? []).map((task) => ({ task, source: 'trailer' as const, closes: false })));
  for (const [, id = ''] of message.matchAll(INLINE_ID)) found.push(inMessage({ id: id.toLowerCase() }));
  const isRevert = REVERT.test(message);
  for (const [, list = ''] of message.matchAll(CLOSING))
    for (const [, number] of list.matchAll(/T-(\d+)/gi)) found.push(inMessage({ number: Number(number) }, !isRevert));
  for (const { number } of findTaskNames(message)) found.push(inMessage({ number }));
  return mergeMentions(found);
}

/** What numbers in these branches count is not tasks. */
const NOT_OF_A_TASK = /^(?:releases?|versions?|hotfix-releases?|dependabot|renovate)\//i;

/**
 * The tasks that a branch is named after: `feature/T-12-login`, `ann/t-12`, `1a2b3c4d-login`; else the number that a part
 * of it begins with, where words follow: `12-login`, `feature/12_login`.
 */
export function mentionsInBranch(branch: string): TaskMention[] {
  const mention = (task: TaskMention['task']) => ({ task, source: 'branch' as const, closes: false });
  const named = [
    ...[...branch.matchAll(/(?<=^|[/_.-])T-(\d{1,9})(?=$|[/_.-])/gi)].map(([, number]) =>
      mention({ number: Number(number) }),
    ),
    ...[...branch.matchAll(/(?<=^|[/_.-])(?=\d{0,7}[a-f])([0-9a-f]{8})(?=$|[/_.-])/g)].map(([, id = '']) =>
      mention({ id }),
    ),
  ];
  if (named.length > 0 || NOT_OF_A_TASK.test(branch)) return mergeMentions(named);
  const leading = [...branch.matchAll(/(?<=^|\/)(\d{1,9})[-_](?=\p{L})/gu)];
  return mergeMentions(leading.map(([, number]) => mention({ number: Number(number) })));
}

/** Each task once: with the source that says most, completed where one of them says so. */
export function mergeMentions(mentions: readonly TaskMention[]): TaskMention[] {
  const merged = new Map<string, TaskMention>();
  for (const mention of mentions) {
    const key = 'id' in mention.task ? mention.task.id : `T-${mention.task.number}`;
    const known = merged.get(key);
    if (!known) merged.set(key, mention);
    else
      merged.set(key, {
        ...known,
        source: strongerSource(known.source, mention.source),
        closes: known.closes || mention.closes,
      });
  }
  return [...merged.values()];
}

export function strongerSource(one: MentionSource, other: MentionSource): MentionSource {
  return MENTION_SOURCES.indexOf(one) <= MENTION_SOURCES.indexOf(other) ? one : other;
}

/** The tasks of a trailer: `T-12, #13 and 1a2b3c4d`. Undefined where the line says something else too. */
function listedTasks(list: string): TaskMention['task'][] | undefined {
  const words = list.split(/(?:\s*[,;]\s*|\s+)(?:(?:and|&)\s+)?/i).filter((word) => word !== '');
  const tasks = words.map(taskOf);
  return tasks.every((task) => task !== undefined) ? tasks : undefined;
}

function taskOf(word: string): TaskMention['task'] | undefined {
  const address = parseTaskAddress(word);
  if (!address) return undefined;
  if (address.kind !== 'prefix') return { number: address.number };
  // The start of an id may be that of another one tomorrow.
  return address.prefix.length === 8 ? { id: address.prefix } : undefined;
}

function inMessage(task: TaskMention['task'], closes = false): TaskMention {
  return { task, source: 'message', closes };
}
