/** Characters that are not seen, or that turn the text around them about: zero width, bidirectional controls, soft hyphens, tags. */
const DECEIVING =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]|[\u{e0000}-\u{e007f}]/gu;

/** Code as somebody has to see it who decides whether it may run: what would deceive the eye is written as `\\u{202e}`. */
export function revealed(code: string): string {
  return code.replace(DECEIVING, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
