import { expect } from 'vitest';
import { type ErrorCode, OrchestratorError } from '../../src/core/model/errors.js';

/** The error that `work` refuses with; fails when it does not, or with anything but an error of the product. */
export function refusal(work: () => unknown): OrchestratorError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(OrchestratorError);
    return error as OrchestratorError;
  }
  throw new Error('nothing was refused');
}

export async function refusalOf(work: Promise<unknown>): Promise<OrchestratorError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome, 'nothing was refused').toBeInstanceOf(OrchestratorError);
  return outcome as OrchestratorError;
}

/** Asserts the code, and that the message is one that a person can act on. */
export function expectRefusal(work: () => unknown, code: ErrorCode, ...words: string[]): void {
  const error = refusal(work);
  expect(error.code).toBe(code);
  for (const word of words) expect(error.message).toContain(word);
}
