/** What a terminal would obey instead of showing it: everything but line feeds, tabs, and colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]|\r(?!\n)|\u001b(?!\[[0-9;]*m)/g;
const JSON_TEXT = /^(?:\{\s*["}]|\[\s*[[{"\]])/;

/**
 * The text without anything that could move the cursor or ring, wherever it comes from: the last guard behind `plain`.
 * In JSON such a character is written as an escape, so that nothing is lost.
 */
export function printable(text: string): string {
  if (text.search(CONTROL) === -1) return text;
  if (!JSON_TEXT.test(text)) return text.replace(CONTROL, ' ');
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
