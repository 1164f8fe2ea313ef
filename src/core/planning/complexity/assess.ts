import { median, rounded } from '../../metrics/statistics.js';
import { counted } from '../../model/counted.js';
import { priorHours, toHalfHours } from '../effort/shrinkage.js';
import { codeVolume, dependencies, historicalData, likelyLines } from './factors.js';
import { type ComplexityFacts, concerned, type FactorValue, type FileOrigin } from './facts.js';
import { cutFindings, type Finding, findingsOf } from './findings.js';
import { type DebtItem, debtOf, mitigationsOf, type RiskFactor, riskFactor, riskLevel, risksOf } from './risk.js';
import { scoreOf } from './score.js';
import { FACTORS, type Factor } from './weights.js';
import { hintsIn } from './words.js';

/** Of what the files import, so many are told. */
const MOST_DEPENDENCIES = 200;
const MOST_FILES = 200;
/** Of the numbers that are told. */
const DECIMALS = 4;

export interface Assessment {
  readonly score: number | null;
  readonly estimatedHours: number | null;
  readonly factors: Readonly<Record<Factor, number | null>> & {
    readonly details: {
      readonly linesOfCode: number | null;
      readonly fileCount: number;
      readonly importCount: number | null;
      readonly externalDependencies: number | null;
      readonly newTechnologies: string[];
      readonly riskFactors: string[];
    };
  };
  readonly riskAssessment: {
    readonly level: ReturnType<typeof riskLevel>;
    readonly factors: RiskFactor[];
    readonly mitigations: string[];
    readonly technicalDebt: DebtItem[];
  };
  readonly dependencies: {
    readonly path: string;
    readonly type: 'import' | 'require' | 'reference';
    readonly strength: number;
    readonly external: boolean;
  }[];
  readonly estimatedLinesOfCode: number | null;
  readonly confidence: number;
  readonly findings: Finding[];
  readonly basis: {
    readonly formula: string;
    readonly weights: Readonly<Record<Factor, number>>;
    readonly weightsFrom: ComplexityFacts['weightsFrom'];
    readonly factors: (FactorValue & { readonly factor: Factor; readonly contribution: number | null })[];
    readonly files: {
      readonly path: string;
      readonly from: FileOrigin;
      readonly lines: number | null;
      readonly importedBy: number | null;
      readonly commits: number | null;
      readonly hotspot: number | null;
      readonly tests: number | null;
    }[];
    readonly similar: {
      readonly id: string;
      readonly name: string;
      readonly similarity: number;
      readonly changedLines: number | null;
      readonly ratio: number | null;
    }[];
    readonly workspace: ComplexityFacts['workspace'];
    readonly notes: string[];
  };
}

/** How complex a task is, by what is known of it. The same facts give the same assessment. */
export function assess(facts: ComplexityFacts): Assessment {
  const risks = facts.options.assess_risk ? risksOf(facts) : [];
  const volume = volumeOf(facts);
  const values: Readonly<Record<Factor, FactorValue>> = {
    codeVolume: switched(facts.options.estimate_code_volume, volume),
    dependencies: switched(facts.options.analyze_dependencies, dependenciesOf(facts)),
    technicalRisk: switched(facts.options.assess_risk, riskFactor(facts, risks)),
    historicalData: switched(facts.options.use_historical_data, historyOf(facts)),
  };
  const factors = Object.fromEntries(FACTORS.map((factor) => [factor, values[factor].value])) as Record<
    Factor,
    number | null
  >;
  const { score, weights, contributions, confidence } = scoreOf(factors, facts.weights);
  const findings = findingsOf(facts);
  const { told, notes } = cutFindings(findings);
  const imported = importedBy(facts);
  const files = concerned(facts);
  return {
    score,
    estimatedHours: score === null ? null : toHalfHours(priorHours(score)),
    factors: { ...shown(factors), details: detailsOf(facts) },
    riskAssessment: {
      level: riskLevel(risks, factors.technicalRisk),
      factors: risks,
      mitigations: mitigationsOf(findings, risks),
      technicalDebt: debtOf(findings),
    },
    dependencies: imported.slice(0, MOST_DEPENDENCIES),
    estimatedLinesOfCode: facts.options.estimate_code_volume ? volume.lines : null,
    confidence,
    findings: told,
    basis: {
      formula: 'score = 1 + 9 · Σ weight · factor / Σ weight, over the factors that are known',
      weights: shown(weights) as Record<Factor, number>,
      weightsFrom: facts.weightsFrom,
      factors: FACTORS.map((factor) => ({
        factor,
        ...values[factor],
        value: rounded(factors[factor], DECIMALS),
        contribution: rounded(contributions[factor], DECIMALS),
      })),
      files: files.slice(0, MOST_FILES).map(({ path, from, measure, importers, commits, hotspot, tests }) => ({
        path,
        from,
        lines: measure?.lines ?? null,
        importedBy: importers?.length ?? null,
        commits: commits ?? null,
        hotspot: rounded(hotspot ?? null, DECIMALS),
        tests: tests?.length ?? null,
      })),
      similar: facts.similar.map(({ changedLines = null, ratio = null, similarity, ...task }) => ({
        ...task,
        similarity: rounded(similarity, DECIMALS),
        changedLines,
        ratio: rounded(ratio, DECIMALS),
      })),
      workspace: facts.workspace,
      notes: [
        ...facts.notes,
        ...notes,
        ...cut(imported.length, MOST_DEPENDENCIES, 'imports'),
        ...cut(files.length, MOST_FILES, 'files'),
      ],
    },
  };
}

