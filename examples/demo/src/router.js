import { AppError, badRequest, notFound } from './errors.js';

/**
 * @template C
 * @typedef {(context: C, params: Record<string, string>) => void | Promise<void>} Handler
 */

/**
 * Routes by method and path. Patterns are segments, either literal or `:name`; the first match in order of
 * registration wins.
 * @template C what a handler gets besides its parameters
 */
export class Router {
  /** @type {{ method: string, segments: string[], handler: Handler<C> }[]} */
  #routes = [];

  /**
   * @param {string} method
   * @param {string} pattern such as `/api/links/:slug`
   * @param {Handler<C>} handler
   */
  on(method, pattern, handler) {
    this.#routes.push({ method, segments: pattern.split('/').slice(1), handler });
    return this;
  }

  /**
   * @param {string} method
   * @param {string} path without the query
   * @returns {{ handler: Handler<C>, params: Record<string, string> }}
   */
  match(method, path) {
    const parts = path.split('/').slice(1).map(decode);
    const allowed = new Set();
    for (const route of this.#routes) {
      const params = matchSegments(route.segments, parts);
      if (!params) continue;
      if (route.method === method || (method === 'HEAD' && route.method === 'GET')) {
        return { handler: route.handler, params };
      }
      allowed.add(route.method);
    }
    if (allowed.size === 0) throw notFound(path);
    const allow = [...allowed].join(', ');
    // TODO: answer OPTIONS with CORS headers, for the browser extension.
    throw new AppError(405, 'METHOD_NOT_ALLOWED', `${method} is not allowed here; use ${allow}`, { allow });
  }
}

/**
 * @param {string[]} segments
 * @param {string[]} parts
 */
function matchSegments(segments, parts) {
  if (segments.length !== parts.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (segment.startsWith(':') && part !== '') params[segment.slice(1)] = part;
    else if (segment !== part) return null;
  }
  return params;
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest('the path is not valid percent-encoding');
  }
}
