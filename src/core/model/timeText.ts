/** A UTC ISO time for a person, to the minute: `2026-11-21 07:30`. */
export function toMinute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

/** The same to the second: `2026-11-21 07:30:12`. */
export function toSecond(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
