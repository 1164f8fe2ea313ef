import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complexityResult } from '../../../../src/app/planning/complexity/complexityInputs.js';
import { assess } from '../../../../src/core/planning/complexity/assess.js';
import {
  codeVolume,
  dependencies,
  historicalData,
  likelyLines,
  percentileOf,
  technicalRisk,
} from '../../../../src/core/planning/complexity/factors.js';
import { scoreOf } from '../../../../src/core/planning/complexity/score.js';
import { DEFAULT_WEIGHTS, FACTORS } from '../../../../src/core/planning/complexity/weights.js';
import { check } from '../../../support/check.js';
import { facts, file, similar } from './support.js';

describe('each factor, by numbers worked out by hand', () => {
  test('code volume: ln(1 + L) / ln(5001), at most 1', () => {
    expect(codeVolume(0)).toBe(0);
    // ln 101 = 4.61512, ln 5001 = 8.51739
    expect(codeVolume(100)).toBeCloseTo(0.54185, 4);
    expect(codeVolume(5000)).toBe(1);
    expect(codeVolume(1_000_000)).toBe(1);
    expect(likelyLines([100, 2000])).toBe(0.25 * 100 + 0.25 * 400);
  });

  test('dependencies: 1 − e^(−(fan-in + 2 · open + across packages) / 20)', () => {
    expect(dependencies(0, 0, 0)).toBe(0);
    expect(dependencies(10, 3, 4)).toBeCloseTo(1 - Math.E ** -1, 10);
    expect(dependencies(20, 0, 0)).toBe(dependencies(0, 10, 0));
  });

  test('technical risk: 1 − Π(1 − risk)', () => {
    expect(technicalRisk([])).toBe(0);
    expect(technicalRisk([0.2, 0.5])).toBeCloseTo(0.6, 10);
    expect(technicalRisk([0.2, 1])).toBe(1);
  });

  test('experience: as estimated is the middle, twice the estimate the end', () => {
    expect(historicalData(1)).toBe(0.5);
    expect(historicalData(2)).toBe(1);
    expect(historicalData(0.5)).toBe(0);
    expect(historicalData(Math.SQRT2)).toBeCloseTo(0.75, 10);
    expect(historicalData(100)).toBe(1);
  });

  test('a hotspot is told by the share of files that change less', () => {
    expect(percentileOf(30, [0, 10, 20, 30])).toBe(0.75);
    expect(percentileOf(0, [0, 0, 0])).toBe(0);
    expect(percentileOf(1, [])).toBe(0);
  });
});

describe('the score', () => {
  test('is 1 + 9 · Σwf, to one decimal', () => {
    const { score, contributions, confidence } = scoreOf(
      { codeVolume: 0.5, dependencies: 0.4, technicalRisk: 0.2, historicalData: 1 },
      DEFAULT_WEIGHTS,
    );
    // 0.175 + 0.1 + 0.05 + 0.15 = 0.475; 1 + 9 · 0.475 = 5.275
    expect(score).toBe(5.3);
    expect(contributions.codeVolume).toBeCloseTo(1.575, 10);
    expect(confidence).toBe(1);
  });

  test('without a factor, the others have its weight', () => {
    const { score, weights, contributions, confidence } = scoreOf(
      { codeVolume: 0.5, dependencies: null, technicalRisk: 0.2, historicalData: null },
      DEFAULT_WEIGHTS,
    );
    // 0.35 : 0.25 is 7 : 5, so 7/12 · 0.5 + 5/12 · 0.2 = 0.375
    expect(score).toBe(4.4);
    expect(weights.codeVolume).toBeCloseTo(7 / 12, 10);
    expect([weights.dependencies, contributions.dependencies]).toEqual([0, null]);
    expect(confidence).toBe(0.6);
  });

  test('without any factor, there is none', () => {
    const none = { codeVolume: null, dependencies: null, technicalRisk: null, historicalData: null };
    expect(scoreOf(none, DEFAULT_WEIGHTS)).toMatchObject({ score: null, confidence: 0 });
  });

  const factor = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null });
  const factors = fc.record({
    codeVolume: factor,
    dependencies: factor,
    technicalRisk: factor,
    historicalData: factor,
  });
  const weight = fc.double({ min: 0, max: 100, noNaN: true });
  const weights = fc.record({
    codeVolume: weight,
    dependencies: weight,
    technicalRisk: weight,
    historicalData: weight,
  });

  test('lies between 1 and 10, and what the factors add makes it up', () => {
    check(
      fc.property(factors, weights, (values, weighing) => {
        const { score, contributions } = scoreOf(values, weighing);
        if (score === null) return;
        expect(score).toBeGreaterThanOrEqual(1);
        expect(score).toBeLessThanOrEqual(10);
        const sum = FACTORS.reduce((total, name) => total + (contributions[name] ?? 0), 1);
        expect(Math.abs(sum - score)).toBeLessThanOrEqual(0.05 + 1e-9);
      }),
    );
  });

  test('never falls when a factor rises', () => {
    check(
      fc.property(
        factors,
        weights,
        fc.constantFrom(...FACTORS),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, weighing, name, more) => {
          const before = values[name];
          if (before === null) return;
          const risen = { ...values, [name]: Math.min(1, before + more) };
          const [low, high] = [scoreOf(values, weighing).score, scoreOf(risen, weighing).score];
          expect(high ?? 0).toBeGreaterThanOrEqual(low ?? 0);
        },
      ),
    );
  });
});

