import { InvalidInputError } from './errors.js';

/**
 * The address of an OpenAI-compatible service, without a slash at its end. Throws INVALID_INPUT for what is no http
 * address, and for one that holds a name and password: addresses are shown and written down, keys are not.
 */
export function checkModelAddress(text: string, field = 'base_url'): string {
  let url: URL | undefined;
  try {
    url = new URL(text.trim());
  } catch {
    // Said below.
  }
  if (!url || !/^https?:$/.test(url.protocol))
    throw new InvalidInputError(
      field,
      `“${withoutCredentials(text)}” is no address: write http://localhost:11434/v1 or https://….`,
    );
  if (url.username !== '' || url.password !== '')
    throw new InvalidInputError(
      field,
      `${withoutCredentials(text)} has a name or password in it. Give the address without them, and the key in TM_MODEL_API_KEY.`,
    );
  if (url.search !== '' || url.hash !== '')
    throw new InvalidInputError(field, `${url.origin}${url.pathname} must not have a query or a fragment (? or #).`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Text in which no address holds a name and password. */
export function withoutCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s?#]*@/gi, '$1[removed]@');
}
