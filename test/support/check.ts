import fc from 'fast-check';

/** The same random cases always, so that a failure anywhere is a failure everywhere; as long as their limits allow. */
fc.configureGlobal({ seed: 20_261_201, baseSize: 'xlarge' });

/** Asserts a property on `runs` random cases. */
export function check<Ts>(property: fc.IPropertyWithHooks<Ts>, runs = 200): void {
  fc.assert(property, { numRuns: runs });
}

export async function checkAsync<Ts>(property: fc.IAsyncPropertyWithHooks<Ts>, runs: number): Promise<void> {
  await fc.assert(property, { numRuns: runs });
}
