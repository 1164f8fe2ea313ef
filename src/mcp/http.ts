import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { InvalidInputError } from '../core/model/errors.js';
import type { Host } from './host.js';
import { log } from './log.js';
import { onNotice } from './notices.js';
import { createServer, type ServerOptions } from './server.js';
import { toRequest, writeResponse } from './webMessages.js';

const LOOPBACK = '127.0.0.1';
export const ENDPOINT = '/mcp';
/** A longer request is refused: bytes. */
const LONGEST_BODY = 4 * 1024 * 1024;
/** Sessions at once, and how long one that says nothing is kept, ms. */
const MOST_SESSIONS = 64;
const SESSION_IDLE = 60 * 60_000;
/** A connection that is kept for the next request: a client that thinks meanwhile must not find it closed as it writes, ms. */
const CONNECTION_IDLE = 5 * 60_000;
const SESSION_HEADER = 'mcp-session-id';

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  seen: number;
}

/**
 * Serves streamable HTTP on loopback until `ended`: only to those who know the token, and never to a page in a browser that
 * another place sent.
 */
export async function serveHttp(host: Host, options: ServerOptions, port: number, ended: Promise<void>): Promise<void> {
  const given = process.env.TM_MCP_TOKEN?.trim();
  const token = given || randomBytes(24).toString('base64url');
  const sessions = new Sessions(host, options);
  // Since 2026-07-28 there are no sessions: each request stands for itself.
  const modern = createMcpHandler(() => createServer(host, options, 'none'), {
    legacy: 'reject',
    maxRequestBodySize: LONGEST_BODY,
    onerror: (error) => log(error.message),
  });
  const endNotices = onNotice(host, ({ updated, list }) => {
    for (const uri of updated) modern.notify.resourceUpdated(uri);
    if (list) modern.notify.resourcesChanged();
  });
  const http = createHttpServer((request, response) => {
    const { port } = http.address() as AddressInfo;
    answer(request, response, { token, port, sessions, modern }).catch((error: unknown) => {
      log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      if (!response.headersSent) refuse(response, 500, 'Something went wrong in the server.');
      else response.destroy();
    });
  });
  http.keepAliveTimeout = CONNECTION_IDLE;
  await new Promise<void>((done, fail) => {
    http.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      fail(
        new InvalidInputError('port', `Port ${port} cannot be listened on (${code ?? message}). Choose another one.`),
      ),
    );
    http.listen(port, LOOPBACK, done);
  });
  log(`listening on http://${LOOPBACK}:${(http.address() as AddressInfo).port}${ENDPOINT}`);
  log(given ? 'the token is that of TM_MCP_TOKEN' : `token: ${token}`);
  await ended;
  endNotices();
  await modern.close();
  await sessions.close();
  http.closeAllConnections();
  await new Promise((done) => http.close(done));
}

interface Serving {
  readonly token: string;
  readonly port: number;
  readonly sessions: Sessions;
  readonly modern: McpHttpHandler;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const refusal = refusalOf(request, serving);
  if (refusal) {
    // Read and thrown away: who is cut off in the middle of a question may not get the answer.
    request.resume();
    refuse(response, ...refusal);
    return;
  }
  const asked = await toRequest(request, response, `http://${LOOPBACK}:${serving.port}`, LONGEST_BODY);
  if (!asked) {
    request.resume();
    refuse(response, 413, `A request has at most ${LONGEST_BODY} bytes.`);
    return;
  }
  const { sessions, modern } = serving;
  const isOld = asked.headers.has(SESSION_HEADER) || (await isLegacyRequest(asked));
  await writeResponse(response, isOld ? await sessions.answer(asked) : await modern.fetch(asked));
}

/** Why a request is not served: the status and what to say; undefined where it is. */
function refusalOf({ url, headers }: IncomingMessage, { token, port }: Serving): [number, string] | undefined {
  const places = [LOOPBACK, 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  const { host = '', origin, authorization = '' } = headers;
  // A name that was made to point here is how a page of another place would come in.
  if (!places.includes(host.toLowerCase())) return [403, 'This server is for programs of this machine: wrong Host.'];
  if (origin !== undefined && !places.some((place) => origin.toLowerCase() === `http://${place}`))
    return [403, 'Pages of other places are not served: wrong Origin.'];
  if (new URL(url ?? '/', 'http://localhost').pathname !== ENDPOINT) return [404, `There is only ${ENDPOINT}.`];
  if (!isSame(authorization, `Bearer ${token}`))
    return [401, 'Give the token that the server printed: Authorization: Bearer TOKEN.'];
  return undefined;
}

/** Takes as long for a wrong secret as for the right one. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const error = { jsonrpc: '2.0', id: null, error: { code: -32_000, message } };
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  });
  response.end(JSON.stringify(error));
}

/** The connections of clients that begin one with `initialize`, as it was before 2026-07-28. */
class Sessions {
  readonly #host: Host;
  readonly #options: ServerOptions;
  readonly #open = new Map<string, Session>();
  readonly #sweep: NodeJS.Timeout;

  constructor(host: Host, options: ServerOptions) {
    this.#host = host;
    this.#options = options;
    this.#sweep = setInterval(() => this.#forgetIdle(), SESSION_IDLE / 4).unref();
  }

  async answer(request: Request): Promise<Response> {
    const id = request.headers.get(SESSION_HEADER);
    if (id !== null) {
      const session = this.#open.get(id);
      if (!session) return failure(404, 'There is no such session any more: begin a new one.');
      session.seen = Date.now();
      return session.transport.handleRequest(request);
    }
    if (this.#open.size >= MOST_SESSIONS) this.#forgetOldest();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomBytes(18).toString('base64url'),
      maxRequestBodySize: LONGEST_BODY,
      onsessioninitialized: (name) => void this.#open.set(name, { transport, seen: Date.now() }),
      onsessionclosed: (name) => void this.#open.delete(name),
    });
    const server = createServer(this.#host, this.#options, 'subscribed');
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    // What is no initialisation was refused, and nobody will come back to it.
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#open.values()].map(({ transport }) => transport.close()));
    this.#open.clear();
  }

  #forgetIdle(): void {
    for (const [id, { seen }] of this.#open) if (Date.now() - seen > SESSION_IDLE) this.#forget(id);
  }

  #forgetOldest(): void {
    const [oldest] = [...this.#open].sort(([, a], [, b]) => a.seen - b.seen);
    if (oldest) this.#forget(oldest[0]);
  }

  #forget(id: string): void {
    const session = this.#open.get(id);
    this.#open.delete(id);
    void session?.transport.close();
  }
}

function failure(status: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32_001, message } }, { status });
}
