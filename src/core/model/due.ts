/**
 * The moment after which a task is late (UTC ISO 8601): a due time that is a midnight was given as a date, and lasts
 * until the end of that day. Undefined for what is no time; another program may have written anything.
 */
export function dueMoment(due: string | undefined): string | undefined {
  const time = due === undefined ? Number.NaN : Date.parse(due);
  if (Number.isNaN(time)) return undefined;
  const day = time % DAY === 0 ? DAY : 0;
  return new Date(time + day).toISOString();
}

const DAY = 86_400_000;
