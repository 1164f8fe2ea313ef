import type { ParsedPrd, PrdCriterion } from '../../../../src/core/planning/prd/parsedPrd.js';
import { PRD_DEFAULTS, prdMessage } from '../../../../src/core/planning/prd/parsePrd.js';

/** What a document was read as, a line a thing, as the golden files have it. */
export function summaryOf(prd: ParsedPrd): string {
  const lines = (one: { line: number; endLine: number }) => `[${one.line}-${one.endLine}]`;
  const criteria = (owner: string | undefined) =>
    prd.acceptanceCriteria
      .filter(({ ownerId }) => ownerId === owner)
      .map(
        (one: PrdCriterion) =>
          `    ac ${one.id} ${lines(one)} ${one.type} ${one.confidence}: ${one.description}${one.testScenarios.map((text) => ` {${text}}`).join('')}`,
      );
  const facts = (one: ParsedPrd['features'][number] | ParsedPrd['requirements'][number]) =>
    [
      one.priorityGiven ? one.priority : 'no priority',
      `confidence ${one.confidence}`,
      ...(one.path.length > 0 ? [`in ${one.path.join(' › ')}`] : []),
      ...(one.dependencies.length > 0 ? [`after ${one.dependencies.join(', ')}`] : []),
      ...(one.estimatedEffort === undefined ? [] : [`${one.estimatedEffort} h`]),
      ...(one.owner === undefined ? [] : [`by ${one.owner}`]),
      ...(one.tags.length > 0 ? [`tagged ${one.tags.join(', ')}`] : []),
      ...(one.milestone === undefined ? [] : [`for ${one.milestone}`]),
    ].join('; ');
  const said = (text: string) => (text === '' ? [] : text.split('\n').map((line) => `    | ${line}`));
  return [
    `message ${prdMessage(prd, PRD_DEFAULTS)}`,
    `metadata ${JSON.stringify(prd.metadata)}`,
    `statistics ${JSON.stringify(prd.statistics)}`,
    ...prd.warnings.map((warning) => `warning ${warning}`),
    ...prd.features.flatMap((one) => [
      `feature ${one.id} ${lines(one)} ${one.title}: ${facts(one)}`,
      ...said(one.description),
      ...one.userStories.map(({ role, goal, benefit }) => `    story ${role} / ${goal} / ${benefit ?? ''}`),
      ...criteria(one.id),
    ]),
    ...prd.requirements.flatMap((one) => [
      `requirement ${one.id} ${lines(one)} ${one.title}: ${one.type}; ${facts(one)}${one.featureId ? `; part of ${one.featureId}` : ''}`,
      ...said(one.description),
      ...criteria(one.id),
    ]),
    ...criteria(undefined),
    ...prd.tasks.map(
      ({ id, title, dependencies, parentId }) =>
        `task ${id}: ${title}${parentId ? ` (in ${parentId})` : ''}${dependencies.length > 0 ? ` after ${dependencies.join(', ')}` : ''}`,
    ),
    ...prd.needsReview.map((one) => `review ${one.kind} ${lines(one)} ${one.title}: ${one.reason}`),
    ...prd.unresolvedDependencies.map((one) => `unresolved ${one.sourceId} ${lines(one)} ${one.text}: ${one.reason}`),
    '',
  ].join('\n');
}
