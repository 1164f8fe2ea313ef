import { rounded } from '../../metrics/statistics.js';
import { counted } from '../../model/counted.js';
import { technicalRisk } from './factors.js';
import { type ComplexityFacts, concerned, type EvidencePlace, type FactorValue } from './facts.js';
import { type Finding, untested } from './findings.js';
import { HINT_RISK, hintsIn } from './words.js';

export type Level = 'low' | 'medium' | 'high';

/** Something that may go wrong. */
export interface RiskFactor {
  readonly category: 'technology' | 'architecture' | 'integration' | 'maintenance' | 'performance';
  readonly description: string;
  /** What it adds to the technical risk if it were the only one, 0 to 1. */
  readonly impact: number;
  /** 1 where it was measured; null where only words hint at it. */
  readonly probability: number | null;
  readonly priority: Level;
  readonly evidence: EvidencePlace[];
}

export interface DebtItem {
  readonly type: 'Marked Work' | 'Missing Tests' | 'Code Complexity' | 'Cyclic Imports' | 'Broken References';
  readonly description: string;
  /** Nothing here measures hours. */
  readonly remediationEffort: null;
  readonly priority: Level;
  readonly evidence: EvidencePlace[];
  /** How many places there are. */
  readonly total: number;
}

const NO_TEST_RISK = 0.2;
/** The hottest file of a workspace has a percentile near 1, which alone would make the risk of everything in it 1. */
const HOTSPOT_SHARE = 0.5;
const MOST_EVIDENCE = 20;

/** What may go wrong, in a stable order. */
export function risksOf(facts: ComplexityFacts): RiskFactor[] {
  const files = concerned(facts);
  return [...technologies(facts), ...hotspots(files), ...missingTests(files), ...hints(facts)];
}

/** 1 − Π(1 − risk); not known where there is neither a file nor a sign in what the task says. */
export function riskFactor(facts: ComplexityFacts, risks: readonly RiskFactor[]): FactorValue {
  const files = concerned(facts).length;
  if (risks.length === 0 && files === 0)
    return { value: null, n: 0, says: 'No file, tag or word says anything about risk.' };
  const value = technicalRisk(risks.map(({ impact }) => impact));
  const without = facts.noHistory === undefined ? '' : ` Hotspots are not known: ${facts.noHistory}.`;
  const parts = risks.map(({ description, impact }) => `${description} ${rounded(impact, 3)}`);
  const found = parts.length === 0 ? `nothing risky in ${counted(files, 'file')}` : parts.join('; ');
  return { value, n: Math.max(files, risks.length), says: `1 − Π(1 − risk): ${found}.${without}` };
}

/** Seed 002's thresholds; null without a risk factor. */
export function riskLevel(
  risks: readonly RiskFactor[],
  value: number | null,
): 'low' | 'medium' | 'high' | 'critical' | null {
  if (value === null) return null;
  const count = (level: Level) => risks.filter(({ priority }) => priority === level).length;
  if (count('high') > 2) return 'critical';
  if (count('high') >= 1 || count('medium') > 3) return 'high';
  return count('medium') >= 1 ? 'medium' : 'low';
}

/** What is left to do in the task's files, with the places. */
export function debtOf(findings: readonly Finding[]): DebtItem[] {
  const item = (
    type: DebtItem['type'],
    priority: Level,
    kinds: readonly Finding['kind'][],
    says: (n: number) => string,
  ) => {
    const places = findings.filter(({ kind }) => kinds.includes(kind));
    if (places.length === 0) return [];
    const evidence = places.slice(0, MOST_EVIDENCE).map(({ path, line, text }) => ({
      path,
      ...(line !== undefined && { line }),
      ...(text !== undefined && { text }),
    }));
    const description = says(places.length);
    return [{ type, description, remediationEffort: null, priority, evidence, total: places.length }];
  };
  const dense = findings.some(({ kind, value }) => kind === 'marker' && value !== null && value > 1);
  return [
    ...item(
      'Marked Work',
      dense ? 'medium' : 'low',
      ['marker'],
      (n) => `${counted(n, 'place')} marked TODO, FIXME, HACK or XXX`,
    ),
    ...item('Missing Tests', 'medium', ['no_test'], (n) => `${counted(n, 'source file')} without a test`),
    ...item(
      'Code Complexity',
      'medium',
      ['long_file', 'long_function'],
      (n) => `${counted(n, 'file or function', 'files or functions')} of great length`,
    ),
    ...item('Cyclic Imports', 'medium', ['cycle'], (n) => `${counted(n, 'file')} in a cycle of imports`),
    ...item('Broken References', 'low', ['missing_file'], (n) => `${counted(n, 'reference')} to files that are gone`),
  ];
}

