import { EditCollector, type FileContent, type FileFormat, settled } from './fileFormat.js';

/** The line above each note. */
const MARK = /^<!-- note ([0-9a-f]{8}) (\S+) -->$/;
/** A line of a note that looks like one, or like one that was escaped already. */
const LIKE_MARK = /^\\*<!-- note /;

/** An agent's private notes on a task as Markdown. */
export const privateNotesFile: FileFormat = {
  heading: ({ name, notesOf = '' }, line) =>
    [
      `<!-- Notes of ${notesOf.replaceAll('--', '- -')} on ${name}, written by tm from its store, for nobody else.`,
      'Write at the end: the next tm command of yours that changes something takes it over as a new note.',
      `${line} -->`,
    ].join('\n'),

  head: titleLine,

  body: (content) =>
    [titleLine(content), ...content.events.map(({ id, at, text }) => `<!-- note ${id} ${at} -->\n${masked(text)}`)]
      .join('\n\n')
      .concat('\n'),

  edits(body, content, expected) {
    const collector = new EditCollector(content, expected);
    const last = expected.at(-1)?.id;
    const [head = '', ...blocks] = blocksOf(body);
    let title = head.split('\n', 1)[0] ?? '';
    const afterHead = head.slice(title.length).trim();
    if (afterHead !== '') collector.added.push({ type: 'note', text: unmasked(afterHead) });
    title = title.trim();
    for (const block of blocks) {
      const [line = '', ...rest] = block.split('\n');
      const id = MARK.exec(line)?.[1] ?? '';
      const text = unmasked(rest.join('\n').trim());
      const known = content.events.find((event) => event.id === id);
      // What stands behind the last note is a new one.
      const begin = known && `${settled(known.text)}\n`;
      if (begin && id === last && text.startsWith(begin)) {
        collector.meet(id, () => true);
        collector.added.push({ type: 'note', text: text.slice(begin.length).trim() });
      } else collector.meet(id, (event) => settled(event.text) === text);
    }
    collector.finish();
    return { added: collector.added, refused: collector.refused, head: title };
  },
};

function titleLine({ name, title }: FileContent): string {
  return `# Notes on ${name}: ${title}`;
}

/** The head and the notes, each with the line above it. */
function blocksOf(body: string): string[] {
  const blocks: string[][] = [[]];
  for (const line of body.split(/\r?\n/).map((one) => one.trimEnd())) {
    if (MARK.test(line)) blocks.push([line]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.map((lines) => lines.join('\n').trim());
}

function masked(text: string): string {
  return mapLines(text, (line) => (LIKE_MARK.test(line) ? `\\${line}` : line));
}

function unmasked(text: string): string {
  return mapLines(text, (line) => (LIKE_MARK.test(line) ? line.replace(/^\\/, '') : line));
}

function mapLines(text: string, change: (line: string) => string): string {
  return text.split('\n').map(change).join('\n');
}
