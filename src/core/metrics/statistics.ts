/** The middle value; the mean of the two in the middle of an even number. Null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** The smallest value that is not exceeded by so many percent of them (nearest rank). Null of nothing. */
export function nearestRank(values: readonly number[], percent: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return rankOf(sorted, percent / 100) ?? null;
}

/** The same by a share of 1 of values that are sorted already. Undefined of nothing. */
export function rankOf(sorted: ArrayLike<number>, share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** To so many decimals, as it is shown; null stays null. */
export function rounded<T extends number | null>(value: T, decimals: number): T {
  return (value === null ? null : Math.round(value * 10 ** decimals) / 10 ** decimals) as T;
}

/** The nearest number from 0 to 1. */
export function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** A share in percent with one decimal; null of nothing. */
export function percentage(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((1000 * part) / whole) / 10;
}
