/** The parts of a score, in the order in which they are shown. */
export const FACTORS = ['readiness', 'urgency', 'priority', 'business_value', 'complexity_fit', 'continuity'] as const;

export type FactorName = (typeof FACTORS)[number];

/** How much each part counts; only their relation matters. */
export type Weights = Readonly<Record<FactorName, number>>;

/** Where they come from: docs/decisions/0011. */
export const DEFAULT_WEIGHTS: Weights = {
  readiness: 0.1,
  urgency: 0.25,
  priority: 0.2,
  business_value: 0.25,
  complexity_fit: 0.1,
  continuity: 0.1,
};

/** True for weights that a score can be made with: none below zero, and not all zero. */
export function areWeights(weights: Weights): boolean {
  const all = FACTORS.map((name) => weights[name]);
  return all.every((weight) => Number.isFinite(weight) && weight >= 0) && all.some((weight) => weight > 0);
}
