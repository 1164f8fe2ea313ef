import type { TaskView } from '../../app/tasks/taskView.js';
import type { Priority } from '../../core/model/priority.js';
import type { Input, Language } from './callWords.js';

/**
 * A line for each field that a call would set: what it is now, where there is a task, and what it would be. `shown` makes
 * Markdown of a text.
 */
export function fieldChanges(
  fields: Input,
  task: TaskView | undefined,
  language: Language,
  shown: (text: string) => string,
): string[] {
  const labels = labelsIn(language);
  return Object.entries(fields).flatMap(([field, value]) => {
    const label = labels[field];
    if (label === undefined || value === undefined || (task === undefined && isEmpty(value))) return [];
    const inWords = (value: unknown) => wordsOf(field, value, language, shown);
    const before = task && presentValue(task, field);
    return [
      before === undefined ? `${label}: ${inWords(value)}` : `${label}: ${inWords(before.value)} → ${inWords(value)}`,
    ];
  });
}

function labelsIn({ t }: Language): Readonly<Record<string, string>> {
  return {
    title: t('Title'),
    description: t('Description'),
    priority: t('Priority'),
    type: t('Type'),
    assignee: t('Assignee'),
    tags: t('Tags'),
    add_tags: t('Tags added'),
    remove_tags: t('Tags removed'),
    project: t('Project'),
    milestone: t('Milestone'),
    due: t('Due'),
    estimated_hours: t('Estimated hours'),
    actual_hours: t('Actual hours'),
    business_value: t('Business value'),
    criteria: t('Criteria'),
    context: t('Context'),
    code_language: t('Code language'),
    execution_environment: t('Execution environment'),
  };
}

/** What a field of the task is now; undefined for what only adds to one. */
function presentValue(task: TaskView, field: string): { readonly value: unknown } | undefined {
  if (field === 'add_tags' || field === 'remove_tags') return undefined;
  const name = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { value: (task as Readonly<Record<string, unknown>>)[name] };
}

function wordsOf(field: string, value: unknown, { t, priority }: Language, shown: (text: string) => string): string {
  if (isEmpty(value)) return t('none');
  if (field === 'priority') return priority(value as Priority);
  if (Array.isArray(value)) return shown(value.map(entryOf).join(field === 'criteria' ? '; ' : ', '));
  return shown(String(value));
}

/** A tag, or a criterion. */
function entryOf(entry: unknown): string {
  const { criterion } = Object(entry) as { readonly criterion?: unknown };
  return String(criterion ?? entry);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
