import { createServer } from 'node:http';
import { linksToCsv } from './csv.js';
import { AppError, badRequest } from './errors.js';
import { readJson, send, sendError, sendJson } from './http.js';
import { describe } from './log.js';
import { Router } from './router.js';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { KeyRing } from './auth.js' */
/** @import { Config } from './config.js' */
/** @import { Links } from './links.js' */
/** @import { Log } from './log.js' */
/** @import { RateLimiter } from './rateLimit.js' */
/** @import { ClickCounter } from './stats.js' */
/** @import { Link } from './store.js' */

/**
 * @typedef {object} Services
 * @property {Config} config
 * @property {Links} links
 * @property {KeyRing} keys
 * @property {RateLimiter} limiter
 * @property {ClickCounter} clicks
 * @property {Log} log
 */

/** @typedef {{ request: IncomingMessage, response: ServerResponse, query: URLSearchParams }} Context */

/** @param {Services} services */
export function createHttpServer(services) {
  const { limiter, log } = services;
  const router = createRouter(services);
  return createServer(async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const [path = '/', search = ''] = url.split('?', 2);
    try {
      const wait = limiter.take(clientOf(request));
      if (wait > 0) {
        throw new AppError(429, 'RATE_LIMITED', `too many requests; wait ${wait} s`, { 'retry-after': String(wait) });
      }
      const { handler, params } = router.match(method, path);
      await handler({ request, response, query: new URLSearchParams(search) }, params);
    } catch (error) {
      if (!(error instanceof AppError)) log('error', 'request failed', { method, path, error: describe(error) });
      sendError(response, error);
    }
    log('info', 'request', { method, path, status: response.statusCode });
  });
}

/** @param {Services} services */
function createRouter({ config, links, keys, clicks }) {
  /** @param {Context} context */
  const ownerOf = ({ request }) => keys.authenticate(request.headers.authorization).id;
  /** @param {Link} link */
  const present = ({ owner: _, ...link }) => ({ ...link, shortUrl: `${config.baseUrl}/${link.slug}` });

  /** @type {Router<Context>} */
  const router = new Router();
  return router
    .on('GET', '/healthz', ({ response }) => {
      // TODO: report a full disk as unhealthy; "ok" only says that the process answers.
      sendJson(response, 200, { status: 'ok' });
    })
    .on('POST', '/api/links', async (context) => {
      const owner = ownerOf(context);
      const link = await links.create(await readJson(context.request, config.maxBodyBytes), owner);
      sendJson(context.response, 201, present(link), { location: `/api/links/${link.slug}` });
    })
    .on('GET', '/api/links', (context) => {
      sendJson(context.response, 200, { links: links.list(ownerOf(context)).map(present) });
    })
    .on('GET', '/api/links/:slug', (context, { slug = '' }) => {
      sendJson(context.response, 200, present(links.owned(slug, ownerOf(context))));
    })
    .on('DELETE', '/api/links/:slug', async (context, { slug = '' }) => {
      await links.remove(slug, ownerOf(context));
      context.response.writeHead(204).end();
    })
    .on('GET', '/api/links/:slug/stats', (context, { slug = '' }) => {
      links.owned(slug, ownerOf(context));
      sendJson(context.response, 200, { slug, ...clicks.report(slug, daysOf(context.query)) });
    })
    .on('GET', '/api/export.csv', (context) => {
      const total = (/** @type {string} */ slug) => clicks.report(slug, 30).total;
      const csv = linksToCsv(links.list(ownerOf(context)), config.baseUrl, total);
      send(context.response, 200, 'text/csv; charset=utf-8', csv);
    })
    .on('GET', '/:slug', ({ request, response }, { slug = '' }) => {
      const link = links.resolve(slug);
      if (request.method === 'GET') clicks.hit(slug);
      response.writeHead(302, { location: link.url, 'cache-control': 'private, max-age=0' }).end();
    });
}

/** @param {IncomingMessage} request */
function clientOf(request) {
  // TODO: behind a reverse proxy every client has the proxy's address; read X-Forwarded-For from trusted proxies.
  return request.socket.remoteAddress ?? 'unknown';
}

/** @param {URLSearchParams} query */
function daysOf(query) {
  const days = Number(query.get('days') ?? 30);
  if (!Number.isInteger(days) || days < 1 || days > 366) throw badRequest('days must be from 1 to 366');
  return days;
}
