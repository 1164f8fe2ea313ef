import type { Claim } from './claim.js';
import { InvalidInputError } from './errors.js';
import type { Priority } from './priority.js';
import type { Status } from './status.js';
import type { TaskId } from './taskId.js';

/** What lists, the graph and the filters need of a task: everything short. Times are UTC ISO 8601. */
export interface TaskSummary {
  readonly id: TaskId;
  /** Per store, from 1; never reused. */
  readonly number: number;
  readonly title: string;
  readonly status: Status;
  /** Why it is blocked or cancelled. */
  readonly statusReason?: string;
  readonly priority: Priority;
  readonly type: string;
  readonly assignee?: string;
  readonly tags: readonly string[];
  readonly parent?: TaskId;
  readonly project?: string;
  readonly milestone?: string;
  readonly due?: string;
  readonly notBefore?: string;
  readonly estimatedHours?: number;
  readonly claim?: Claim;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt?: string;
  readonly completedAt?: string;
  /** When it was put away: lists leave it out. */
  readonly archivedAt?: string;
}

export interface SuccessCriterion {
  readonly criterion: string;
  readonly measurable?: string;
  readonly done: boolean;
}

/** A work item, whole. */
export interface Task extends TaskSummary {
  /** Markdown. */
  readonly description?: string;
  readonly criteria: readonly SuccessCriterion[];
  readonly actualHours?: number;
  /** What somebody needs to know to begin: why, what, and when it is done (commander's intent). */
  readonly context?: string;
  readonly impactNotes?: string;
  readonly completionSummary?: string;
  /** Quality and timeliness from 1 to 5. */
  readonly feedback?: { readonly quality?: number; readonly timeliness?: number; readonly note?: string };
  readonly businessValue?: number;
  readonly codeLanguage?: string;
  readonly executionEnvironment?: string;
  readonly custom: Readonly<Record<string, unknown>>;
  /** Rises by one with each change; for optimistic concurrency. */
  readonly version: number;
  readonly createdBy: string;
  readonly updatedBy?: string;
}

/** In Unicode code points, as SQLite's `length()` counts. */
export const TITLE_LIMIT = 500;
export const DESCRIPTION_LIMIT = 5000;
const TAG_LIMIT = 50;

/** The title trimmed and on one line. Throws INVALID_INPUT when it is empty or longer than 500 characters. */
export function checkTitle(text: string): string {
  const title = text.replace(/[\s\0]+/g, ' ').trim();
  const length = [...title].length;
  if (length === 0) {
    throw new InvalidInputError(
      'title',
      'Task title cannot be empty. Give it a few words that say what is to be done.',
    );
  }
  if (length > TITLE_LIMIT) {
    throw new InvalidInputError(
      'title',
      `Task title too long: ${length} characters, at most ${TITLE_LIMIT}. Move the detail to the description.`,
    );
  }
  return title;
}

/** Throws INVALID_INPUT when the description is longer than 5,000 characters. */
export function checkDescription(text: string): string {
  const description = text.replace(/\0/g, '');
  const length = [...description].length;
  if (length > DESCRIPTION_LIMIT) {
    throw new InvalidInputError(
      'description',
      `Description too long: ${length} characters, at most ${DESCRIPTION_LIMIT}. Put the rest in a file and refer to it.`,
    );
  }
  return description;
}

/** Tags without a leading `#`, without repetition, in the order given. Throws INVALID_INPUT for spaces, commas, colons and quotes. */
export function checkTags(texts: readonly string[]): readonly string[] {
  const tags = texts.map((text) => text.trim().replace(/^#/, ''));
  for (const tag of tags) {
    if (tag === '' || tag.length > TAG_LIMIT || /[\s,:"\p{Cc}]/u.test(tag)) {
      throw new InvalidInputError(
        'tags',
        `“${tag}” is not a tag: 1 to ${TAG_LIMIT} characters without spaces, commas, colons or quotes.`,
      );
    }
  }
  return [...new Set(tags)];
}

/** A date (`2026-12-01`, its start in UTC) or an ISO time, as a UTC ISO time. Throws INVALID_INPUT otherwise. */
export function checkTime(field: string, text: string): string {
  const given = text.trim();
  const shape = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;
  const time = shape.test(given) ? new Date(given.replace(' ', 'T')) : undefined;
  if (!time || Number.isNaN(time.getTime()) || !isCalendarDay(given.slice(0, 10))) {
    throw new InvalidInputError(field, `“${text}” is not a date. Write 2026-12-01 or 2026-12-01T17:00Z.`);
  }
  return time.toISOString();
}

/** False for a day that its month does not have, which `Date` would roll over. */
function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
