import { DESCRIPTION_LIMIT, TITLE_LIMIT } from '../model/task.js';

/** A text in two parts of which the first is within a limit; both together are the text. */
export interface Split {
  readonly kept: string;
  readonly rest: string;
}

/** The custom field that holds what of a description is beyond the limit. */
export const DESCRIPTION_REST = 'description_rest';

/** A description and what of it is too long, parted at the end of a line where there is one in the last tenth. */
export function splitDescription(text: string): Split {
  return split(text, DESCRIPTION_LIMIT, '\n');
}

/** The same for a title, parted between words. */
export function splitTitle(text: string): Split {
  return split(text, TITLE_LIMIT, ' ');
}

function split(text: string, limit: number, at: string): Split {
  // Most texts are short: counting code points takes long.
  if (text.length <= limit) return { kept: text, rest: '' };
  const points = [...text];
  if (points.length <= limit) return { kept: text, rest: '' };
  const head = points.slice(0, limit).join('');
  const last = head.lastIndexOf(at);
  const kept = last > head.length * 0.9 ? head.slice(0, last + 1) : head;
  return { kept, rest: text.slice(kept.length) };
}
