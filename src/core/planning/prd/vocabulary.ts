import type { Priority } from '../../model/priority.js';
import {
  foreignContainerOf,
  foreignFieldOf,
  foreignPriority,
  foreignStory,
  foreignUnit,
  isForeignDemand,
  isForeignTitleColumn,
} from './languages.js';

/** What the headings of a section say is in it. */
export type ContainerKind =
  | 'features'
  | 'requirements'
  | 'non-functional'
  | 'technical'
  | 'business'
  | 'stories'
  | 'criteria'
  | 'milestones'
  | 'dependencies'
  | 'excluded';

const CONTAINERS: readonly (readonly [ContainerKind, RegExp])[] = [
  [
    'excluded',
    /^(?:out of scope|not in scope|non[- ]?goals?|no[- ]?gos?|rabbit holes?|exclusions?|won'?t (?:have|do)|not doing|future (?:work|considerations?|ideas|scope|enhancements?)|later|open (?:questions?|issues)|questions?|risks?(?: and .*)?|assumptions?(?: and .*)?|assumptions|glossary|references|appendix.*|change ?log|revision history|alternatives(?: considered)?|rejected (?:ideas?|alternatives)|drawbacks|copyright|competit(?:ion|ors?|ive (?:landscape|analysis))|what (?:we(?:'re| are| will| won't)?|do we|will we|are we) not (?:do|doing|build|building|plan|planning)(?: .*)?|what we won't .*|what is not planned(?: .*)?|(?:release|launch|review|submission)(?: [a-z-]+)? checklist|implementation history|related work|background|definitions.*|prior art|unresolved questions)$/,
  ],
  [
    'criteria',
    /^(?:(?:user )?acceptance (?:criteria|tests?|criterion)|ac|definition of done|dod|done when|(?:it is )?done when|conditions of (?:satisfaction|acceptance)|exit criteria)$/,
  ],
  ['stories', /^(?:user )?(?:stories|story|use cases?|jobs[- ]to[- ]be[- ]done)$|^(?:stories|user scenarios)$/],
  [
    'non-functional',
    /^(?:(?:other )?non[- ]?functional(?: requirements?)?|nfrs?|quality (?:attributes?|requirements?)|software (?:quality|system) attributes|(?:performance|security|usability|reliability|availability|accessibility|scalability|privacy|compliance|safety)(?: (?:and|&) \w+)?(?: requirements?)?)$/,
  ],
  ['technical', /^(?:technical|system|interface|external interface|data|infrastructure|api) requirements?$/],
  ['business', /^business (?:requirements?|rules)$/],
  [
    'requirements',
    /^(?:(?:functional|product|user|specific|detailed|software|core|key|feature|customer|solution|high[- ]level)? ?requirements?|functional specifications?|specifications?|must[- ]haves?|should[- ]haves?|could[- ]haves?|nice[- ]to[- ]haves?|p[0-4](?: requirements?)?|requirements? list)$/,
  ],
  [
    'milestones',
    /^(?:milestones?|roadmap|release plan|phases|timeline|rollout(?: plan)?|delivery plan|implementation plan)$/,
  ],
  ['dependencies', /^(?:(?:feature |external )?dependencies|prerequisites)$/],
  [
    'features',
    /^(?:(?:key|core|main|product|proposed|planned|new|system|major|mvp)? ?(?:features?(?: list| set)?|capabilities|functionality|functions)|(?:in )?scope|in[- ]scope|epics?|deliverables|what we(?:'re| are|'ll| will)? (?:building|build|ship)|what (?:do|will|must|should) we (?:have to |need to )?(?:build|ship|make|deliver)|what(?:'s| is) next(?: and why)?|feature (?:requirements|descriptions?|details)|solution|proposed (?:solution|changes?)|elements|tasks|to[- ]?do|work items|user[- ]facing changes)$/,
  ],
];

/** A kind of phase with its number or letter; a colon stands for one. */
const PHASE =
  /^(?:phase|milestone|release|sprint|iteration|stage|version|increment|meilenstein|阶段|里程碑|フェーズ)(?:\s*[:：]|\s*\d|\s+(?:[ivx]+|[a-d]|one|two|three|four|alpha|beta|mvp)\b|$)|^(?:mvp|v\d)\b|^第[一二三四五\d]+(?:阶段|期|フェーズ)/i;

/** The kind of a section by its heading; `undefined` where the heading says nothing of the kind. */
export const containerOf = remembering((title: string): ContainerKind | undefined => {
  if (title.length > 100) return undefined;
  const name = aliasForm(title);
  if (name === '' || name.length > 60) return undefined;
  return CONTAINERS.find(([, pattern]) => pattern.test(name))?.[0] ?? foreignContainerOf(name);
});

/** What stands in front of a heading's words: its number in the outline, a picture. */
export const DECORATION = /^(?:(?:\d+(?:\.\d+)+\.?|\d+[.)]|\p{Extended_Pictographic}\uFE0F?)\s+)+/u;

/** Headings that nobody means as an item, wherever they stand. */
export function isRemark(title: string): boolean {
  return /^(?:overview|introduction(?: .*)?|summary|description|notes?|purpose|rationale|general|context|motivation|legend|conventions|target (?:audience|users?)|personas?|(?:success )?metrics|kpis?|(?:table of )?contents)$/.test(
    aliasForm(title),
  );
}

/** `Phase 2: Payments`: the work that is done by then stands below it. */
export function isPhase(title: string): boolean {
  return PHASE.test(title.replace(DECORATION, ''));
}

/** A heading as aliases are written: no number in front, no sign, no remark in brackets, lower case. */
export function aliasForm(title: string): string {
  return title
    .replace(
      /^\s*(?:\d+(?:\.\d+)*\.?|[A-Z]\.|[IVX]+\.)\s+|^[（(]?[一二三四五六七八九十]+[）)、．.]\s*|^\d+(?:\.\d+)*[.、．]?(?=\p{Lo})/u,
      '',
    )
    .replace(/[’`]/g, "'")
    .replace(/\s*\([^()]*\)\s*$/, '')
    .replace(/[^\p{L}\p{N}'&\- ]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** What a `Key: value` says of its item. */
export type FieldName =
  | 'priority'
  | 'description'
  | 'criteria'
  | 'dependsOn'
  | 'estimate'
  | 'owner'
  | 'tags'
  | 'value'
  | 'story'
  | 'notes'
  | 'milestone'
  | 'complexity'
  | 'id'
  | 'requirements'
  | 'ignored';

const FIELDS: readonly (readonly [FieldName, RegExp])[] = [
  ['priority', /^(?:priority|prio|importance|moscow|severity)$/],
  ['description', /^(?:description|summary|overview|details?|what|objective|goal|purpose|functionality|behaviou?r)$/],
  [
    'criteria',
    /^(?:(?:user )?acceptance(?: criteria| tests?| criterion)?|ac|acs|criteria|done when|definition of done|dod|success criteria|conditions of satisfaction|fit criterion|verification)$/,
  ],
  [
    'dependsOn',
    /^(?:depends on|dependenc(?:y|ies)|depends|requires|prerequisites?|blocked by|after|needs|dependent on)$/,
  ],
  ['estimate', /^(?:(?:estimated? )?(?:effort|time|hours)|estimates?|size|appetite)$/],
  ['owner', /^(?:owner|assignee|assigned to|responsible|dri|lead)$/],
  ['tags', /^(?:tags?|labels?|components?|areas?)$/],
  ['value', /^(?:business )?value$|^(?:business impact|impact|benefits?)$/],
  ['story', /^(?:user )?stor(?:y|ies)$|^(?:use cases?|scenario)$/],
  ['notes', /^(?:(?:implementation|technical|dev|design) (?:notes?|details?)|notes?|rationale|why|tech notes?)$/],
  ['milestone', /^(?:milestone|phase|release|target release|iteration|sprint)$/],
  ['complexity', /^(?:(?:estimated )?complexity)$/],
  ['id', /^(?:id|identifier|ref|reference|key)$/],
  ['requirements', /^(?:(?:functional )?requirements?)$/],
  [
    'ignored',
    /^(?:status|type|stakeholders?|source|inputs?|outputs?|risks?|version|date|created|updated|author|epic|links?|design|persona|actors?|preconditions?|postconditions?|trigger|stimulus.*|out of scope|non[- ]goals?|open questions?|metrics?|story points?|points|target|due|start|end|who|when|where|how|example|note|team|category|budget|mockups?|comments?)$/,
  ],
];

export interface Field {
  readonly name: FieldName;
  readonly label: string;
  readonly value: string;
}

/** Reads `Key: value`, or `Key` alone where `bare`; undefined where it is none that is known. `text` is without marks. */
export function readField(text: string, bare = false): Field | undefined {
  const at = text.search(/[:：]/);
  if (at > 40 || (at === -1 && (!bare || text.length > 40))) return undefined;
  const label = at === -1 ? text : text.slice(0, at);
  const name = fieldOf(label);
  return name && { name, label: label.trim(), value: at === -1 ? '' : text.slice(at + 1).trim() };
}

export const fieldOf = remembering((label: string): FieldName | undefined => {
  if (label.length > 60) return undefined;
  const key = aliasForm(label);
  return FIELDS.find(([, pattern]) => pattern.test(key))?.[0] ?? foreignFieldOf(key);
});

/** How many answers are kept: documents use the same few words again and again. */
const REMEMBERED = 2000;

/** The same function, which looks a word up only once. */
function remembering<T>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    if (known.size >= REMEMBERED) known.clear();
    const answer = find(text);
    known.set(text, answer);
    return answer;
  };
}

const PRIORITY_WORDS: readonly (readonly [Priority, RegExp])[] = [
  ['critical', /^(?:critical|urgent|must(?:[- ]have)?|blocker|essential|p0|highest|very high|mandatory|m)\b/],
  ['high', /^(?:high|important|significant|major|p1|should(?:[- ]have)?|h|s)\b/],
  ['medium', /^(?:medium|normal|standard|regular|moderate|p2|med)\b/],
  ['low', /^(?:low|minor|nice[- ]to[- ]have|enhancement|p3|could(?:[- ]have)?|optional|l|c)\b/],
  ['background', /^(?:background|p4|lowest|trivial|very low)\b/],
];

/** Reads the priority words of seed 002, MoSCoW and P0 to P4; undefined for another word. */
export function readPriority(text: string): Priority | undefined {
  const word = text.replace(/^[^\p{L}\p{N}]+/u, '').toLowerCase();
  return foreignPriority(word) ?? PRIORITY_WORDS.find(([, pattern]) => pattern.test(word))?.[0];
}

/** `Must have` as a heading gives what stands below it its priority. */
export function headingPriority(title: string): Priority | undefined {
  const name = aliasForm(title);
  return /^(?:must|should|could|nice)[- ](?:to[- ])?haves?$|^p[0-4](?: requirements?)?$|^(?:critical|high|medium|low)(?: priority)?$/.test(
    name,
  )
    ? readPriority(name.replace(/haves$/, 'have'))
    : undefined;
}

const HOURS: Readonly<Record<string, number>> = { h: 1, d: 8, w: 40, m: 1 / 60 };

/** Hours of `3 days`, `5h`, `1.5 weeks` (8 hours a day, 5 days a week); the upper end of a range; undefined otherwise. */
export function readHours(text: string): number | undefined {
  const match = /^[~≈\s]*(?:\d+(?:\.\d+)?\s*(?:-|–|to)\s*)?(\d+(?:\.\d+)?)\s*(\p{L}+)/u.exec(text);
  const [, number, unit = ''] = match ?? [];
  const known = /^(?:minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|w)$/i.test(unit);
  const factor = known ? HOURS[unit[0]?.toLowerCase() ?? ''] : foreignUnit(unit);
  if (factor === undefined) return undefined;
  const hours = Number(number) * factor;
  return hours > 0 && hours <= 100_000 ? Math.round(hours * 100) / 100 : undefined;
}

/** A number that a document gives its items: `REQ-1`, `FR 2.3`, `US-04`, `F1`, `NFR-PERF-1`, `R12`. */
const ID = /^[[(]?((?:[A-Z]{1,10}[-_ ]){0,3}[A-Z]{1,10}[-_ ]?\d+(?:[.-]\d+)*[a-z]?)[\])]?(?=$|[\s:.)\]–—-])/;

const ID_KINDS: readonly (readonly ['feature' | 'story' | 'criterion' | 'requirement' | 'non-functional', RegExp])[] = [
  ['criterion', /^(?:AC|TC|SC)\b/],
  ['story', /^(?:US|UC|STORY)\b/],
  ['non-functional', /^(?:NFR|NF|PERF|SEC|QR)\b/],
  ['feature', /^(?:F|FEAT|FEATURE|EPIC|E)\b/],
  ['requirement', /^(?:FR|REQ|R|SR|BR|TR|RQ|SRS|PRD|REQUIREMENT)\b/],
];

export interface NumberedTitle {
  readonly ref: string;
  readonly kind: (typeof ID_KINDS)[number][0];
  readonly rest: string;
}

/** The number in front of a title, what it numbers, and the rest. */
export function readNumbered(text: string): NumberedTitle | undefined {
  const ref = ID.exec(text)?.[1];
  if (ref === undefined) return undefined;
  const letters = ref.replace(/[-_ ]?\d.*$/, '').replace(/_/g, '-');
  const kind = ID_KINDS.find(([, pattern]) => pattern.test(letters))?.[0];
  if (!kind) return undefined;
  const rest = text.slice(ID.exec(text)?.[0].length ?? 0).replace(/^[\s:.)\]–—-]+/, '');
  return { ref, kind, rest };
}

/** `Feature: X`, `Epic 2 – X`. */
export function readMarker(text: string): { kind: 'feature' | 'requirement'; ref?: string; rest: string } | undefined {
  const match =
    /^(feature|epic|capability|requirement|user story|story|use case)(?:\s+#?(\d+(?:\.\d+)*))?\s*[:–—-]\s*(?=\S)/i.exec(
      text,
    );
  if (!match) return undefined;
  const word = match[1]?.toLowerCase() ?? '';
  return {
    kind: word === 'requirement' ? 'requirement' : 'feature',
    ...(match[2] && { ref: `${word} ${match[2]}` }),
    rest: text.slice(match[0].length),
  };
}

const STORY =
  /^(?:user story:?\s*)?as\s+(an?|the)\s+(.{1,200}?),?\s+(?:i|we)\s+(?:want|need|would like|can|should be able|must be able|wish|expect)(?:\s+to)?\s+(.+)$/is;

/** Reads `As a … I want … so that …`. */
export function readStory(text: string): { role: string; goal: string; benefit?: string } | undefined {
  if (!/^(?:user story|as\s)/i.test(text)) return foreignStory(text);
  const match = STORY.exec(text.slice(0, 2000));
  if (!match) return undefined;
  const wish = match[3] ?? '';
  const cut = /[,;]?\s+(?:so that|so|in order to|because)\s+(?=\S)/i.exec(wish);
  const goal = (cut ? wish.slice(0, cut.index) : wish).replace(/[\s.,;]+$/, '');
  const benefit = cut ? wish.slice(cut.index + cut[0].length).replace(/[\s.]+$/, '') : undefined;
  return { role: (match[2] ?? '').trim(), goal, ...(benefit && { benefit }) };
}

/** A sentence that says what has to be. */
export function isDemand(text: string): boolean {
  if (/\bRFC ?(?:2119|8174)\b/i.test(text)) return false;
  return (
    /\b(?:must|shall|should|is required to|needs to|has to)\b(?! have \w+(?:ed|en|ne|ad)\b)/i.test(text) ||
    isForeignDemand(text)
  );
}

/** `Given …`, `When …`, `Then …` at the start of a line. */
export function stepOf(text: string): 'given' | 'when' | 'then' | 'and' | undefined {
  const match = /^(given|when|then|and|but)\b[\s:,]/i.exec(text);
  const word = match?.[1]?.toLowerCase();
  return word === 'but' ? 'and' : (word as 'given' | undefined);
}

const COLUMNS: readonly (readonly [ColumnName, RegExp])[] = [
  ['id', /^(?:id|#|no|nr|number|ref|req(?:uirement)? id|feature id|key)$/],
  ['criteria', /^(?:acceptance(?: criteria)?|ac|criteria|done when|verification|definition of done)$/],
  ['dependsOn', /^(?:depends on|dependenc(?:y|ies)|requires|blocked by|prerequisites?)$/],
  ['priority', /^(?:priority|prio|importance|moscow|p)$/],
  ['estimate', /^(?:estimates?|effort|hours|size|time)$/],
  ['owner', /^(?:owner|assignee|responsible|dri|lead)$/],
  ['tags', /^(?:tags?|labels?|areas?|component)$/],
  ['milestone', /^(?:milestone|phase|release|sprint)$/],
  ['value', /^(?:business )?value$|^(?:impact|benefit)$/],
  [
    'title',
    /^(?:feature(?: name)?|name|title|requirements?|user stor(?:y|ies)|story|capability|item|epic|what|task|use case|functionality)$/,
  ],
  ['description', /^(?:description|details?|summary|notes?|statement|specification)$/],
];

const FOREIGN_COLUMNS: readonly ColumnName[] = [
  'id',
  'description',
  'priority',
  'criteria',
  'dependsOn',
  'estimate',
  'owner',
  'tags',
  'milestone',
  'value',
];

export type ColumnName =
  | 'id'
  | 'title'
  | 'description'
  | 'priority'
  | 'criteria'
  | 'dependsOn'
  | 'estimate'
  | 'owner'
  | 'tags'
  | 'milestone'
  | 'value';

/** What a table's column holds, by its head. */
export function columnOf(head: string): ColumnName | undefined {
  const name = head.trim() === '#' ? '#' : aliasForm(head);
  const found = COLUMNS.find(([, pattern]) => pattern.test(name))?.[0];
  if (found || name === '') return found;
  if (isForeignTitleColumn(name)) return 'title';
  const field = foreignFieldOf(name);
  return field && (FOREIGN_COLUMNS.includes(field as ColumnName) ? (field as ColumnName) : undefined);
}

/** A title by which two are the same: lower case, no signs, no number in front. */
export const normalTitle = remembering((title: string): string =>
  aliasForm(title)
    .replace(/[^\p{L}\p{N} ]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim(),
);
