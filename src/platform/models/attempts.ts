import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelProviderName } from '../../app/ports.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { type Redact, shortReason } from './redaction.js';

/** A service is asked so often at most, where it says that it may be asked again. */
const MOST_ATTEMPTS = 3;
/** Longer than this nobody waits for a service that asks for patience, ms. */
const LONGEST_WAIT = 60_000;
/** Waited before the second attempt where the service does not say how long; twice that before the third, ms. */
const FIRST_WAIT = 500;

export interface AttemptOptions {
  readonly provider: ModelProviderName;
  readonly label: string;
  readonly signal: AbortSignal;
  /** For one attempt, ms. */
  readonly timeout: number;
  readonly redact: Redact;
  /** How often it is asked at most, where it says that it may be asked again. */
  readonly most?: number;
}

/** The answer ended before it was whole. */
export class TruncatedError extends Error {}

/** The answer never came to an end. */
export class EndlessError extends Error {}

/** What the clients of both services throw for an answer that is an error. */
export interface ServiceError {
  /** HTTP status; absent where there was no answer. */
  readonly status?: number | undefined;
  readonly headers?: Headers | undefined;
  readonly message: string;
}

/**
 * Tries until there is an answer: again where the service is overloaded, limits the rate or broke off, after the time that
 * it asks for. Throws PROVIDER_UNAVAILABLE, TIMEOUT, and the signal's reason where it is aborted.
 */
export async function attempt<T>(work: (signal: AbortSignal) => Promise<T>, options: AttemptOptions): Promise<T> {
  const { signal, timeout, most = MOST_ATTEMPTS } = options;
  for (let made = 1; ; made += 1) {
    signal.throwIfAborted();
    const limit = AbortSignal.timeout(timeout);
    try {
      return await work(AbortSignal.any([signal, limit]));
    } catch (error) {
      signal.throwIfAborted();
      if (limit.aborted)
        throw new OrchestratorError(
          'TIMEOUT',
          `${options.label} did not answer within ${timeout / 1000} s. TM_MODEL_TIMEOUT sets how many seconds are waited.`,
          { provider: options.provider, reason: 'timeout' },
        );
      const wait = error instanceof EndlessError ? undefined : waitAfter(error as ServiceError, made);
      if (wait === undefined || made >= most) throw failureOf(error as ServiceError, options);
      await sleep(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** How long to wait before it is worth asking again, ms; undefined where it is not. */
function waitAfter({ status, headers }: ServiceError, made: number): number | undefined {
  const isPassing = status === undefined || status === 408 || status === 409 || status === 429 || status >= 500;
  if (!isPassing) return undefined;
  const asked = askedWait(headers);
  if (asked === undefined) return FIRST_WAIT * 2 ** (made - 1);
  return asked <= LONGEST_WAIT ? asked : undefined;
}

/** What the service asks for, ms. */
function askedWait(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  if (milliseconds && Number.isFinite(Number(milliseconds))) return Math.max(0, Number(milliseconds));
  const after = headers?.get('retry-after');
  if (!after) return undefined;
  const wait = Number.isFinite(Number(after)) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The failure in words for a person, without anything that was sent. */
function failureOf(error: ServiceError, { provider, label, redact }: AttemptOptions): OrchestratorError {
  const says = shortReason(error.message ?? '', redact);
  const { status } = error;
  const failed = (reason: string, message: string) =>
    new OrchestratorError('PROVIDER_UNAVAILABLE', `${label} ${message}`, {
      provider,
      reason,
      ...(status !== undefined && { status }),
    });
  if (error instanceof TruncatedError) return failed('truncated', 'broke off in the middle of its answer.');
  if (error instanceof EndlessError) return failed('endless', 'gave an answer that is far too long.');
  if (status === undefined) return failed('network', `could not be reached: ${causeOf(error, redact) || says}`);
  if (status === 401 || status === 403) return failed('key', `refused the key (${status}). Set one that is valid.`);
  if (status === 404) return failed('not found', `knows no such model or address (404): ${says}`);
  if (status === 429) return failed('rate limit', `limits how often it is asked (429)${waitWords(error)}`);
  if (status >= 500) return failed('overloaded', `cannot answer now (${status}): ${says}`);
  return failed('refused', `refused the question (${status}): ${says}`);
}

function waitWords({ headers }: ServiceError): string {
  const asked = askedWait(headers);
  if (asked === undefined || asked <= LONGEST_WAIT) return '.';
  return `, and wants to be left alone for ${Math.ceil(asked / 1000)} s; ${LONGEST_WAIT / 1000} s are waited at most.`;
}

/** What the system says of a connection that was not made: `connect ECONNREFUSED 127.0.0.1:1`. */
function causeOf(error: ServiceError, redact: Redact): string {
  const reasons: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && reasons.length < 4; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    reasons.push(
      typeof code === 'string' && !cause.message.includes(code) ? `${code} ${cause.message}` : cause.message,
    );
  }
  return shortReason(reasons.at(-1) ?? '', redact);
}
