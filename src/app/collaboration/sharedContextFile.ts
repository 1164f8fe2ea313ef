import { LineCounter, parseDocument, stringify } from 'yaml';
import type { EventView } from './collaborationInputs.js';
import { SHARED_TYPES } from './collaborationInputs.js';
import { EditCollector, type FileContent, type FileFormat, settled } from './fileFormat.js';

/** A task's shared context as YAML. */
export const sharedContextFile: FileFormat = {
  heading: ({ name }, line) =>
    [
      `# Shared context of ${name}, written by tm from its store.`,
      '# Add entries at the end of “events” (“- a text”, or “- type: discovery” with “text:”): the next tm command that',
      '# changes something takes them over. Entries that have an id stay as they are.',
      `# ${line}`,
    ].join('\n'),

  head: (content) => JSON.stringify(headOf(content)),

  body: (content) =>
    stringify(
      {
        ...headOf(content),
        events: content.events.map(({ id, type, agent, at, text }) => ({ id, type, agent, at, text })),
      },
      // Never folded: what is folded does not always read as the same text again.
      { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER },
    ),

  edits(body, content, expected) {
    const document = readYaml(body);
    const { events, ...head } = asRecord(document, 'The file');
    const collector = new EditCollector(content, expected);
    for (const entry of asList(events)) meet(collector, entry);
    collector.finish();
    return { added: collector.added, refused: collector.refused, head: JSON.stringify(head) };
  },
};

function headOf({ task, title, created, participants }: FileContent) {
  return {
    task,
    title,
    created,
    participants: participants.map(({ agent, joinedAt }) => ({ agent, joined: joinedAt })),
  };
}

function meet(collector: EditCollector, entry: unknown): void {
  if (typeof entry === 'string') {
    if (entry.trim() !== '') collector.added.push({ type: 'update', text: entry });
    return;
  }
  const { id, type = 'update', text, ...rest } = asRecord(entry, 'An entry');
  if (id !== undefined && id !== null && id !== '') {
    const isSame = (event: EventView) =>
      event.type === type &&
      settled(event.text) === settled(textOf(text)) &&
      rest.agent === event.agent &&
      rest.at === event.at;
    collector.meet(String(id), isSame);
    return;
  }
  const known = SHARED_TYPES.find((candidate) => candidate === type);
  const words = textOf(text);
  if (!known) collector.refused.push(`“${String(type)}” is no type of entry: use ${SHARED_TYPES.join(', ')}`);
  else if (words.trim() !== '') collector.added.push({ type: known, text: words });
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Times and numbers stay the words that they are; no tag makes anything else of them. */
function readYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines });
  const error = document.errors[0];
  if (error) throw new Error(`line ${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`);
  return document.toJS({ maxAliasCount: 0 });
}

function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} is not a list of keys and values`);
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  throw new Error('“events” is not a list');
}
