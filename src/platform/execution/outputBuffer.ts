/** The beginning of what a program wrote on one stream, as far as it is kept. */
export class OutputBuffer {
  readonly #limit: number;
  readonly #parts: Buffer[] = [];
  #size = 0;
  /** All that was written, bytes. */
  total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get truncated(): boolean {
    return this.total > this.#size;
  }

  /** Keeps what there is room for, and returns that. */
  add(data: Buffer): Buffer {
    const kept = data.subarray(0, this.#limit - this.#size);
    this.total += data.length;
    this.#size += kept.length;
    if (kept.length > 0) this.#parts.push(kept);
    return kept;
  }

  /**
   * As text: what is no UTF-8 is shown as U+FFFD, as is NUL, which SQLite's texts end at. A character that the limit cut in
   * two is left out.
   */
  text(): string {
    const bytes = Buffer.concat(this.#parts);
    const whole = this.truncated ? bytes.subarray(0, endOfCharacters(bytes)) : bytes;
    return whole.toString('utf8').replaceAll('\0', '\uFFFD');
  }
}

/** Where the last whole character of UTF-8 ends; the very end where the last bytes are none anyway. */
function endOfCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
