/** What an agent has to do, and what it has done today. */
export interface Work {
  /** Open tasks that are assigned to it. */
  readonly tasks: number;
  /** Their estimates together, hours. */
  readonly hours: number;
  readonly completedToday: number;
}

const PER_TASK = 10;
const PER_HOUR = 5;
const PER_COMPLETED = 5;
const FULL = 100;

/** The load without its limits, by which agents beyond the limit are still told apart. */
export function pressure({ tasks, hours, completedToday }: Work): number {
  return PER_TASK * tasks + PER_HOUR * hours - PER_COMPLETED * completedToday;
}

/** Load in percent, 0 to 100: `10·tasks + 5·hours − 5·completed today`, the formula of seed 000's tool. */
export function loadOf(work: Work): number {
  return Math.max(0, Math.min(FULL, pressure(work)));
}
