/** Hours of work that are not known: their logarithm is normally distributed. */
export interface LogNormal {
  /** The logarithm of the median. */
  readonly mu: number;
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
}

/** Standard normal quantiles of 80 % and 90 %. */
export const Z80 = 0.8416212335729143;
export const Z90 = 1.2815515655446004;

/** The hours that are not exceeded with a probability `p`, 0 < p < 1. */
export function quantile({ mu, sigma }: LogNormal, p: number): number {
  return Math.exp(mu + sigma * normalQuantile(p));
}

/** The distribution with this median and 80 % quantile, hours; with both equal, or the second smaller, it has no spread. */
export function fromQuantiles(p50: number, p80: number): LogNormal {
  return { mu: Math.log(p50), sigma: p80 > p50 ? Math.log(p80 / p50) / Z80 : 0 };
}

/**
 * What is left of work on which `elapsed` hours were spent already, for a uniform draw 0 < u < 1: a value of X − elapsed
 * under the condition X > elapsed. Work that should be done by all experience has nothing left.
 */
export function remaining({ mu, sigma }: LogNormal, elapsed: number, u: number): number {
  if (elapsed <= 0) return Math.exp(mu + sigma * normalQuantile(u));
  if (sigma === 0) return Math.max(0, Math.exp(mu) - elapsed);
  const tail = upperTail((Math.log(elapsed) - mu) / sigma);
  if (tail < 1e-300) return 0;
  return Math.max(0, Math.exp(mu - sigma * normalQuantile(tail * u)) - elapsed);
}

/** P(Z > z) of the standard normal distribution, to a relative error of 1.2e-7 (Chebyshev fit of erfc, Numerical Recipes). */
export function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  let sum = 0;
  for (const coefficient of ERFC) sum = sum * t + coefficient;
  const half = 0.5 * t * Math.exp(-x * x + sum);
  return z >= 0 ? half : 1 - half;
}

const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];

/**
 * The standard normal quantile for 0 < p < 1, to a relative error of 1.2e-9 (Acklam's rational approximation). Written
 * out: a forecast asks for millions.
 */
export function normalQuantile(p: number): number {
  if (p < LOW) return tailQuantile(p);
  if (p > 1 - LOW) return -tailQuantile(1 - p);
  const q = p - 0.5;
  const r = q * q;
  const above =
    ((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
    2.506628277459239;
  const below =
    ((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
    1;
  return (above * q) / below;
}

const LOW = 0.02425;

function tailQuantile(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  const above =
    ((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const below =
    (((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return above / below;
}
