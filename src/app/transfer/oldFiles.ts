import { parse } from 'yaml';
import type { OldEvent } from '../../store/oldTool/oldTalk.js';
import { readOldTime } from '../../store/oldTool/oldText.js';
import type { StoreFolder } from '../ports.js';
import { isObject, listOf } from './formats/jsonText.js';

const CONTEXTS = 'contexts';
const NOTES = 'notes';

/** What tm 2.x kept in files, and the files. */
export interface OldFiles {
  readonly events: readonly OldEvent[];
  /** Paths within the store's folder of the files that were read whole. */
  readonly read: readonly string[];
  /** Those that could not be read, with the reason; they stay as they are. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

/** Reads shared contexts (`contexts/*.yaml`), progress (`contexts/*_progress.jsonl`) and private notes (`notes/*.md`). */
export function readOldFiles(folder: StoreFolder): OldFiles {
  const events: OldEvent[] = [];
  const read: string[] = [];
  const unread: { path: string; reason: string }[] = [];
  const take = (path: string, work: (text: string) => readonly OldEvent[]) => {
    try {
      events.push(...work(folder.read(path) ?? ''));
      read.push(path);
    } catch (error) {
      unread.push({ path, reason: ((error as Error).message.split('\n')[0] ?? '').slice(0, 200) });
    }
  };
  for (const name of folder.list(CONTEXTS)) {
    const progress = /^(.+)_progress\.jsonl$/.exec(name)?.[1];
    const context = /^(.+?)(?:_context)?\.ya?ml$/.exec(name)?.[1];
    if (progress !== undefined) take(`${CONTEXTS}/${name}`, (text) => progressEvents(progress, text));
    else if (context !== undefined) take(`${CONTEXTS}/${name}`, (text) => contextEvents(context, text));
  }
  for (const name of folder.list(NOTES)) {
    // The agent's name may have underscores, a task's id has none.
    const [, task, agent] = /^([^_]+)_(.+)\.md$/.exec(name) ?? [];
    if (task !== undefined && agent !== undefined) take(`${NOTES}/${name}`, (text) => noteEvents(task, agent, text));
  }
  return { events, read, unread };
}

function contextEvents(task: string, text: string): OldEvent[] {
  const context: unknown = parse(text, { maxAliasCount: 100 });
  if (!isObject(context)) return [];
  return listOf(context.contributions)
    .filter(isObject)
    .map(({ agent, type, content, timestamp }) => ({
      task,
      agent: words(agent) || 'unknown',
      type: words(type) || 'update',
      content: words(content),
      ...(words(timestamp) !== '' && { at: words(timestamp) }),
    }));
}

function progressEvents(task: string, text: string): OldEvent[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ agent, update, timestamp }) => ({
      task,
      agent: words(agent) || 'unknown',
      type: 'progress',
      content: words(update),
      ...(words(timestamp) !== '' && { at: words(timestamp) }),
    }));
}

/** Notes one after the other; all but the first begin with a line `---` and one with the time. */
function noteEvents(task: string, agent: string, text: string): OldEvent[] {
  return text
    .split(/\n\n---\n(?=\d{4}-\d{2}-\d{2}T)/)
    .map((note, at) => {
      const [line = '', ...rest] = note.split('\n');
      const time = at === 0 ? undefined : readOldTime(line);
      return { task, agent, type: 'note', content: time ? rest.join('\n') : note, ...(time && { at: time }) };
    })
    .filter(({ content }) => content.trim() !== '');
}

function words(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
