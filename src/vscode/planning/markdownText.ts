import { plain } from '../../core/model/plainText.js';

/** `T-4 Title` in a document whose Markdown people read as it is written: only what would be taken for something else is escaped. */
export function namedTask({ name, title }: { readonly name: string; readonly title: string }): string {
  return `${name} ${readableMarkdown(title)}`;
}

export function readableMarkdown(text: string): string {
  return plain(text)
    .replace(/[\\`*_[\]<>|]/g, '\\$&')
    .replace(/\s+/g, ' ');
}
