import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Node's request as the web's, with its whole body; undefined where that is longer than `most` bytes. */
export async function toRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  base: string,
  most: number,
): Promise<Request | undefined> {
  const { method = 'GET', url = '/' } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? await bodyOf(incoming, most) : undefined;
  if (hasBody && !body) return undefined;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return new Request(new URL(url, base), { method, headers, signal: gone.signal, ...(body && { body }) });
}

async function bodyOf(incoming: IncomingMessage, most: number): Promise<Buffer<ArrayBuffer> | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > most) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Sends the web's response, as it comes. */
export async function writeResponse(outgoing: ServerResponse, response: Response): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (!response.body) {
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  const reader = response.body.getReader();
  outgoing.once('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done || outgoing.destroyed) break;
    if (!outgoing.write(value)) await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
  }
  outgoing.end();
}
