import { addTo } from './addTo.js';
import type { PrdCriterion, PrdFeature, PrdRequirement, PrdTask } from './parsedPrd.js';

interface Planning {
  readonly features: readonly PrdFeature[];
  readonly requirements: readonly PrdRequirement[];
  readonly criteria: readonly PrdCriterion[];
  /** Implementation notes by the id of their item. */
  readonly notes: ReadonlyMap<string, string>;
  readonly path: string | undefined;
}

/** As long as a task's description may be, without what is put behind a cut one. */
const DESCRIPTION = 4900;

/**
 * The tasks of a document (algorithms.md 6.2): for a feature one that is complete with its parts, which are to implement,
 * to test and to document it, tests after the implementation; for a requirement one, within its feature if it has one.
 * What an item depends on has to be implemented first.
 */
export function planTasks({ features, requirements, criteria, notes, path }: Planning): PrdTask[] {
  const worded = new Map(criteria.map((one) => [one.id, one]));
  const partsOf = new Map<string, PrdRequirement[]>();
  for (const one of requirements) if (one.featureId !== undefined) addTo(partsOf, one.featureId, one);
  const isFeature = new Set(features.map(({ id }) => id));
  /** The task in which an item is implemented. */
  const workOf = (id: string) => (isFeature.has(id) ? `${id}/implement` : id);
  const shared = (item: PrdFeature | PrdRequirement) => ({
    priority: item.priority,
    priorityGiven: item.priorityGiven,
    sourceReferences: [
      path === undefined ? `lines ${item.line}-${item.endLine}` : `${path}:${item.line}-${item.endLine}`,
    ],
    tags: item.tags,
    confidence: item.confidence,
    line: item.line,
    endLine: item.endLine,
    itemId: item.id,
    ...(item.owner !== undefined && { owner: item.owner }),
    ...(item.milestone !== undefined && { milestone: item.milestone }),
  });
  const ofFeature = (feature: PrdFeature): PrdTask[] => {
    const { id, title, key, acceptanceCriteriaIds: acceptanceCriteria } = feature;
    const parts = partsOf.get(id) ?? [];
    const part = { ...shared(feature), parentId: id };
    const checks = acceptanceCriteria.map((one) => worded.get(one)).filter((one) => one !== undefined);
    const testRequirements = checks.flatMap(({ description, testScenarios }) => [
      `- ${description}`,
      ...testScenarios.filter((scenario) => scenario !== description).map((scenario) => `  - ${scenario}`),
    ]);
    const details = notes.get(id);
    return [
      {
        ...shared(feature),
        id,
        title,
        description: cut([
          feature.description,
          ...feature.userStories.map(({ text }) => text),
          feature.businessValue && `Value: ${feature.businessValue}`,
        ]),
        type: 'development',
        dependencies: [`${id}/implement`, `${id}/test`, `${id}/document`],
        acceptanceCriteria: [],
        role: 'feature',
        key: `${key}/feature`,
        ...(feature.estimatedEffort !== undefined && { estimatedEffort: feature.estimatedEffort }),
      },
      {
        ...part,
        id: `${id}/implement`,
        title: `Implement ${title}`,
        description: cut([feature.description, details]),
        type: 'development',
        dependencies: [...parts.map((one) => one.id), ...feature.dependencies.map(workOf)],
        acceptanceCriteria,
        role: 'implement',
        key: `${key}/implement`,
        ...(details !== undefined && { implementationDetails: details }),
      },
      ...parts.map((requirement) => ofRequirement(requirement, id)),
      {
        ...part,
        id: `${id}/test`,
        title: `Test ${title}`,
        description: cut(testRequirements.length > 0 ? ['Show that each criterion is met:', ...testRequirements] : []),
        type: 'testing',
        dependencies: [`${id}/implement`],
        acceptanceCriteria,
        role: 'test',
        key: `${key}/test`,
        ...(testRequirements.length > 0 && { testRequirements: testRequirements.join('\n') }),
      },
      {
        ...part,
        id: `${id}/document`,
        title: `Document ${title}`,
        description: '',
        type: 'documentation',
        dependencies: [],
        acceptanceCriteria: [],
        role: 'document',
        key: `${key}/document`,
      },
    ];
  };
  const ofRequirement = (requirement: PrdRequirement, parentId?: string): PrdTask => ({
    ...shared(requirement),
    id: requirement.id,
    title: requirement.title,
    description: cut([requirement.description, requirement.implementationNotes]),
    type: 'development',
    dependencies: requirement.dependencies.map(workOf),
    acceptanceCriteria: requirement.acceptanceCriteria,
    role: 'requirement',
    key: `${requirement.key}/requirement`,
    ...(parentId !== undefined && { parentId }),
    ...(requirement.estimatedEffort !== undefined && { estimatedEffort: requirement.estimatedEffort }),
    ...(requirement.implementationNotes !== undefined && { implementationDetails: requirement.implementationNotes }),
  });
  const alone = requirements.filter(({ featureId }) => featureId === undefined).map((one) => ofRequirement(one));
  return withoutSelfWaits([...features.flatMap(ofFeature), ...alone]);
}

/** A part of a feature that depends on another part, or on its own feature, must not wait for what waits for it. */
function withoutSelfWaits(tasks: readonly PrdTask[]): PrdTask[] {
  const next = new Map(tasks.map(({ id, dependencies }) => [id, dependencies]));
  const reaches = (from: string, to: string): boolean => {
    const stack = [from];
    const seen = new Set(stack);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (at === to) return true;
      for (const other of next.get(at) ?? [])
        if (!seen.has(other)) {
          seen.add(other);
          stack.push(other);
        }
    }
    return false;
  };
  return tasks.map((task) => {
    if (task.role !== 'requirement' || task.dependencies.length === 0 || task.parentId === undefined) return task;
    const kept = task.dependencies.filter((other) => !reaches(other, task.id));
    next.set(task.id, kept);
    return { ...task, dependencies: kept };
  });
}

function cut(parts: readonly (string | undefined)[]): string {
  const text = parts.filter((part) => part !== undefined && part !== '').join('\n');
  if (text.length <= DESCRIPTION) return text;
  const points = [...text];
  return points.length <= DESCRIPTION
    ? text
    : `${points.slice(0, DESCRIPTION).join('')}…\n\n(Cut: the document has the rest.)`;
}
