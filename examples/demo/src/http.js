import { AppError, badRequest } from './errors.js';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */

/**
 * @param {IncomingMessage} request
 * @param {number} maxBytes
 * @returns {Promise<Record<string, unknown>>} the body, which must be a JSON object
 */
export async function readJson(request, maxBytes) {
  // TODO: refuse other content types than application/json with 415.
  const tooLarge = () =>
    new AppError(413, 'TOO_LARGE', `the body is larger than ${maxBytes} bytes`, { connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  } catch {
    // Falls through to the same answer as a body that is no object.
  }
  throw badRequest('the body must be a JSON object');
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
export function sendJson(response, status, body, headers = {}) {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`, headers);
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {string} type
 * @param {string} text
 * @param {Record<string, string>} [headers]
 */
export function send(response, status, type, text, headers = {}) {
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, { 'content-type': type, 'content-length': length, ...headers }).end(text);
}

/**
 * Answers with an error: an AppError in its own words, anything else as a bare 500.
 * @param {ServerResponse} response
 * @param {unknown} error
 */
export function sendError(response, error) {
  const known = error instanceof AppError ? error : new AppError(500, 'INTERNAL', 'something went wrong on our side');
  if (response.headersSent) response.destroy();
  else sendJson(response, known.status, { error: { code: known.code, message: known.message } }, known.headers);
}
