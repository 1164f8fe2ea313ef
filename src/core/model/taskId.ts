/** A task's identity everywhere: 8 lower-case hexadecimal characters. */
export type TaskId = string;

/** How people call a task: `T-14`. */
export function taskName(number: number): string {
  return `T-${number}`;
}

/** What somebody typed to name a task, before it is looked up. */
export type TaskAddress =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'prefix'; readonly prefix: string }
  /** Digits only: a number first; the start of an id where no task has that number. */
  | { readonly kind: 'either'; readonly number: number; readonly prefix: string };

const MINIMUM_PREFIX = 3;

/**
 * Reads `1a2b3c4d`, a prefix of it (3 characters or more), `12`, `#12` or `T-12`.
 * Returns undefined for anything else, the empty string above all: no name never means "some task".
 */
export function parseTaskAddress(text: string): TaskAddress | undefined {
  const name = text.trim().toLowerCase();
  const numbered = /^(?:#|t-?)(\d{1,15})$/.exec(name);
  if (numbered) return { kind: 'number', number: Number(numbered[1]) };
  if (!/^[0-9a-f]{1,8}$/.test(name)) return undefined;
  const digits = /^\d+$/.test(name);
  if (digits && name.length < 8) {
    return name.length < MINIMUM_PREFIX
      ? { kind: 'number', number: Number(name) }
      : { kind: 'either', number: Number(name), prefix: name };
  }
  return name.length < MINIMUM_PREFIX ? undefined : { kind: 'prefix', prefix: name };
}
