import { type ImportSource, isDatabase, type SourceFile, textOf } from '../importSource.js';
import { isBacklogTask } from './backlog.js';
import type { ImportFormat } from './formats.js';
import { isObject, type JsonObject } from './jsonText.js';

/** What a database is known as before it is opened. */
export type Detected = ImportFormat | 'database';

/** What the content says that a source is; undefined where it says nothing. */
export function detectFormat({ files, folder }: ImportSource): Detected | undefined {
  const [file] = files;
  if (!file) return undefined;
  if (folder && files.some(({ path }) => path.endsWith('.md'))) return 'backlog';
  if (isDatabase(file)) return 'database';
  return ofText(file);
}

function ofText(file: SourceFile): Detected | undefined {
  const text = textOf(file);
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) {
    const whole = tryJson(text);
    if (whole !== undefined) return ofJson(whole) ?? (isObject(whole) ? ofLine(whole) : undefined);
    const line = tryJson(start.slice(0, lineEnd(start)).replace(/,\s*$/, ''));
    // A broken JSON file is one all the same: reading it says where it is broken.
    return isObject(line) ? ofLine(line) : 'json';
  }
  if (isBacklogTask(text)) return 'backlog';
  if (/^\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s/m.test(text)) return 'markdown';
  const header = text.slice(0, lineEnd(text)).toLowerCase();
  if (/\.(csv|tsv)$/i.test(file.path)) return 'csv';
  const cells = header.split(/[,;\t]/).map((cell) => cell.replace(/^"|"$/g, '').trim());
  return cells.length > 1 && ['title', 'summary', 'name', 'subject'].some((name) => cells.includes(name))
    ? 'csv'
    : undefined;
}

function ofJson(value: unknown): Detected | undefined {
  if (Array.isArray(value)) {
    const first: unknown = value[0];
    if (first === undefined) return 'json';
    return isObject(first) ? (ofLine(first) === 'jsonl' ? 'json' : ofLine(first)) : undefined;
  }
  if (!isObject(value)) return undefined;
  if (value.format === 'task-orchestrator') return 'tm';
  if (Array.isArray(value.tasks)) return isOwnList(value.tasks) ? 'json' : 'taskmaster';
  return Object.values(value).some((tag) => isObject(tag) && Array.isArray(tag.tasks)) ? 'taskmaster' : undefined;
}

/** `tm list --json`, whose tasks have their 8 characters for an id. */
function isOwnList(tasks: readonly unknown[]): boolean {
  const [first] = tasks;
  return isObject(first) && typeof first.id === 'string' && /^[0-9a-f]{8}$/.test(first.id);
}

/** One object of a list or of JSON lines. */
function ofLine(value: JsonObject): ImportFormat | undefined {
  if (value.format === 'task-orchestrator') return 'tm';
  if ('uuid' in value && 'description' in value && 'entry' in value) return 'taskwarrior';
  if ('title' in value && ('issue_type' in value || value.status === 'open' || value.status === 'closed'))
    return 'beads';
  return 'title' in value ? 'jsonl' : undefined;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}