function switched(on: boolean, value: FactorValue): FactorValue {
  return on ? value : { value: null, n: 0, says: 'Switched off by the options.' };
}

/** The median of what similar tasks changed, else what its files let one expect. */
function volumeOf(facts: ComplexityFacts): FactorValue & { readonly lines: number | null } {
  const changed = facts.options.use_historical_data
    ? facts.similar.flatMap(({ changedLines }) => changedLines ?? [])
    : [];
  const typical = median(changed);
  if (typical !== null) {
    const says = `${typical} lines, the median that the commits of ${counted(changed.length, 'similar finished task')} changed.`;
    return { value: codeVolume(typical), n: changed.length, says, lines: Math.round(typical) };
  }
  const lengths = facts.files.filter(({ from }) => from !== 'similar').flatMap(({ measure }) => measure?.lines ?? []);
  if (lengths.length > 0) {
    const lines = likelyLines(lengths);
    const says = `${rounded(lines, 1)} lines: a quarter of ${counted(lengths.length, 'file')} that the task names, at most 400 lines of each.`;
    return { value: codeVolume(lines), n: lengths.length, says, lines: Math.round(lines) };
  }
  const says = 'The task names no file that can be read, and no finished task like it has commits that name it.';
  return { value: null, n: 0, says, lines: null };
}

function dependenciesOf(facts: ComplexityFacts): FactorValue {
  const { graph, openDependencies } = facts;
  const open = counted(openDependencies, 'open dependency', 'open dependencies');
  if (!graph && openDependencies === 0)
    return { value: null, n: 0, says: 'No file whose imports can be read, and it waits for no task.' };
  if (!graph)
    return {
      value: dependencies(0, openDependencies, 0),
      n: openDependencies,
      says: `${open}; no file whose imports can be read.`,
    };
  const { fanIn, crossPackage } = graph;
  return {
    value: dependencies(fanIn, openDependencies, crossPackage),
    n: concerned(facts).filter(({ importers }) => importers !== undefined).length,
    says: `${counted(fanIn, 'file imports', 'files import')} its files, ${open}, ${counted(crossPackage, 'import')} across packages: 1 − e^(−(${fanIn} + 2·${openDependencies} + ${crossPackage})/20).`,
  };
}

function historyOf({ similar }: ComplexityFacts): FactorValue {
  const ratios = similar.flatMap(({ ratio }) => ratio ?? []);
  const typical = median(ratios);
  if (typical === null)
    return { value: null, n: 0, says: 'No finished task like it has both an estimate and actual hours.' };
  return {
    value: historicalData(typical),
    n: ratios.length,
    says: `${counted(ratios.length, 'similar finished task')} took ${rounded(typical, 2)} times the estimate (median).`,
  };
}

function detailsOf(facts: ComplexityFacts): Assessment['factors']['details'] {
  const own = facts.files.filter(({ from }) => from !== 'similar');
  const files = concerned(facts);
  const lengths = own.flatMap(({ measure }) => measure?.lines ?? []);
  const known = files.filter(({ imports }) => imports !== undefined);
  const edges = known.flatMap(({ imports = [] }) => imports);
  const external = new Set(edges.filter((edge) => edge.external).map(({ to }) => to));
  const fresh = edges.filter((edge) => edge.external && edge.isNew).map(({ to }) => to);
  return {
    linesOfCode: lengths.length === 0 ? null : lengths.reduce((sum, lines) => sum + lines, 0),
    fileCount: own.length,
    importCount: known.length === 0 ? null : edges.length,
    externalDependencies: known.length === 0 ? null : external.size,
    newTechnologies: [...new Set(fresh)].sort(),
    riskFactors: hintsIn(`${facts.title}\n${facts.description}`).map(({ name }) => name),
  };
}

/** What the files import, what most of them do first. */
function importedBy(facts: ComplexityFacts): Assessment['dependencies'][number][] {
  const found = new Map<string, Assessment['dependencies'][number]>();
  for (const { imports = [] } of concerned(facts)) {
    for (const { to, external, kind } of imports) {
      const key = `${external} ${to}`;
      const known = found.get(key);
      found.set(key, { path: to, type: known?.type ?? kind, strength: (known?.strength ?? 0) + 1, external });
    }
  }
  return [...found.values()].sort(
    (a, b) => b.strength - a.strength || Number(a.external) - Number(b.external) || (a.path < b.path ? -1 : 1),
  );
}

function cut(total: number, limit: number, what: string): string[] {
  return total > limit ? [`Of ${total} ${what}, the first ${limit} are told.`] : [];
}

function shown(values: Readonly<Record<Factor, number | null>>): Record<Factor, number | null> {
  return Object.fromEntries(FACTORS.map((factor) => [factor, rounded(values[factor], DECIMALS)])) as Record<
    Factor,
    number | null
  >;
}
