/** The four factors of a complexity score, in the names of its result. */
export const FACTORS = ['codeVolume', 'dependencies', 'technicalRisk', 'historicalData'] as const;
export type Factor = (typeof FACTORS)[number];

export type Weights = Readonly<Record<Factor, number>>;

/** Weights of seed 002. */
export const DEFAULT_WEIGHTS: Weights = {
  codeVolume: 0.35,
  dependencies: 0.25,
  technicalRisk: 0.25,
  historicalData: 0.15,
};

/** How the weights are called in a project's settings. */
export const WEIGHT_KEYS = {
  codeVolume: 'code_volume',
  dependencies: 'dependencies',
  technicalRisk: 'technical_risk',
  historicalData: 'historical_data',
} as const satisfies Record<Factor, string>;

/** How the weights are called in the environment. */
export const WEIGHT_VARIABLES: Readonly<Record<Factor, string>> = {
  codeVolume: 'COMPLEXITY_WEIGHTS_CODE_VOLUME',
  dependencies: 'COMPLEXITY_WEIGHTS_DEPENDENCIES',
  technicalRisk: 'COMPLEXITY_WEIGHTS_TECHNICAL_RISK',
  historicalData: 'COMPLEXITY_WEIGHTS_HISTORICAL_DATA',
};

/** The weights with a sum of 1; undefined where all of them are 0. */
export function normaliseWeights(weights: Weights): Weights | undefined {
  const sum = FACTORS.reduce((total, factor) => total + weights[factor], 0);
  if (sum <= 0) return undefined;
  return Object.fromEntries(FACTORS.map((factor) => [factor, weights[factor] / sum])) as Weights;
}
