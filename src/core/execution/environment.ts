import { InvalidInputError } from '../model/errors.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** What every run sees of the environment that it is started in; the rest it does not. */
const ALLOWED = ['PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ'] as const;
/** Without these no program starts on Windows. */
const ALLOWED_ON_WINDOWS = ['SystemRoot', 'SystemDrive', 'ComSpec', 'PATHEXT', 'WINDIR'] as const;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names that say that a secret is in them, and our own settings, among which is the key of an encrypted store. */
const SECRET = /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH)(_|$)/i;
const OWN = /^TM_/i;

/** Checks names of variables that a call wants to be passed on. Throws INVALID_INPUT for one that is none or is refused. */
export function checkVariableNames(names: readonly string[]): void {
  for (const name of names) {
    if (!NAME.test(name))
      throw new InvalidInputError('environment', `“${name}” is no name of an environment variable.`);
    if (OWN.test(name) || SECRET.test(name))
      throw new InvalidInputError(
        'environment',
        `${name} is not passed on: its name says that a secret or a setting of tm is in it. Let the code read what it needs from a file.`,
        { name },
      );
  }
}

/** The environment of a run: what is allowed of the one around it, what the call names, and a home that is thrown away. */
export function runEnvironment(
  around: Variables,
  names: readonly string[],
  { home, temporary, windows = false }: { home: string; temporary: string; windows?: boolean },
): Record<string, string> {
  const taken = [...ALLOWED, ...(windows ? ALLOWED_ON_WINDOWS : []), ...names];
  const environment: Record<string, string> = {};
  for (const name of taken) {
    const value = around[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    LANG: 'C.UTF-8',
    ...environment,
    HOME: home,
    ...(windows && { USERPROFILE: home, TEMP: temporary, TMP: temporary }),
    TMPDIR: temporary,
  };
}
