import type { ImportEdge } from './imports/graph.js';
import type { FileMeasure } from './measure.js';
import type { Weights } from './weights.js';

/** How a file belongs to a task. */
export type FileOrigin = 'reference' | 'description' | 'similar';

/** What is known of a file; what is absent is not. */
export interface FileFacts {
  readonly path: string;
  readonly from: FileOrigin;
  readonly isSource: boolean;
  readonly isTest: boolean;
  readonly measure?: FileMeasure;
  readonly importers?: readonly string[];
  readonly imports?: readonly (ImportEdge & { readonly isNew: boolean })[];
  /** Back to itself through what it imports. */
  readonly cycle?: readonly string[];
  readonly commits?: number;
  /** Share of the files of the workspace that have less of commits × bytes. */
  readonly hotspot?: number;
  readonly tests?: readonly string[];
}

/** A finished task that is like this one, or linked with it. */
export interface SimilarTask {
  readonly id: string;
  readonly name: string;
  readonly similarity: number;
  /** Lines added and deleted by commits that name it, and no other task. */
  readonly changedLines?: number;
  /** Actual hours by estimated hours. */
  readonly ratio?: number;
}

export interface ComplexityOptionFacts {
  readonly analyze_dependencies: boolean;
  readonly estimate_code_volume: boolean;
  readonly assess_risk: boolean;
  readonly use_historical_data: boolean;
}

/** Everything that a result follows from: with the same facts it is the same. */
export interface ComplexityFacts {
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly codeLanguage?: string;
  readonly openDependencies: number;
  readonly files: readonly FileFacts[];
  /** References to files that are not there. */
  readonly missing: readonly string[];
  /** Absent where the imports were not looked through. */
  readonly graph?: { readonly fanIn: number; readonly crossPackage: number };
  /** Why there are no commits to count. */
  readonly noHistory?: string;
  readonly similar: readonly SimilarTask[];
  readonly weights: Weights;
  readonly weightsFrom: 'defaults' | 'settings' | 'environment';
  /** Names in lower case, risks 0 to 1. */
  readonly technologies: Readonly<Record<string, number>>;
  readonly options: ComplexityOptionFacts;
  readonly workspace: {
    readonly root: string;
    readonly files: number;
    readonly scanned: number;
    readonly commits: number;
    readonly ignored: 'git' | 'names' | 'none';
  };
  /** What was cut, or could not be read. */
  readonly notes: readonly string[];
}

/** A factor, of how many things it is reckoned, and in words from what, or why it is not known. */
export interface FactorValue {
  readonly value: number | null;
  readonly n: number;
  readonly says: string;
}

/** A place in the code that shows what is said. */
export interface EvidencePlace {
  readonly path: string;
  readonly line?: number;
  readonly text?: string;
}

/** The files that a factor is about: the task's own, else those of tasks like it. */
export function concerned(facts: ComplexityFacts): readonly FileFacts[] {
  const own = facts.files.filter((file) => file.from !== 'similar');
  return own.length > 0 ? own : facts.files;
}
