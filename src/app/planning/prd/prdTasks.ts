import { checkDescription, checkTitle } from '../../../core/model/task.js';
import type { ParsedPrd, PrdTask } from '../../../core/planning/prd/parsedPrd.js';
import { contentHash } from '../../../core/transfer/contentHash.js';
import type { Row } from '../../../store/record.js';
import { fieldsOf } from '../../transfer/mergeFields.js';
import type { MatchItem } from './prdMatches.js';

/** The field that holds what the criteria say; whether they are done is not the document's. */
export const CRITERIA = 'criteria';
/** A criterion of a task may be so long. */
const CRITERION = 1000;

/** Kinds of work in the store's words. */
const TYPES: Readonly<Record<PrdTask['role'], string>> = {
  feature: 'feature',
  implement: 'task',
  requirement: 'task',
  test: 'test',
  document: 'documentation',
};

/** A task that the document asks for, in the store's form. */
export interface WantedTask {
  readonly task: PrdTask;
  readonly item: MatchItem;
  readonly columns: Row;
  readonly criteria: readonly string[];
  /** Keys of the tasks that it depends on. */
  readonly edges: readonly string[];
  readonly parentKey: string | undefined;
}

/** The tasks of a document, those of a feature after the feature's own. */
export function wantedTasks(prd: ParsedPrd, project: string | undefined): WantedTask[] {
  const keys = new Map(prd.tasks.map(({ id, key }) => [id, key]));
  const said = new Map(prd.acceptanceCriteria.map(({ id, description }) => [id, description]));
  const items = new Map<string, MatchItem>();
  for (const feature of prd.features)
    items.set(
      feature.id,
      itemOf(
        'feature',
        feature,
        feature.acceptanceCriteriaIds.map((id) => said.get(id) ?? ''),
      ),
    );
  for (const requirement of prd.requirements)
    items.set(
      requirement.id,
      itemOf(
        'requirement',
        requirement,
        requirement.acceptanceCriteria.map((id) => said.get(id) ?? ''),
      ),
    );
  return prd.tasks.map((task) => ({
    task,
    item: items.get(task.itemId) as MatchItem,
    columns: columnsOf(task, project),
    criteria: task.role === 'implement' || task.role === 'requirement' ? criteriaOf(task, said) : [],
    edges: task.dependencies.flatMap((id) => keys.get(id) ?? []),
    parentKey: task.parentId === undefined ? undefined : keys.get(task.parentId),
  }));
}

/** The fields of a task, of the document or of the store, as texts that can be compared. */
export function comparableFields(columns: Row, criteria: readonly string[]): Map<string, string> {
  const fields = new Map(fieldsOf(columns, {}));
  if (criteria.length > 0) fields.set(CRITERIA, JSON.stringify(criteria));
  return fields;
}

/** The columns that a document can set. */
export const COLUMNS = [
  'title',
  'description',
  'priority',
  'type',
  'assignee',
  'tags',
  'milestone',
  'estimated_hours',
  'project',
  'parent_id',
] as const;

function columnsOf(task: PrdTask, project: string | undefined): Row {
  const description = checkDescription(task.description);
  return {
    title: checkTitle(task.title),
    priority: task.priority,
    type: TYPES[task.role],
    ...(description !== '' && { description }),
    ...(task.owner !== undefined && { assignee: task.owner }),
    ...(task.tags.length > 0 && { tags: JSON.stringify(task.tags) }),
    ...(task.milestone !== undefined && { milestone: task.milestone }),
    ...(task.estimatedEffort !== undefined && { estimated_hours: task.estimatedEffort }),
    ...(project !== undefined && { project }),
  };
}

function criteriaOf(task: PrdTask, said: ReadonlyMap<string, string>): string[] {
  const texts = task.acceptanceCriteria.map((id) => (said.get(id) ?? '').replace(/\0/g, '').trim());
  return [...new Set(texts.filter((text) => text !== '').map(short))];
}

function short(text: string): string {
  return text.length <= CRITERION ? text : `${[...text].slice(0, CRITERION / 2 - 1).join('')}…`;
}

function itemOf(
  kind: MatchItem['kind'],
  item: ParsedPrd['features'][number] | ParsedPrd['requirements'][number],
  criteria: readonly string[],
): MatchItem {
  const says = [...item.description.split('\n'), ...criteria].filter((text) => text !== '');
  return { key: item.key, kind, title: item.title, path: item.path.join(' › '), body: says.map(contentHash) };
}