describe('an assessment', () => {
  test('of nothing is no score, and says for each factor why', () => {
    const { score, estimatedHours, factors, riskAssessment, confidence, basis } = assess(facts());
    expect([score, estimatedHours, confidence, riskAssessment.level]).toEqual([null, null, 0, null]);
    expect(FACTORS.map((name) => factors[name])).toEqual([null, null, null, null]);
    expect(basis.factors.map((one) => one.says)).toEqual([
      'The task names no file that can be read, and no finished task like it has commits that name it.',
      'No file whose imports can be read, and it waits for no task.',
      'No file, tag or word says anything about risk.',
      'No finished task like it has both an estimate and actual hours.',
    ]);
  });

  test('takes the median of what similar tasks changed before what the files let expect', () => {
    const files = [file('src/a.ts', 100)];
    expect(assess(facts({ files })).estimatedLinesOfCode).toBe(25);
    const tasks = [
      similar(1, { changedLines: 40 }),
      similar(2, { changedLines: 10 }),
      similar(3, { changedLines: 300 }),
    ];
    const { estimatedLinesOfCode, factors } = assess(facts({ files, similar: tasks }));
    expect(estimatedLinesOfCode).toBe(40);
    expect(factors.codeVolume).toBeCloseTo(Math.log(41) / Math.log(5001), 3);
  });

  test('counts technologies by tag, language and imported package, hotspots by half, a missing test, words', () => {
    const imports = [
      {
        from: 'src/a.ts',
        to: '@angular/core',
        external: true,
        kind: 'import' as const,
        line: 3,
        typeOnly: false,
        isNew: true,
      },
    ];
    const { factors, riskAssessment } = assess(
      facts({
        title: 'Optimise the docker image',
        tags: ['Docker'],
        codeLanguage: 'python',
        files: [file('src/a.ts', 10, { tests: [], hotspot: 0.96, commits: 7, imports })],
      }),
    );
    // angular 0.3, docker 0.25, python 0.1, hotspot 0.48, no test 0.2, performance 0.1
    expect(factors.technicalRisk).toBeCloseTo(1 - 0.7 * 0.75 * 0.9 * 0.52 * 0.8 * 0.9, 4);
    expect(riskAssessment.factors.map((one) => [one.category, one.impact, one.priority, one.probability])).toEqual([
      ['technology', 0.3, 'medium', 1],
      ['technology', 0.25, 'medium', 1],
      ['technology', 0.1, 'low', 1],
      ['maintenance', 0.48, 'high', 1],
      ['maintenance', 0.2, 'low', 1],
      ['performance', 0.1, 'low', null],
    ]);
    expect(riskAssessment.factors[0]?.evidence).toEqual([{ path: 'src/a.ts', line: 3 }]);
    expect(riskAssessment.level).toBe('high');
  });

  test('knows the levels of risk of the seed', () => {
    const level = (...tags: string[]) => assess(facts({ tags })).riskAssessment.level;
    expect(level('python')).toBe('low');
    expect(level('docker')).toBe('medium');
    expect(level('docker', 'angular', 'graphql', 'microservices')).toBe('high');
    expect(level('blockchain')).toBe('high');
    expect(level('blockchain', 'machine-learning', 'webassembly')).toBe('critical');
  });

  test('a factor that was switched off is dropped and said', () => {
    const options = {
      analyze_dependencies: true,
      estimate_code_volume: false,
      assess_risk: false,
      use_historical_data: true,
    };
    const { factors, basis, riskAssessment, estimatedLinesOfCode } = assess(
      facts({ options, files: [file('src/a.ts', 100, { importers: [] })], graph: { fanIn: 5, crossPackage: 0 } }),
    );
    expect([factors.codeVolume, factors.technicalRisk, estimatedLinesOfCode]).toEqual([null, null, null]);
    expect(riskAssessment).toMatchObject({ level: null, factors: [] });
    expect(basis.factors[0]?.says).toBe('Switched off by the options.');
    expect(basis.weights.dependencies).toBe(1);
  });

  test('finds marked work, length, hotspots, cycles and lost files, each with its place', () => {
    const measure = {
      lines: 1200,
      markers: [{ line: 7, text: '// TODO: mend' }],
      longestFunction: { line: 30, lines: 150, text: 'function long() {' },
      ownTests: false,
    };
    const imports = [
      {
        from: 'src/a.ts',
        to: 'src/b.ts',
        external: false,
        kind: 'import' as const,
        line: 2,
        typeOnly: false,
        isNew: false,
      },
    ];
    const cycle = ['src/a.ts', 'src/b.ts', 'src/a.ts'];
    const { findings, riskAssessment } = assess(
      facts({
        files: [file('src/a.ts', 0, { measure, tests: [], hotspot: 0.95, commits: 9, imports, cycle })],
        missing: ['src/gone.ts'],
      }),
    );
    expect(findings.map(({ kind, path, line, text }) => [kind, path, line, text])).toEqual([
      ['missing_file', 'src/gone.ts', undefined, undefined],
      ['marker', 'src/a.ts', 7, '// TODO: mend'],
      ['long_file', 'src/a.ts', 1, undefined],
      ['long_function', 'src/a.ts', 30, 'function long() {'],
      ['hotspot', 'src/a.ts', 1, undefined],
      ['no_test', 'src/a.ts', 1, undefined],
      ['cycle', 'src/a.ts', 2, undefined],
    ]);
    expect(
      riskAssessment.technicalDebt.map(({ type, total, remediationEffort }) => [type, total, remediationEffort]),
    ).toEqual([
      ['Marked Work', 1, null],
      ['Missing Tests', 1, null],
      ['Code Complexity', 2, null],
      ['Cyclic Imports', 1, null],
      ['Broken References', 1, null],
    ]);
    expect(riskAssessment.mitigations).toContain('Write a test of src/a.ts before changing it.');
  });

  const anyFile = fc.record({
    path: fc.constantFrom('src/a.ts', 'src/b.py', 'docs/x.md'),
    lines: fc.nat(10_000),
    hotspot: fc.option(fc.double({ min: 0, max: 0.999, noNaN: true }), { nil: undefined }),
    tests: fc.array(fc.constant('t.test.ts'), { maxLength: 2 }),
  });
  const anyFacts = fc
    .record({
      files: fc.uniqueArray(anyFile, { selector: (one) => one.path, maxLength: 3 }),
      openDependencies: fc.nat(50),
      fanIn: fc.option(fc.nat(2000), { nil: undefined }),
      tags: fc.array(fc.constantFrom('docker', 'react', 'blockchain', 'other'), { maxLength: 3 }),
      ratios: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { maxLength: 5 }),
      changed: fc.array(fc.nat(100_000), { maxLength: 5 }),
    })
    .map(({ files, fanIn, ratios, changed, ...others }) =>
      facts({
        ...others,
        files: files.map(({ path, lines, hotspot, tests }) =>
          file(path, lines, { tests, ...(hotspot !== undefined && { hotspot, commits: 1 }) }),
        ),
        ...(fanIn !== undefined && { graph: { fanIn, crossPackage: 0 } }),
        similar: [
          ...ratios.map((ratio, at) => similar(at, { ratio })),
          ...changed.map((changedLines, at) => similar(at, { changedLines })),
        ],
      }),
    );

  test('has the promised shape, a score between 1 and 10, and is the same for the same facts', () => {
    check(
      fc.property(anyFacts, (given) => {
        const result = assess(given);
        const metadata = { version: '1', options: {} };
        complexityResult().parse({ ...result, metadata });
        if (result.score !== null) {
          expect(result.score).toBeGreaterThanOrEqual(1);
          expect(result.score).toBeLessThanOrEqual(10);
        }
        expect(JSON.stringify(assess(structuredClone(given)))).toBe(JSON.stringify(result));
      }),
    );
  });

  test('never falls with more importers, more open dependencies or a hotter file', () => {
    check(
      fc.property(anyFacts, fc.nat(100), (given, more) => {
        const { graph } = given;
        const score = (one: typeof given) => assess(one).score ?? 0;
        if (graph)
          expect(score({ ...given, graph: { ...graph, fanIn: graph.fanIn + more } })).toBeGreaterThanOrEqual(
            score(given),
          );
        if (graph || given.openDependencies > 0)
          expect(score({ ...given, openDependencies: given.openDependencies + more })).toBeGreaterThanOrEqual(
            score(given),
          );
        const hotter = given.files.map((one) => (one.hotspot === undefined ? one : { ...one, hotspot: 0.999 }));
        expect(score({ ...given, files: hotter })).toBeGreaterThanOrEqual(score(given));
      }),
    );
  });
});
