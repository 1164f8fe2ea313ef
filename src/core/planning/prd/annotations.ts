import type { Priority } from '../../model/priority.js';

/** What people put behind a title in lists of tasks. */
export interface Annotated {
  readonly title: string;
  readonly tags: readonly string[];
  readonly owner?: string;
  readonly priority?: Priority;
  /** As written; a date is no field of a title, so it stays as words. */
  readonly due?: string;
}

const LAST =
  /\s+(?:#(?<tag>\p{L}[\p{L}\p{N}/_-]*)|@(?<owner>[\p{L}\p{N}][\p{L}\p{N}._-]*)|📅\s*(?<due>\d{4}-\d\d-\d\d)|(?<sign>🔺|⏫|🔼|🔽|⏬)\uFE0F?)\s*$/u;

const SIGNS: Readonly<Record<string, Priority>> = {
  '🔺': 'critical',
  '⏫': 'high',
  '🔼': 'medium',
  '🔽': 'low',
  '⏬': 'background',
};

/** Reads `Apple Pay #payments @kira ⏫ 📅 2026-06-01`: only at the end, so that a title may have such signs within. */
export function readAnnotations(text: string): Annotated {
  let title = text;
  const tags: string[] = [];
  let found: Omit<Annotated, 'title' | 'tags'> = {};
  // Most titles have none of the signs.
  for (let match = MARK.test(title) ? LAST.exec(title) : null; match; match = LAST.exec(title)) {
    const { tag, owner, due, sign } = match.groups ?? {};
    if (tag !== undefined) tags.unshift(tag.toLowerCase());
    found = {
      ...found,
      ...(owner !== undefined && { owner }),
      ...(due !== undefined && { due }),
      ...(sign !== undefined && SIGNS[sign] && { priority: SIGNS[sign] }),
    };
    title = title.slice(0, match.index);
  }
  return title.trim() === '' ? { title: text, tags: [] } : { title, tags, ...found };
}

const MARK = /[#@📅🔺⏫🔼🔽⏬]/u;