/** What can be done about what was found, each with the file it is about. */
export function mitigationsOf(findings: readonly Finding[], risks: readonly RiskFactor[]): string[] {
  const paths = (...kinds: Finding['kind'][]) => [
    ...new Set(findings.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => path)),
  ];
  const advice = (files: readonly string[], says: (files: string) => string) =>
    files.length === 0
      ? []
      : [says(files.length > 3 ? `${files.slice(0, 3).join(', ')} and ${files.length - 3} more` : files.join(', '))];
  const hints = risks.filter(({ probability }) => probability === null);
  return [
    ...advice(paths('no_test'), (files) => `Write a test of ${files} before changing it.`),
    ...advice(
      paths('hotspot'),
      (files) => `Change ${files} in small steps: it changes often, so others may work in it.`,
    ),
    ...advice(
      paths('long_file', 'long_function'),
      (files) => `Split what is long in ${files} where the task touches it.`,
    ),
    ...advice(paths('cycle'), (files) => `Break the cycle of imports at ${files}.`),
    ...advice(paths('missing_file'), (files) => `Point the task to where ${files} has gone, or remove the reference.`),
    ...(hints.length > 0
      ? [`Settle first what the task means: ${hints.map((one) => one.description).join('; ')}.`]
      : []),
  ];
}

function risk(
  category: RiskFactor['category'],
  description: string,
  impact: number,
  probability: number | null,
  evidence: EvidencePlace[] = [],
): RiskFactor {
  const priority = impact > 0.4 ? 'high' : impact > 0.2 ? 'medium' : 'low';
  return { category, description, impact: rounded(impact, 4), probability, priority, evidence };
}

/** By tags, the task's language, and packages that its files import. */
function technologies(facts: ComplexityFacts): RiskFactor[] {
  const words = new Map<string, { readonly from: string; readonly evidence: EvidencePlace[] }>();
  for (const tag of facts.tags) words.set(tag.toLowerCase(), { from: 'tag', evidence: [] });
  if (facts.codeLanguage) words.set(facts.codeLanguage.toLowerCase(), { from: 'language', evidence: [] });
  for (const { imports = [] } of concerned(facts)) {
    for (const { to, external, from: path, line } of imports) {
      if (!external) continue;
      const name = technologyOf(to);
      const known = words.get(name);
      if (known) known.evidence.push({ path, line });
      else words.set(name, { from: 'imported', evidence: [{ path, line }] });
    }
  }
  return Object.keys(facts.technologies)
    .sort()
    .flatMap((name) => {
      const found = words.get(name);
      const impact = facts.technologies[name] ?? 0;
      if (!found || impact <= 0) return [];
      return [risk('technology', `${name} (${found.from})`, impact, 1, found.evidence.slice(0, MOST_EVIDENCE))];
    });
}

/** A package as the table calls it: its own name, or its scope. */
function technologyOf(name: string): string {
  const [first = '', second] = name.toLowerCase().split('/');
  if (first.startsWith('node:')) return 'node.js';
  return first.startsWith('@') && second !== undefined ? first.slice(1) : first;
}

/** The hottest of the files stands for all. */
function hotspots(files: ReturnType<typeof concerned>): RiskFactor[] {
  const hottest = files.reduce<(typeof files)[number] | undefined>(
    (best, file) => ((file.hotspot ?? 0) > (best?.hotspot ?? 0) ? file : best),
    undefined,
  );
  if (!hottest?.hotspot) return [];
  const says = `${hottest.path} changes often for its size: ahead of ${Math.floor(hottest.hotspot * 100)} % of the files`;
  return [risk('maintenance', says, HOTSPOT_SHARE * hottest.hotspot, 1, [{ path: hottest.path, line: 1 }])];
}

function missingTests(files: ReturnType<typeof concerned>): RiskFactor[] {
  const without = files.filter(untested);
  if (without.length === 0) return [];
  const evidence = without.slice(0, MOST_EVIDENCE).map(({ path }) => ({ path, line: 1 }));
  return [risk('maintenance', `${counted(without.length, 'file')} without a test`, NO_TEST_RISK, 1, evidence)];
}

function hints({ title, description }: ComplexityFacts): RiskFactor[] {
  return hintsIn(`${title}\n${description}`).map(({ name, category }) =>
    risk(category, `the text speaks of ${name}`, HINT_RISK, null),
  );
}
