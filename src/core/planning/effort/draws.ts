import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type LogNormal, remaining } from './lognormal.js';

const WARM_UP = 64;

/** A sequence of numbers that look drawn at random, 0 < u < 1, the same for the same seed. */
export function drawsFrom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  // Its first numbers still show the seed.
  for (let at = 0; at < WARM_UP; at += 1) generator.next();
  return () => ((generator.next() >>> 0) + 0.5) / 4_294_967_296;
}

/** A part of a larger piece of work. */
export interface Part extends LogNormal {
  /** Hours that were spent on it already. */
  readonly elapsed: number;
}

/** So many draws unless told otherwise. */
export const RUNS = 4_000;

/**
 * The sum of independent parts, and of what is known to be done, drawn so many times: quantiles of a sum are not the sums
 * of quantiles.
 */
export function drawSum(parts: readonly Part[], done: number, seed: number, runs = RUNS): Float64Array {
  const draw = drawsFrom(seed);
  const sums = new Float64Array(runs).fill(done);
  for (const part of parts)
    for (let run = 0; run < runs; run += 1)
      sums[run] = (sums[run] ?? 0) + part.elapsed + remaining(part, part.elapsed, draw());
  return sums;
}
