import { counted } from '../../model/counted.js';
import { addTo } from './addTo.js';
import { assignCriteria, mergeRepeated, titleAsFeature } from './assign.js';
import type { Draft } from './draft.js';
import { Identities } from './identities.js';
import type { Lines } from './markdownBlocks.js';
import { readMetadata } from './metadata.js';
import type { ParsedPrd, PrdCriterion, PrdFeature, PrdRequirement, PrdReview, PrdSection } from './parsedPrd.js';
import { resolveDependencies } from './resolveDependencies.js';
import { SectionReader } from './sectionReader.js';
import { type PrdDocument, readSections, type Section } from './sections.js';
import { planTasks } from './tasks.js';
import { containerOf } from './vocabulary.js';

export interface PrdOptions {
  /** Part of the stable keys: the same document in another project gives other tasks. */
  readonly project: string;
  /** Items below it go to `needsReview` (0 to 1). */
  readonly confidenceThreshold: number;
  readonly generateTasks: boolean;
  readonly analyzeDependencies: boolean;
  readonly extractUserStories: boolean;
  readonly parseAcceptanceCriteria: boolean;
  /** Its path in the workspace, for references; absent for a text without a file. */
  readonly path?: string;
}

export const PRD_DEFAULTS: PrdOptions = {
  project: 'default-project',
  confidenceThreshold: 0.7,
  generateTasks: true,
  analyzeDependencies: true,
  extractUserStories: true,
  parseAcceptanceCriteria: true,
};

/**
 * Reads a product requirements document: what it calls features, requirements, stories and criteria, each with the lines
 * it stands in and how sure that is, and the tasks that follow from them. Never throws; the same text and options always
 * give the same result.
 */
