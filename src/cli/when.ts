/** `2026-11-21 07:30:12`, UTC. */
export function clock(at: string): string {
  return at.slice(0, 19).replace('T', ' ');
}
