import { InvalidInputError } from '../model/errors.js';
import type { CodeLanguage } from './language.js';
import { LIMITS } from './limits.js';

/** By PEP 508, without addresses, options and markers: `requests`, `requests[socks]==2.32.3`. */
const PYTHON =
  /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(\[[A-Za-z0-9._,-]+\])?((===|==|~=|!=|<=|>=|<|>)[A-Za-z0-9.*+!_-]+)?$/;
/** A name of the registry with a version or range: `lodash`, `@scope/name@^1.2.0`. */
const NPM = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*(@[A-Za-z0-9^~<>=][A-Za-z0-9.^~<>=+-]*)?$/;

/**
 * Checks the packages of a run: names with versions only, so that none of them is an option, a path or an address. Throws
 * INVALID_INPUT, also for a language that has none.
 */
export function checkPackages(language: CodeLanguage, packages: readonly string[]): void {
  if (packages.length === 0) return;
  const form = { python: PYTHON, javascript: NPM, typescript: NPM, bash: undefined, sql: undefined }[language];
  if (!form) throw new InvalidInputError('packages', `${language} has no packages: leave them out.`);
  if (packages.length > LIMITS.packages)
    throw new InvalidInputError(
      'packages',
      `${packages.length} packages are more than the ${LIMITS.packages} of a run.`,
    );
  const wrong = packages.find((name) => name.length > 214 || !form.test(name));
  if (wrong !== undefined)
    throw new InvalidInputError(
      'packages',
      `“${wrong}” is no package with a version, such as ${language === 'python' ? 'requests==2.32.3' : 'lodash@4.17.21'}. Paths, addresses and options are not taken.`,
    );
}
