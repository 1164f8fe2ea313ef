import { type CriterionDraft, type Draft, Findings, wordsOf } from './draft.js';
import { CONFIDENCE } from './parsedPrd.js';
import type { Section } from './sections.js';
import { aliasForm, containerOf, normalTitle, readMarker } from './vocabulary.js';

/** An overview names what is told at length below: two of the same number are one, with all that both say. */
export function mergeRepeated(drafts: readonly Draft[]): Draft[] {
  const byRef = new Map<string, Draft>();
  const gone = new Map<Draft, Draft>();
  for (const draft of drafts) {
    if (draft.ref === undefined) continue;
    const name = `${draft.kind} ${draft.ref.toLowerCase()}`;
    const first = byRef.get(name);
    if (!first) {
      byRef.set(name, draft);
      continue;
    }
    const [kept, other] = draft.endLine - draft.line > first.endLine - first.line ? [draft, first] : [first, draft];
    byRef.set(name, kept);
    gone.set(other, kept);
    for (const line of other.description) if (!kept.description.includes(line)) kept.description.push(line);
    kept.notes.push(...other.notes);
    kept.stories.push(...other.stories);
    kept.criteria.push(...other.criteria.filter(({ text }) => !kept.criteria.some((one) => one.text === text)));
    kept.dependsOn.push(...other.dependsOn.filter(({ text }) => !kept.dependsOn.some((one) => one.text === text)));
    for (const tag of other.tags) if (!kept.tags.includes(tag)) kept.tags.push(tag);
    for (const field of [
      'priority',
      'estimate',
      'owner',
      'value',
      'milestone',
      'complexity',
      'requirementType',
    ] as const)
      if (kept[field] === undefined && other[field] !== undefined) Object.assign(kept, { [field]: other[field] });
  }
  if (gone.size === 0) return [...drafts];
  return drafts
    .filter((draft) => !gone.has(draft))
    .map((draft) => (draft.parent && gone.has(draft.parent) ? withParent(draft, gone.get(draft.parent)) : draft));
}

function withParent(draft: Draft, parent: Draft | undefined): Draft {
  return { ...draft, ...(parent && { parent }) };
}

/** The form of an issue: where nothing in the document is a feature, its title is one, if it has criteria. */
export function titleAsFeature(
  drafts: readonly Draft[],
  loose: readonly CriterionDraft[],
  title: string,
  root: Section,
  titled: Section | undefined,
): Draft[] {
  const certain = drafts.filter(({ confidence }) => confidence > CONFIDENCE.sentence);
  const marker = readMarker(title);
  if (certain.length > 0 || title === '' || containerOf(title) || (loose.length === 0 && !marker)) return [...drafts];
  const section = titled ?? root;
  const feature = new Findings().start({
    kind: marker?.kind ?? 'feature',
    title: marker?.rest ?? title,
    confidence: marker ? CONFIDENCE.marked : CONFIDENCE.list,
    path: [],
    line: section.line,
    endLine: section.endLine,
  });
  const told = section.children.find((child) =>
    /^(?:description|summary|overview|motivation|problem|what|feature request|goal|context|proposal)\b/.test(
      aliasForm(child.title),
    ),
  );
  feature.description.push(...wordsOf((told ?? section).blocks));
  return [feature, ...drafts];
}

/**
 * Gives criteria that stand in a section of their own to what they are grouped by, or to the only item there is.
 * Returns those that belong to nothing.
 */
export function assignCriteria(drafts: readonly Draft[], loose: readonly CriterionDraft[]): CriterionDraft[] {
  const byName = new Map<string, Draft>();
  for (const draft of drafts) {
    byName.set(normalTitle(draft.title), draft);
    if (draft.ref !== undefined) byName.set(normalTitle(draft.ref), draft);
  }
  const features = drafts.filter(({ kind }) => kind === 'feature');
  const only =
    features.length === 1 ? features[0] : features.length === 0 && drafts.length === 1 ? drafts[0] : undefined;
  return loose.filter((one) => {
    const named =
      one.group === undefined
        ? undefined
        : (byName.get(normalTitle(one.group)) ?? byName.get(normalTitle(one.group.split(/[:–—-]\s/)[0] ?? '')));
    const owner = named ?? only;
    owner?.criteria.push(one);
    return owner === undefined;
  });
}