export function parsePrd(text: string, options: PrdOptions): ParsedPrd {
  const document = readSections(text);
  const titled = titleSection(document.root);
  const reader = new SectionReader();
  for (const section of titled ? [{ ...document.root, children: [] }] : [document.root])
    reader.readInside(section, { path: [] });
  if (titled)
    for (const child of document.root.children) {
      if (child === titled) reader.readInside(child, { path: [] });
      else reader.readInside({ ...document.root, blocks: [], children: [child] }, { path: [] });
    }
  const metadata = readMetadata(document, titled);
  const { findings } = reader;
  if (!options.parseAcceptanceCriteria) {
    findings.loose.length = 0;
    for (const draft of findings.drafts) draft.criteria.length = 0;
  }
  let drafts = mergeRepeated(findings.drafts);
  if (!options.extractUserStories) {
    // What is a feature only because it is told as a story.
    drafts = drafts.filter((draft) => !(draft.isStory && draft.stories.length > 0));
    for (const draft of drafts) draft.stories.length = 0;
  }
  drafts = titleAsFeature(drafts, findings.loose, metadata.title, document.root, titled);
  const accepted = drafts.filter((draft) => draft.confidence >= options.confidenceThreshold);
  const orphans = assignCriteria(accepted, findings.loose);
  const names = new Identities(options.project);
  const known = new Map(accepted.map((draft) => [draft, names.of(draft)]));

  const criteria: PrdCriterion[] = [];
  const review: PrdReview[] = drafts
    .filter((draft) => !known.has(draft))
    .map((draft) => ({
      id: names.free(draft.title),
      kind: draft.kind,
      title: draft.title,
      confidence: draft.confidence,
      reason: `read with confidence ${draft.confidence}, below ${options.confidenceThreshold}`,
      ...range(draft),
    }));
  const criteriaOf = (draft: Draft, owner: string): string[] =>
    draft.criteria.flatMap((one, at) => {
      const id = names.free(one.ref ?? `${owner}-ac-${at + 1}`);
      if (one.confidence < options.confidenceThreshold) {
        review.push(reviewOf(id, one, `read with confidence ${one.confidence}, below ${options.confidenceThreshold}`));
        return [];
      }
      criteria.push(criterionOf(id, one, draft.priority, owner));
      return id;
    });
  const parts = new Map<Draft, string[]>();
  for (const [{ parent }, { id }] of known) if (parent) addTo(parts, parent, id);
  const features: PrdFeature[] = [];
  const requirements: PrdRequirement[] = [];
  const dependencies = resolveDependencies(accepted, known, findings.statements, options.analyzeDependencies);
  for (const [draft, { id, key }] of known) {
    const parent = draft.parent && known.get(draft.parent);
    const shared = {
      id,
      title: draft.title,
      description: draft.description.join('\n'),
      priority: draft.priority ?? ('medium' as const),
      priorityGiven: draft.priority !== undefined,
      dependencies: dependencies.of(id),
      confidence: draft.confidence,
      tags: draft.tags,
      path: draft.path,
      key,
      ...range(draft),
      ...(draft.estimate !== undefined && { estimatedEffort: draft.estimate }),
      ...(draft.owner !== undefined && { owner: draft.owner }),
      ...(draft.milestone !== undefined && { milestone: draft.milestone }),
    };
    const own = criteriaOf(draft, id);
    if (draft.kind === 'feature')
      features.push({
        ...shared,
        userStories: draft.stories,
        requirementIds: parts.get(draft) ?? [],
        acceptanceCriteriaIds: own,
        ...(draft.value !== undefined && { businessValue: draft.value }),
        ...(draft.complexity !== undefined && { estimatedComplexity: draft.complexity }),
      });
    else
      requirements.push({
        ...shared,
        type: draft.requirementType ?? 'functional',
        acceptanceCriteria: own,
        ...(draft.notes.length > 0 && { implementationNotes: draft.notes.join('\n') }),
        ...(parent && { featureId: parent.id }),
      });
  }
  for (const one of orphans) {
    const id = names.free(one.ref ?? 'ac');
    criteria.push(criterionOf(id, one, undefined));
    review.push(reviewOf(id, one, 'belongs to no feature or requirement of the document'));
  }
  const tasks = options.generateTasks
    ? planTasks({ features, requirements, criteria, path: options.path, notes: notesOf(known) })
    : [];
  const edges = [...dependencies.edges, ...tasks.flatMap(testEdges)];
  const items = [...features, ...requirements];
  const complexities = features.flatMap(({ estimatedComplexity }) => estimatedComplexity ?? []);
  return {
    title: metadata.title,
    metadata,
    features,
    requirements,
    acceptanceCriteria: criteria,
    tasks,
    hierarchy: hierarchyOf(document, items),
    dependencies: edges,
    unresolvedDependencies: dependencies.unresolved,
    needsReview: review,
    statistics: {
      featureCount: features.length,
      requirementCount: requirements.length,
      acceptanceCriteriaCount: criteria.length,
      taskCount: tasks.length,
      dependencyCount: edges.length,
      averageComplexity: mean(complexities),
      confidence: mean(items.map(({ confidence }) => confidence)),
    },
    warnings: document.warnings,
  };
}

/** What came of it in one sentence; where that is nothing, why. */
export function prdMessage(prd: ParsedPrd, { generateTasks, confidenceThreshold }: PrdOptions): string {
  const { featureCount, requirementCount, acceptanceCriteriaCount, taskCount } = prd.statistics;
  const found = [
    counted(featureCount, 'feature'),
    ...(requirementCount > 0 ? [counted(requirementCount, 'requirement')] : []),
    counted(acceptanceCriteriaCount, 'acceptance criterion', 'acceptance criteria'),
  ].join(', ');
  if (taskCount > 0) return `${found}: ${counted(taskCount, 'task')}.`;
  if (!generateTasks && featureCount + requirementCount > 0) return `${found}; tasks were not asked for.`;
  const uncertain = prd.needsReview.filter(({ kind }) => kind !== 'criterion').length;
  if (uncertain > 0)
    return `No tasks: ${uncertain === 1 ? 'the one possible item is' : `all ${uncertain} possible items are`} less certain than ${confidenceThreshold}. Give them headings below “Features” or “Requirements”, or numbers such as FR-1, or lower the threshold.`;
  if (acceptanceCriteriaCount > 0)
    return 'No tasks: there are acceptance criteria, but no feature or requirement that they could belong to.';
  return 'No tasks: nothing in this text is marked as a feature or requirement. Put headings or lists below “Features”, “Requirements” or “User stories”, write “As a … I want …”, or number requirements as FR-1.';
}

