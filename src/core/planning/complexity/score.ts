import { FACTORS, type Factor, normaliseWeights, type Weights } from './weights.js';

export interface Score {
  /** From 1 to 10, with one decimal; null where no factor is known. */
  readonly score: number | null;
  /** Weights as used: 0 for a factor that is not known, their sum 1; all 0 where none is. */
  readonly weights: Weights;
  /** What each factor adds to the score; with 1 they add up to it, but for rounding. */
  readonly contributions: Readonly<Record<Factor, number | null>>;
  /** Share of the weights whose factor is known. */
  readonly confidence: number;
}

/** `1 + 9·Σwᵢfᵢ/Σw` over the factors that are known (each 0 to 1). */
export function scoreOf(factors: Readonly<Record<Factor, number | null>>, weights: Weights): Score {
  const known = by((factor) => (factors[factor] === null ? 0 : weights[factor]));
  const total = FACTORS.reduce((sum, factor) => sum + weights[factor], 0);
  const used = normaliseWeights(known);
  if (!used) return { score: null, weights: by(() => 0), contributions: by(() => null), confidence: 0 };
  const contributions = by((factor) => (factors[factor] === null ? null : 9 * used[factor] * factors[factor]));
  const exact = FACTORS.reduce((sum, factor) => sum + (contributions[factor] ?? 0), 1);
  const share = FACTORS.reduce((sum, factor) => sum + known[factor], 0) / total;
  return {
    score: Math.min(10, Math.max(1, Math.round(exact * 10) / 10)),
    weights: used,
    contributions,
    confidence: Math.round(share * 1000) / 1000,
  };
}

function by<T>(value: (factor: Factor) => T): Record<Factor, T> {
  return Object.fromEntries(FACTORS.map((factor) => [factor, value(factor)])) as Record<Factor, T>;
}
