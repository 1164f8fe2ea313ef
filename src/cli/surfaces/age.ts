const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago a moment was, in its largest unit: `3 days`, `1 hour`, `less than a minute`. */
export function ageOf(moment: string, now: string): string {
  const age = Math.abs(Date.parse(now) - Date.parse(moment));
  for (const [name, ms] of UNITS) {
    const count = Math.floor(age / ms);
    if (count > 0) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}
