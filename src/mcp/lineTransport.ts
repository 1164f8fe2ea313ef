import type { Readable, Writable } from 'node:stream';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/server';

/** A longer line is not read: bytes. */
export const LONGEST_LINE = 4 * 1024 * 1024;

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

/**
 * JSON-RPC over a pair of streams, a message a line. Unlike the SDK's own it answers what is no message with an error, and
 * gives requests their answers that were on the way when the input ended.
 */
export class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #open = new Set<string | number>();
  #chunks: Buffer[] = [];
  #size = 0;
  #isSkipping = false;
  #hasEnded = false;
  #isClosed = false;
  #tellClosed: () => void = () => undefined;
  /** Resolves once the other side is gone, or this one was closed. */
  readonly closed = new Promise<void>((done) => {
    this.#tellClosed = done;
  });

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  async start(): Promise<void> {
    this.#input.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#input.on('end', () => this.#end());
    this.#input.on('error', (error) => this.onerror?.(error));
    // Nobody listens any more.
    this.#output.on('error', () => void this.close());
  }

  send(message: JSONRPCMessage): Promise<void> {
    if ('id' in message && !('method' in message) && message.id !== undefined) this.#open.delete(message.id);
    return new Promise((done) => {
      const written = () => {
        done();
        this.#closeWhenAnswered();
      };
      if (this.#isClosed) written();
      else this.#output.write(serializeMessage(message), written);
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#input.pause();
    this.onclose?.();
    this.#tellClosed();
  }

  #read(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      const line = Buffer.concat(this.#chunks).toString('utf8').trim();
      const isTooLong = this.#isSkipping;
      this.#forget();
      this.#isSkipping = false;
      if (isTooLong) this.#refuse(INVALID_REQUEST, `The message is longer than ${LONGEST_LINE} bytes.`);
      else if (line !== '') this.#take(line);
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > LONGEST_LINE) {
      this.#forget();
      this.#isSkipping = true;
    } else if (!this.#isSkipping) this.#chunks.push(part);
  }

  #forget(): void {
    this.#chunks = [];
    this.#size = 0;
  }

  #take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      this.#refuse(PARSE_ERROR, 'This line is not JSON.');
      return;
    }
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      this.#refuse(INVALID_REQUEST, 'This is no JSON-RPC 2.0 message.', idOf(value));
      return;
    }
    // A subscription has no end of its own.
    if ('method' in message && 'id' in message && message.method !== 'subscriptions/listen') this.#open.add(message.id);
    if ('method' in message && message.method === 'notifications/cancelled') this.#forgetCancelled(message.params);
    this.onmessage?.(message);
  }

  /** A request that was cancelled gets no answer. */
  #forgetCancelled(params: unknown): void {
    const { requestId } = (params ?? {}) as { readonly requestId?: string | number };
    if (requestId !== undefined) this.#open.delete(requestId);
  }

  #refuse(code: number, message: string, id: string | number | null = null): void {
    if (!this.#isClosed) this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#closeWhenAnswered();
  }

  #closeWhenAnswered(): void {
    if (this.#hasEnded && this.#open.size === 0) void this.close();
  }
}

function idOf(value: unknown): string | number | null {
  const { id } = (typeof value === 'object' && value !== null ? value : {}) as { readonly id?: unknown };
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