/** The heading that is the document's title: the only one of its rank at the start, and not itself a list of features. */
function titleSection({ children, blocks }: Section): Section | undefined {
  const tops = children.filter(({ depth }) => depth === 1);
  const [first] = children;
  if (!first || first !== tops[0] || tops.length > 1 || containerOf(first.title)) return undefined;
  return blocks.length === 0 || first.children.length > 0 ? first : undefined;
}

function criterionOf(
  id: string,
  one: Draft['criteria'][number],
  priority: Draft['priority'],
  ownerId?: string,
): PrdCriterion {
  return {
    id,
    description: one.text,
    type: criterionType(one.text),
    testScenarios: one.scenarios,
    dependencies: [],
    priority: priority ?? 'medium',
    confidence: one.confidence,
    ...range(one),
    ...(ownerId !== undefined && { ownerId }),
  };
}

function criterionType(text: string): PrdCriterion['type'] {
  if (
    /\b(?:latency|throughput|percentile|p9[059])\b|\d\s?(?:ms|milliseconds?|rps|qps|(?:[mk]b|requests?|\w+) ?(?:\/ ?s|per second))\b|\b(?:within|under|less than|at most|faster than|every|in|below) (?:an? |\d[\d.,]* ?)(?:s|seconds?|minutes?|hours?)\b/i.test(
      text,
    )
  )
    return 'performance';
  if (
    /\b(?:api|endpoint|database|schema|migration|tokens?|encrypt\w*|hash\w*|cache|cli|sdk|json|webhook|log(?:s|ged))\b/i.test(
      text,
    )
  )
    return 'technical';
  return /\b(?:revenue|conversion|churn|retention|adoption|nps|cost|kpi)\b/i.test(text) ? 'business' : 'functional';
}

function reviewOf(id: string, one: Draft['criteria'][number], reason: string): PrdReview {
  return { id, kind: 'criterion', title: one.text, confidence: one.confidence, reason, ...range(one) };
}

function notesOf(known: ReadonlyMap<Draft, { readonly id: string }>): ReadonlyMap<string, string> {
  return new Map(
    [...known].flatMap(([{ notes }, { id }]) => (notes.length > 0 ? [[id, notes.join('\n')] as const] : [])),
  );
}

function testEdges({ id, role, dependencies }: ParsedPrd['tasks'][number]): ParsedPrd['dependencies'] {
  if (role !== 'test') return [];
  return dependencies.map((targetId) => ({
    sourceId: id,
    targetId,
    type: 'prerequisite',
    strength: 'medium',
    reason: 'Tests come after what they test',
  }));
}

function hierarchyOf({ root, lines }: PrdDocument, items: readonly (Lines & { id: string })[]): PrdSection[] {
  const inside = new Map<Section, string[]>();
  for (const { id, line } of items) addTo(inside, deepestAt(root, line), id);
  const shown = (section: Section, names: Identities): PrdSection => {
    const below = section.children[0]?.line ?? section.endLine + 1;
    return {
      id: names.free(section.title),
      title: section.title,
      level: section.depth,
      content: lines
        .slice(section.line, Math.max(section.line, below - 1))
        .join('\n')
        .trim(),
      children: section.children.map((child) => shown(child, names)),
      items: inside.get(section) ?? [],
      ...range(section),
    };
  };
  return root.children.map((child) => shown(child, new Identities('')));
}

/** The innermost section that a line is in. */
function deepestAt(section: Section, line: number): Section {
  const { children } = section;
  let [low, high] = [0, children.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((children[middle] as Section).endLine < line) low = middle + 1;
    else high = middle;
  }
  const child = children[low];
  return child && child.line <= line ? deepestAt(child, line) : section;
}

function range({ line, endLine }: Lines): Lines {
  return { line, endLine };
}

function mean(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  return Math.round((numbers.reduce((sum, one) => sum + one, 0) / numbers.length) * 1000) / 1000;
}
