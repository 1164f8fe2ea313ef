import { type ErrorCode, type OrchestratorError, StoreError } from '../core/model/errors.js';

/** What `tm` exits with: 0 done, 1 refused, 2 usage, 3 not found, 4 conflict or lease, 5 store. */
export const EXIT = { done: 0, refused: 1, usage: 2, notFound: 3, conflict: 4, store: 5 } as const;

const BY_CODE: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: EXIT.usage,
  NOT_FOUND: EXIT.notFound,
  AMBIGUOUS: EXIT.notFound,
  CONFLICT: EXIT.conflict,
  LEASE_HELD: EXIT.conflict,
  STORE_LOCKED: EXIT.store,
  STORE_CORRUPT: EXIT.store,
  SCHEMA_TOO_NEW: EXIT.store,
  SCHEMA_TOO_OLD: EXIT.store,
  PERMISSION_DENIED: EXIT.refused,
  INVALID_TRANSITION: EXIT.refused,
  CYCLE: EXIT.refused,
  DEPENDENCY_OPEN: EXIT.refused,
  EXECUTION_DISABLED: EXIT.refused,
  PROVIDER_UNAVAILABLE: EXIT.refused,
  TIMEOUT: EXIT.refused,
};

/** Permission is denied by the project's rules, or by the operating system: then it is the store that cannot serve. */
export function exitCodeOf(error: OrchestratorError): number {
  return error.code === 'PERMISSION_DENIED' && error instanceof StoreError ? EXIT.store : BY_CODE[error.code];
}
