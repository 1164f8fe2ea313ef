import type { ComplexityFacts, FileFacts } from '../../../../src/core/planning/complexity/facts.js';
import { DEFAULT_WEIGHTS } from '../../../../src/core/planning/complexity/weights.js';
import { TECHNOLOGY_RISKS } from '../../../../src/core/planning/complexity/words.js';

/** A task of which nothing is known, but for what is given. */
export function facts(given: Partial<ComplexityFacts> = {}): ComplexityFacts {
  return {
    title: 'Sort the list',
    description: '',
    tags: [],
    openDependencies: 0,
    files: [],
    missing: [],
    similar: [],
    weights: DEFAULT_WEIGHTS,
    weightsFrom: 'defaults',
    technologies: TECHNOLOGY_RISKS,
    options: { analyze_dependencies: true, estimate_code_volume: true, assess_risk: true, use_historical_data: true },
    workspace: { root: '.', files: 0, scanned: 0, commits: 0, ignored: 'git' },
    notes: [],
    ...given,
  };
}

/** A file of so many lines that nothing is wrong with. */
export function file(path: string, lines: number, given: Partial<FileFacts> = {}): FileFacts {
  const measure = { lines, markers: [], ownTests: false };
  return { path, from: 'reference', isSource: true, isTest: false, tests: ['a.test.ts'], measure, ...given };
}

export function similar(number: number, given: { changedLines?: number; ratio?: number }) {
  return { id: `0000000${number}`, name: `T-${number}`, similarity: 0.5, ...given };
}
