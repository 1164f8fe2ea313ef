import { InvalidInputError } from '../model/errors.js';

/** How far work has come, as a text says it at its start: `60% half done`. */
export interface ProgressText {
  readonly percent?: number;
  readonly text: string;
}

/** Reads `60% half done`, `60%` or plain words. Throws INVALID_INPUT for more than 100 %. */
export function parseProgress(content: string): ProgressText {
  const match = /^(\d+(?:\.\d+)?)\s?%(?:\s+([\s\S]*))?$/.exec(content.trim());
  if (!match) return { text: content.trim() };
  const percent = Number(match[1]);
  if (percent > 100) throw new InvalidInputError('percent', `${match[1]}%: give a percentage from 0% to 100%.`);
  return { percent, text: match[2]?.trim() ?? '' };
}

/** The one form in which progress is kept. */
export function progressContent({ percent, text }: ProgressText): string {
  return [percent === undefined ? '' : `${percent}%`, text].filter((part) => part !== '').join(' ');
}
