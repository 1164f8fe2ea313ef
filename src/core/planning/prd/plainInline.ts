const MARKS = /[\\`*_[\]<>~&]/;
const UNEVEN = /^\s|\s$|\s\s|[^\S ]/;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

/** What a line of Markdown says: without emphasis, code signs, links, tags and escapes. */
export function plainInline(markdown: string): string {
  if (!MARKS.test(markdown)) return squeeze(markdown);
  const text = markdown
    .replace(/!?\[\[(?:[^\][|]*\|)?([^\][|]+)\]\]/g, '$1')
    .replace(/!?\[([^\][]*)\](?:\([^()\s]*(?:\s+"[^"]*")?\)|\[[^\][]*\])/g, '$1')
    .replace(/<br *\/?>/gi, ' ')
    .replace(/<(https?:[^\s<>]{1,500})>/g, '$1')
    .replace(/<\/?[a-z][^<>]{0,200}>/gi, '')
    .replace(/`+/g, '')
    .replace(/\*\*|~~/g, '')
    .replace(/(^|[^\p{L}\p{N}\\])(?:__|[*_])(?=\S)|(?<=[^\s\\])(?:__|[*_])(?=$|[^\p{L}\p{N}])/gmu, '$1')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
  return squeeze(text);
}

function squeeze(text: string): string {
  return UNEVEN.test(text) ? text.replace(/\s+/g, ' ').trim() : text;
}
