/** The smallest of some whole numbers first. */
export class NumberHeap {
  readonly #items: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#items = new Int32Array(capacity);
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  push(item: number): void {
    const items = this.#items;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as number;
      if (above <= item) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** Only of a heap that is not empty. */
  pop(): number {
    const items = this.#items;
    const top = items[0] as number;
    const size = --this.#size;
    const last = items[size] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (items[child + 1] as number) < (items[child] as number)) child += 1;
      const below = items[child] as number;
      if (last <= below) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
    return top;
  }
}

/** What comes first by its time; the smaller number among equals. */
export class TimeHeap {
  readonly #times: Float64Array;
  readonly #items: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#items = new Int32Array(capacity);
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Infinite of an empty heap. */
  get time(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  push(time: number, item: number): void {
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isAfter(parent, time, item)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#times[at] = time;
    this.#items[at] = item;
  }

  /** Only of a heap that is not empty. */
  pop(): number {
    const top = this.#items[0] as number;
    const size = --this.#size;
    const time = this.#times[size] as number;
    const item = this.#items[size] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const other = child + 1;
      if (other < size && this.#isAfter(child, this.#times[other] as number, this.#items[other] as number)) child += 1;
      if (this.#isAfter(child, time, item)) break;
      this.#move(child, at);
      at = child;
    }
    this.#times[at] = time;
    this.#items[at] = item;
    return top;
  }

  #isAfter(at: number, time: number, item: number): boolean {
    const own = this.#times[at] as number;
    return own > time || (own === time && (this.#items[at] as number) > item);
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] as number;
    this.#items[to] = this.#items[from] as number;
  }
}
