import { plain } from '../../core/model/plainText.js';
import { taskName } from '../../core/model/taskId.js';
import type { Store } from '../../store/store.js';
import type { CliContext } from '../context.js';
import { type Candidate, type Candidates, candidatesFor } from '../reference/candidates.js';
import { readReference } from '../reference/readReference.js';
import { locateStore, openSession } from '../session.js';

/** More than this is no help. */
const MOST = 100;

/**
 * `tm __complete SHELL -- WORDS`: what can be typed at the end of the words, a line each. Says nothing where anything
 * is wrong: it runs while somebody types.
 */
export async function completeWords(given: readonly string[], context: CliContext): Promise<void> {
  try {
    const [shell, , ...typed] = given;
    const words = shell === 'bash' ? joined(typed) : typed;
    const commands = await readReference(async () => (await import('../program.js')).defineAll(context));
    const found = candidatesFor(commands, words);
    const current = words.at(-1) ?? '';
    const more =
      found.from === undefined || found.from === 'files' ? [] : await fromStore(found.from, current, context);
    // Bash replaces only what stands behind its own word break.
    const cut = shell === 'bash' ? current.length - (typed.at(-1)?.replace(/^[=:]$/, '') ?? '').length : 0;
    const lines = [...found.words, ...more].map(({ text, says }) =>
      says === undefined || says === '' ? text.slice(cut) : `${text.slice(cut)}\t${plain(says)}`,
    );
    if (found.from === 'files') lines.push(':files');
    if (lines.length > 0) context.output.data(lines.join('\n'));
  } catch {
    // Whoever is typing gets no candidates.
  }
}

/** Bash takes `--status=open` and `status:open` apart at its word breaks. */
function joined(typed: readonly string[]): readonly string[] {
  const words: string[] = [];
  let glue = false;
  for (const word of typed) {
    const breaks = word === '=' || word === ':';
    if ((glue || breaks) && words.length > 0) words[words.length - 1] += word;
    else words.push(word);
    glue = breaks;
  }
  return words;
}

async function fromStore(
  from: Exclude<Candidates['from'], 'files' | undefined>,
  current: string,
  context: CliContext,
): Promise<readonly Candidate[]> {
  const silent = { ...context, output: { ...context.output, message: () => undefined } };
  const { store } = await openSession(locateStore(context.workingFolder), silent);
  const prefix = current.startsWith('--') ? current.slice(0, current.indexOf('=') + 1) : '';
  const start = current.slice(prefix.length);
  const found = from === 'tasks' ? tasks(store, start) : from === 'people' ? people(store, start) : tags(store, start);
  return found.map(({ text, ...rest }) => ({ text: prefix + text, ...rest }));
}

/** The open tasks, then the others: as T-12 or 12, and where a hexadecimal id is begun by their ids. */
function tasks(store: Store, start: string): readonly Candidate[] {
  const number = /^(T-|#)?(\d*)$/i.exec(start);
  const byId = start !== '' && /^[0-9a-f]+$/.test(start);
  const rows = store.all<{ id: string; number: number; title: string }>(
    `SELECT id, number, title FROM tasks WHERE (?1 != '' AND substr(id, 1, length(?1)) = ?1)
       OR (?2 IS NOT NULL AND substr(CAST(number AS TEXT), 1, length(?2)) = ?2)
     ORDER BY status IN ('completed', 'cancelled'), number LIMIT ${MOST}`,
    [byId ? start : '', number || 'T-'.startsWith(start.toUpperCase()) ? (number?.[2] ?? '') : null],
  );
  const name = start.startsWith('#') ? (n: number) => `#${n}` : /^\d/.test(start) ? String : taskName;
  return rows.flatMap(({ id, number: n, title }) => {
    const texts = [name(n), ...(byId ? [id] : [])].filter((text) => text.toUpperCase().startsWith(start.toUpperCase()));
    return texts.map((text) => ({ text, says: title }));
  });
}

function people(store: Store, start: string): readonly Candidate[] {
  const rows = store.all<{ name: string }>(
    `SELECT DISTINCT name FROM (SELECT assignee AS name FROM tasks UNION SELECT claimed_by FROM tasks
       UNION SELECT id FROM agents UNION SELECT created_by FROM tasks)
     WHERE name IS NOT NULL AND substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT ${MOST}`,
    [start],
  );
  return rows.map(({ name }) => ({ text: plain(name) }));
}

function tags(store: Store, start: string): readonly Candidate[] {
  const rows = store.all<{ tag: string }>(
    `SELECT DISTINCT value AS tag FROM tasks, json_each(CASE WHEN json_valid(tags) THEN tags ELSE '[]' END)
     WHERE substr(value, 1, length(?1)) = ?1 ORDER BY tag LIMIT ${MOST}`,
    [start],
  );
  return rows.map(({ tag }) => ({ text: plain(tag) }));
}
