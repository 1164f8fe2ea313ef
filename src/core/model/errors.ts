/** Every code an error of the product can carry, on every surface. */
export const ERROR_CODES = [
  'NOT_FOUND',
  'AMBIGUOUS',
  'INVALID_INPUT',
  'INVALID_TRANSITION',
  'CYCLE',
  'CONFLICT',
  'LEASE_HELD',
  'DEPENDENCY_OPEN',
  'PERMISSION_DENIED',
  'EXECUTION_DISABLED',
  'PROVIDER_UNAVAILABLE',
  'TIMEOUT',
  'STORE_LOCKED',
  'STORE_CORRUPT',
  'SCHEMA_TOO_NEW',
  'SCHEMA_TOO_OLD',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * A refusal that a person or an agent can act on: what was wrong, with which value, what to do instead.
 * Nothing is half-done when one is thrown.
 */
export class OrchestratorError extends Error {
  readonly code: ErrorCode;
  /** Machine-readable facts, such as the cycle's path. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** A value that the model does not admit; `field` names where it was given. */
export class InvalidInputError extends OrchestratorError {
  constructor(field: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('INVALID_INPUT', message, { field, ...details });
  }
}

/** No task, dependency or reference answers to the given name. */
export class NotFoundError extends OrchestratorError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('NOT_FOUND', message, details);
  }
}

/** The store itself cannot serve: locked, damaged, too new, not writable. */
export class StoreError extends OrchestratorError {}
