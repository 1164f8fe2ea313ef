import { isCancel } from '@clack/prompts';

/** Thrown where the person leaves: nothing of what was being asked is written. */
export class Left extends Error {}

/** An answer, or the end of it. */
export function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Left();
  return answer as Exclude<T, symbol>;
}

/** What is wrong with a value, for a prompt; undefined if nothing is. */
export function complaint(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}
