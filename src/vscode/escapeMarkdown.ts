/** Text that Markdown takes literally. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!~|<>&"':$@]/g, (char) => `&#${char.codePointAt(0)};`).replace(/\r?\n/g, ' ');
}
