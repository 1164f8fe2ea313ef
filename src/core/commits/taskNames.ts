/** `T-12` in a text, from `start` up to `end`. */
export interface TaskNameInText {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Not a part of a longer word (`JT-12`), nor the start of a date, a range or a version (`T-12-03`, `T-12.5`). */
export const NAME_IN_TEXT = String.raw`(?<![\p{L}\p{N}_-])T-(\d{1,9})(?![\p{L}\p{N}_]|[-.]\d)`;

/** Every `T-12` in a text, in its order. Upper case only: `t-12` is seldom meant as one. */
export function findTaskNames(text: string): TaskNameInText[] {
  return [...text.matchAll(new RegExp(NAME_IN_TEXT, 'gu'))].map((match) => ({
    number: Number(match[1]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}
